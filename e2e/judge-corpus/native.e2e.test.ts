import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { findCgroups } from '#adapters/sandbox-native/cgroup'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { corpusSlots, corpusSuite } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-corpus-boxes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Which version there is, is the machine's: one whose memory controller is held by version 1 has none of version 2. */
const cgroups = findCgroups(process.getuid?.() === 0)
const kind = 'missing' in cgroups ? cgroups.missing : `control groups of version ${cgroups.version}`
corpusSuite(`the native sandbox (${kind})`, () => openTestSandbox(folder, corpusSlots), noTestSandbox)
