import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'
import { type Box, type Sandbox, SandboxFault } from '#ports/sandbox'
import { openCores } from './runner/cores.ts'
import { boxIn } from './sandbox-docker/box.ts'
import type { Container } from './sandbox-docker/container.ts'
import { type Engine, type EngineFacts, openEngine } from './sandbox-docker/engine.ts'
import { type ImageSource, imageState } from './sandbox-docker/images.ts'
import { type ContainerPair, type Makers, openMakers } from './sandbox-docker/makers.ts'
import { pairIn } from './sandbox-docker/pair.ts'
import { openPairs } from './sandbox-docker/pairs.ts'
import { openPool, type Pool } from './sandbox-docker/pool.ts'
import { selfCheck } from './sandbox-docker/self-check.ts'
import { openTurns } from './sandbox-docker/turns.ts'

/**
 * Boxes made of containers: one a submission, warm from a pool, removed afterwards. Inside, the runner (runner/README.md) is PID 1 and does for each
 * run what it does in the native sandbox; the worker speaks with it over the attached pipes. What a container may is `container-config.ts`; who
 * removes what is left behind is `owner.ts`.
 *
 * An engine that goes away is met at the next call: runs in hand fail with `retry: 'now'`, whatever needs the engine with 'later'. Nothing here
 * waits for it to come back; who opened the sandbox closes it and opens another.
 */
export type DockerSandboxOptions = {
  /** `unix:///path` or `tcp://host:port`. */
  readonly host: string
  /** Programs judged at once: for so many containers wait ready. Of boxes there are two for each, since a checker has one of its own; further `open` calls wait. */
  readonly slots: number
  /** What the images should be made of; one that is missing or stale is not used. */
  readonly images: readonly ImageSource[]
  /** Language id → its image, and the command that prints the toolchain's version there. */
  readonly probes: Readonly<Record<string, { readonly image: string; readonly command: readonly string[] }>>
  /** Images without which there is no use in opening. */
  readonly needed: readonly string[]
  /** Undefined: the engine's default. */
  readonly runtime?: string | undefined
  /** By what its containers are known. Default: a random word. */
  readonly owner?: string
  readonly clock: Clock
  readonly log: Log
}

/** Beside those in use, containers wait, and others are being removed: all have uids of their own, 256 pairs. */
const mostSlots = 64

/** @throws SandboxFault with one line for the operator. */
export async function openDockerSandbox(options: DockerSandboxOptions): Promise<Sandbox> {
  const { host, slots, runtime } = options
  if (slots < 1 || slots > mostSlots) throw new SandboxFault(`a sandbox needs 1 to ${mostSlots} slots`, 'never')
  const engine = openEngine(host)
  const facts = await engine.facts()
  if (runtime !== undefined && !facts.runtimes.includes(runtime))
    throw new SandboxFault(`the engine has no runtime ${runtime} (ARENA_DOCKER_RUNTIME); it has ${facts.runtimes.join(', ')}`, 'later')
  const images = await currentImages(engine, options)
  const makers = await openMakers(engine, options)
  try {
    const { toolchains, tried } = await tryImages(makers, images, options)
    return sandboxOver({ facts, options, makers, images: [...tried.keys()], toolchains, tried })
  } catch (error) {
    await makers.close()
    throw error
  }
}

/** What is there and current. @throws SandboxFault when something needed is not. */
async function currentImages(engine: Engine, { images, needed, log }: DockerSandboxOptions): Promise<readonly string[]> {
  const states = await Promise.all(images.map(async (source) => ({ name: source.name, state: await imageState(engine, source) })))
  const lacking = states.filter(({ name, state }) => needed.includes(name) && state !== 'current')
  const stale = states.filter(({ state }) => state === 'stale').map(({ name }) => name)
  if (lacking.length > 0)
    throw new SandboxFault(`${lacking.map(({ name, state }) => `the judge image ${name} is ${state}`).join(', ')}: npm run arena -- images build`, 'later')
  if (stale.length > 0) log.warn({ images: stale }, 'these judge images were built from another version and are not used: npm run arena -- images build')
  return states.filter(({ state }) => state === 'current').map(({ name }) => name)
}

type Tried = ReadonlyMap<string, Container>

