import { existsSync } from 'node:fs'
import { ownNode, probesOf } from '#adapters/host-toolchains'
import { openNativeSandbox } from '#adapters/sandbox-native'
import { languages, nodeFolder } from '#contracts/languages'
import { silentLog } from '#ports/log'
import type { Sandbox } from '#ports/sandbox'

const toolchains = [ownNode(nodeFolder)]

/** A real sandbox for tests that judge real programs, with every toolchain of this machine. */
export const openTestSandbox = (workRoot: string, slots = 1): Promise<Sandbox> =>
  openNativeSandbox({ slots, workRoot, log: silentLog, toolchains, probes: probesOf(languages, toolchains) })

/** Why there is none here; false where there is. */
export const noTestSandbox: string | false =
  process.platform !== 'linux' || !existsSync('/usr/bin/bwrap') ? 'needs Linux with bubblewrap' : existsSync('/usr/bin/g++') ? false : 'g++ is not installed'
