import { access, constants, mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { systemClock } from '#adapters/clock-system'
import { offerLinker, ownNode, probesOf } from '#adapters/host-toolchains'
import { ensurePrecompiledHeaders } from '#adapters/precompiled-headers'
import { openDockerSandbox } from '#adapters/sandbox-docker'
import { openNativeSandbox } from '#adapters/sandbox-native'
import { mostSlots } from '#adapters/sandbox-native/host'
import { languages, linkerFolder, nodeFolder, preparedFolder } from '#contracts/languages'
import type { Config } from '#kit/config'
import type { Log } from '#kit/log'
import { type Sandbox, SandboxFault } from '#ports/sandbox'
import { judgeImages } from './judge-images.ts'

/**
 * Which sandbox programs are judged in. `auto`: Docker where an engine answers and holds the images of what everybody writes (C++ and Python), built from
 * this very version; else bubblewrap; else none, with one line that says what is missing on both sides. It is never chosen silently: the log and
 * the status page name it.
 */
const neededImages = ['cpp-judge', 'python-judge']

/** @throws SandboxFault with one line for the operator. */
export async function openSandbox(config: Config, log: Log): Promise<Sandbox> {
  if (config.sandbox === 'docker') return await openDocker(config, log)
  if (config.sandbox === 'native') return await openNative(config, log)
  const docker = await attempt(openDocker(config, log))
  if (!(docker instanceof SandboxFault)) return docker
  const native = await attempt(openNative(config, log))
  if (native instanceof SandboxFault) throw new SandboxFault(`there is no sandbox. Docker: ${docker.message}. Without it: ${native.message}`, 'later', native)
  log.info({ reason: docker.message }, 'Docker is not used')
  return native
}

const attempt = (opening: Promise<Sandbox>): Promise<Sandbox | SandboxFault> =>
  opening.catch((error: unknown) => {
    if (error instanceof SandboxFault) return error
    throw error
  })

const programsAtOnce = (config: Config) => config.judgeSlots ?? availableParallelism()

/**
 * Two for each judging, the participant's (or a pair that talks) and the checker's, so that none waits for a box while it holds one that another waits for;
 * and one in which the next is made while others work.
 */
const boxesAtOnce = (config: Config) => Math.min(2 * programsAtOnce(config) + 1, mostSlots)

const openDocker = (config: Config, log: Log): Promise<Sandbox> =>
  openDockerSandbox({
    host: config.dockerHost,
    slots: programsAtOnce(config),
    images: judgeImages(),
    needed: neededImages,
    probes: Object.fromEntries(languages.map(({ id, image, probe }) => [id, { image, command: probe }])),
    runtime: config.dockerRuntime,
    clock: systemClock,
    log,
  })

async function openNative(config: Config, log: Log): Promise<Sandbox> {
  const prepared = { folder: await toolchainCache(config), at: preparedFolder }
  await offerLinker(join(prepared.folder, basename(linkerFolder)))
  const toolchains = [prepared, ownNode(nodeFolder)]
  const sandbox = await openNativeSandbox({
    slots: boxesAtOnce(config),
    workRoot: resolve(config.dataDir, 'sandbox'),
    log,
    toolchains,
    probes: probesOf(languages, toolchains),
  })
  // not waited for: until they are there, programs compile without
  void ensurePrecompiledHeaders(prepared.folder, headerSets(), log)
  return sandbox
}

/** Beside the packages, where all arenas of this checkout share it; in the data folder where the checkout may not be written (an image). */
async function toolchainCache(config: Config): Promise<string> {
  const shared = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'arena-toolchain')
  const own = resolve(config.dataDir, 'toolchain')
  const made = await mkdir(shared, { recursive: true, mode: 0o755 })
    .then(() => access(shared, constants.W_OK))
    .then(
      () => shared,
      () => own,
    )
  await mkdir(made, { recursive: true, mode: 0o755 })
  return made
}

const headerSets = () =>
  languages.flatMap(({ headersAhead, compile }) =>
    headersAhead && compile?.[0] ? [{ name: headersAhead.folder, compiler: compile[0], flags: headersAhead.flags, headers: headersAhead.headers }] : [],
  )