/** One container of each image: does it hold what is promised, and which toolchains are in it? As good as new afterwards, it waits for its box. */
async function tryImages(makers: Makers, images: readonly string[], { probes, log }: DockerSandboxOptions) {
  const found: Record<string, string> = {}
  const tried = new Map<string, Container>()
  try {
    for (const image of images) {
      const container = await makers.make(image)
      tried.set(image, container)
      if (tried.size === 1) await selfCheck(container.session, { testUid: container.testUid, hasFilter: makers.hasFilter })
      for (const [language, probe] of Object.entries(probes)) {
        if (probe.image !== image) continue
        const { outcome, exitCode, stdout } = await container.session.run({ argv: probe.command, limits: probeLimits, keepFiles: false })
        const version = Buffer.from(stdout).toString().trim().split('\n')[0] ?? ''
        if (outcome === 'exited' && exitCode === 0 && version !== '') found[language] = version
        else log.warn({ image, language, outcome, exitCode }, 'the image has no such toolchain')
      }
    }
  } catch (error) {
    for (const container of tried.values()) container.discard()
    throw error
  }
  return { toolchains: found, tried }
}
const probeLimits = {
  cpu: seconds(10),
  wall: seconds(20),
  memory: mebibytes(1024),
  processes: 256,
  output: bytes(4096),
  stderr: bytes(4096),
  files: mebibytes(1),
}

type Parts = {
  readonly facts: EngineFacts
  readonly options: DockerSandboxOptions
  readonly makers: Makers
  readonly images: readonly string[]
  readonly toolchains: Readonly<Record<string, string>>
  readonly tried: Tried
}

function sandboxOver({ facts, options: { slots, clock, log, runtime, host }, makers, images, toolchains, tried }: Parts): Sandbox {
  const pool: Pool<Container> = openPool({ images, slots, make: makers.make, clock, log, first: tried })
  const turns = openTurns(2 * slots)
  const cores = openCores()
  const pairs = openPairs({ make: makers.makePair, mostWaiting: slots, clock })
  const boxes = new Set<Pick<Box, 'close'>>()
  const afterwards = openAfterwards(clock)
  let closed: Promise<void> | undefined
  log.info(
    { owner: makers.owner, engine: facts.version, host, cgroups: facts.cgroupVersion, runtime: runtime ?? 'default', slots, images, toolchains },
    'the Docker sandbox is ready',
  )
  const close = async () => {
    await Promise.all([...boxes].map((box) => box.close()))
    pairs.close() // before what was left for later is begun: nothing is made ahead any more
    afterwards.now()
    pool.close()
    await makers.close()
  }
  const isOpen = () => {
    if (closed !== undefined) throw new SandboxFault('the sandbox is closed', 'never')
  }
  const mustHave = (image: string | undefined): string => {
    isOpen()
    if (image !== undefined && images.includes(image)) return image
    throw new SandboxFault(`the judge image ${image} is not there: npm run arena -- images build ${image}`, 'later')
  }
  /** In its turn. What `clear` does is done when the box is closed, a moment later if that can wait. */
  const openBox = async <B extends Pick<Box, 'close'>, C>(steps: OpenSteps<B, C>, signal: AbortSignal | undefined): Promise<B> => {
    const leave = await turns.enter(signal)
    let container: C
    try {
      isOpen()
      container = await steps.take()
    } catch (error) {
      leave()
      throw error
    }
    const box = steps.boxIn(container, (wasAtWork) => {
      boxes.delete(box)
      leave()
      const clear = () => steps.clear(container)
      if (wasAtWork || closed !== undefined) clear()
      else afterwards.do(clear)
    })
    boxes.add(box)
    if (closed !== undefined) await box.close()
    isOpen()
    return box
  }
  return {
    name: 'docker',
    contains: 'untrusted',
    toolchains,
    warm: pool.waiting,
    async open({ image: asked = images[0], signal } = {}) {
      const image = mustHave(asked)
      const clear = (container: Container) => {
        pool.closed()
        container.discard()
      }
      return await openBox({ take: () => pool.take(image, signal), boxIn: (container, onClose) => boxIn(container, cores, onClose), clear }, signal)
    },
    async openPair({ image: asked = images[0], interactorImage: other = asked, signal } = {}) {
      const [image, interactorImage] = [mustHave(asked), mustHave(other)]
      const clear = (pair: ContainerPair) => {
        for (const container of pair) container.discard()
        pairs.prepare(image, interactorImage)
      }
      return await openBox({ take: () => pairs.take(image, interactorImage), boxIn: (pair, onClose) => pairIn(pair, cores, onClose), clear }, signal)
    },
    close: () => (closed ??= close()),
  }
}

type OpenSteps<B, C> = {
  readonly take: () => Promise<C>
  readonly boxIn: (container: C, onClose: (wasAtWork: boolean) => void) => B
  readonly clear: (container: C) => void
}

/** After a box was closed its verdict is on its way: removing its container and making the next leave it the machine for a moment. */
const momentMs = ms(50)

/** Work that is done a moment later. */
function openAfterwards(clock: Clock) {
  const waiting = new Map<() => void, () => void>()
  return {
    do(work: () => void) {
      const begin = () => {
        waiting.delete(work)
        work()
      }
      waiting.set(work, clock.after(momentMs, begin))
    },
    /** All that waits is begun. */
    now() {
      for (const [work, cancel] of waiting) {
        cancel()
        work()
      }
      waiting.clear()
    },
  }
}
