import { createReadStream } from 'node:fs'
import { type Box, type BoxFile, type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { type Dialogue, openDialogue, type Wire } from './dialogue.ts'
import { decideEnding, type RunFacts, resultOf, type StopReason } from './outcome.ts'
import {
  inputFrame,
  type JoinRequest,
  joinFrame,
  killFrame,
  listFrame,
  parseList,
  pieceBytes,
  pieceFrame,
  putFrame,
  type RunDone,
  type RunnerMessage,
  runFrame,
  runnerProtocol,
  setupFrame,
  takeFrame,
} from './protocol.ts'

/**
 * One box, as the runner in it serves it, wherever it runs. Requests are answered one at a time, in the order in which they are made. After a fault
 * there is no way back (`dialogue.ts`); a fault is tried again elsewhere and is never a verdict.
 */
export type Session = Pick<Box, 'put' | 'take' | 'list'> & {
  /** Resolves when the runner has greeted and is set up. */
  ready(): Promise<void>
  /** `core`: the only one a test may use. Small inputs travel with the run's own words, large ones before it, piece by piece. */
  run(spec: RunSpec, options?: { readonly core?: number; readonly givesWay?: boolean }): Promise<RunResult>
  /** Opens this box's ends of two FIFOs, for the next run and no other. */
  join(request: JoinRequest): Promise<void>
  /** A run between those ends, bound to the core whatever it keeps. `stop` ends it and is no abort: how it ended is told. */
  runJoined(spec: RunSpec, options: JoinedOptions): Promise<JoinedResult>
  /** After a fault: the box's processes are killed, and every further call throws the same fault. */
  isDead(): boolean
  /** Resolves when no process of it is left. Idempotent. */
  end(): Promise<void>
}
export type { Wire } from './dialogue.ts'
export type JoinedOptions = { readonly core: number; readonly givesWay?: boolean; readonly stop?: AbortSignal }
export type JoinedResult = RunResult &
  Pick<RunDone, 'otherHadLeft' | 'writtenBytes'> & { /** By `stop`; it may have been on its way out already. */ readonly wasAskedToEnd: boolean }

/** How CPU and memory of a run are measured and bounded. */
export type Accounting =
  /** A control group of its own for each run, made by the runner below these folders (paths as the runner sees them), one a hierarchy. */
  | { readonly kind: 'groups'; readonly folders: readonly string[] }
  /** The container's own read-only group is read before and after, and sampled; processes are bounded by the uid's own limit. */
  | { readonly kind: 'container' }

export type Setup = {
  /** Of tests and of compilers: neither root, unlike each other, and used by no other box of this machine at the same time. */
  readonly testUid: number
  readonly buildUid: number
  /** Compiled system call filter; undefined on an architecture without a table. */
  readonly filter: Uint8Array | undefined
  readonly accounting: Accounting
  /** Where programs are found by name. Default: /usr/bin and /bin. */
  readonly path?: string
}

const startDeadlineMs = 20_000
/** Beside the runner's own wall clock; for what is no run, at all. */
const graceMs = 15_000
/** What a file may take longer for each byte: 1 MB/s is slow. */
const msPerByte = 1 / 1000
/** As many files as are listed, each with the longest name that Linux has: u64 bytes, 255 of name, zero. */
const longestList = 4096 * (8 + 255 + 1)

export function openSession(wire: Wire, setup: Setup): Session {
  const runner = openDialogue(wire)
  const path = setup.path ?? '/usr/bin:/bin'
  const ready = greet(runner, setup)
  ready.catch(() => undefined) // who asks for something hears of it
  /** The end of the request before: the next one waits for it. */
  let turn: Promise<unknown> = ready.catch(() => undefined)
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => {
      runner.mustLive()
      return work()
    })
    turn = mine.catch(() => undefined)
    return mine
  }
  return {
    ready: () => ready,
    put: (name, content) => inTurn(() => put(runner, plainName(name), content)),
    take: (name, limit) => inTurn(() => take(runner, plainName(name), limit)),
    list: () => inTurn(() => list(runner)),
    // a compiler's time is nobody's verdict, and its parts (-pipe) work side by side
    run: (spec, { core, givesWay } = {}) => inTurn(async () => (await run(runner, spec, { path, core: spec.keepFiles ? undefined : core, givesWay })).result),
    join: (request) => inTurn(() => runner.ask<void>({ say: joinFrame(request), patienceMs: graceMs, hear: hearOk })),
    runJoined: (spec, options) =>
      inTurn(async () => {
        const { result, done } = await run(runner, spec, { path, ...options, isJoined: true })
        return { ...result, otherHadLeft: done.otherHadLeft, writtenBytes: done.writtenBytes, wasAskedToEnd: done.stops.asked }
      }),
    isDead: runner.isDead,
    end: runner.end,
  }
}

async function greet(runner: Dialogue, { testUid, buildUid, filter, accounting }: Setup): Promise<void> {
  const patienceMs = startDeadlineMs
  await runner.ask<void>({
    patienceMs,
    hear(message, tell) {
      if (message.type !== 'hello') throw notAsked()
      if (message.protocol !== runnerProtocol) throw new SandboxFault(`a runner of protocol ${message.protocol}`, 'never')
      tell()
    },
  })
  const groups = accounting.kind === 'groups' ? accounting.folders : undefined
  await runner.ask<void>({ say: setupFrame({ testUid, buildUid, filter, groups }), patienceMs, hear: hearOk })
  runner.begun()
}

async function put(runner: Dialogue, name: string, content: Uint8Array): Promise<void> {
  const first = content.subarray(0, pieceBytes)
  const answered = runner.ask<void>({ say: putFrame(name, content.length, first), patienceMs: graceMs + content.length * msPerByte, hear: hearOk })
  answered.catch(() => undefined) // told below, once all is sent
  for (const piece of piecesOf(content.subarray(first.length))) await runner.send(pieceFrame(piece))
  await answered
}

function take(runner: Dialogue, name: string, limit: number): Promise<Uint8Array | undefined> {
  const kept = keep(limit)
  return runner.ask<Uint8Array | undefined>({
    say: takeFrame(name, limit),
    patienceMs: graceMs + limit * msPerByte,
    hear(message, tell) {
      if (message.type === 'bytes') kept.add(message.content)
      else if (message.type === 'answer' && message.code !== 'refused') tell(message.code === 'ok' ? kept.all() : undefined)
      else throw notAsked()
    },
  })
}

function list(runner: Dialogue): Promise<readonly BoxFile[]> {
  const kept = keep(longestList)
  return runner.ask<readonly BoxFile[]>({
    say: listFrame,
    patienceMs: graceMs,
    hear(message, tell) {
      if (message.type === 'bytes') kept.add(message.content)
      else hearOk(message, () => tell(parseList(kept.all())))
    },
  })
}

type Place = {
  readonly path: string
  readonly core: number | undefined
  readonly isJoined?: boolean
  readonly givesWay?: boolean | undefined
  readonly stop?: AbortSignal | undefined
}

async function run(runner: Dialogue, spec: RunSpec, place: Place): Promise<{ readonly result: RunResult; readonly done: RunDone }> {
  const { limits, signal } = spec
  signal?.throwIfAborted()
  const words = wordsOf(spec, place)
  const input = await sendInput(runner, spec)
  signal?.throwIfAborted()
  const [stdout, stderr] = [keep(limits.output), keep(limits.stderr)]
  const answered = runner.ask<RunDone>({
    say: Buffer.concat([...input, words]),
    patienceMs: limits.wall + graceMs,
    hear(message, tell) {
      if (message.type === 'stdout') stdout.add(message.content)
      else if (message.type === 'stderr') stderr.add(message.content)
      else if (message.type === 'done') tell(message)
      else throw notAsked()
    },
  })
  const kill = () => {
    if (!runner.isDead()) void runner.send(killFrame)?.catch(() => undefined) // its end is told by the answer
  }
  const { stop } = place
  if (stop?.aborted) kill()
  for (const each of [signal, stop]) each?.addEventListener('abort', kill, { once: true })
  const done = await answered.finally(() => {
    for (const each of [signal, stop]) each?.removeEventListener('abort', kill)
  })
  signal?.throwIfAborted()
  const facts = factsOf(done)
  const ending = decideEnding(facts, limits)
  if ('fault' in ending) throw new SandboxFault(ending.fault, 'now')
  return { result: resultOf(ending, facts, limits, { stdout: stdout.all(), stderr: stderr.all() }), done }
}

function wordsOf(spec: RunSpec, { path, core, isJoined = false, givesWay = false }: Place): Uint8Array {
  const { limits, keepFiles } = spec
  return runFrame({
    argv: spec.argv,
    env: Object.entries(environment(spec, keepFiles ? '/build' : '/box', path)).map(([key, value]) => `${key}=${value}`),
    wallMs: limits.wall,
    cpuMs: limits.cpu,
    memoryBytes: limits.memory,
    stackBytes: limits.memory,
    fileBytes: limits.files,
    stdoutBytes: limits.output,
    stderrBytes: limits.stderr,
    processes: limits.processes,
    core,
    keepFiles,
    hasStdin: spec.stdin !== undefined,
    isJoined,
    givesWay,
  })
}

/** @returns the input's frames that go together with the run's own, so that a small one costs no write of its own. */
async function sendInput(runner: Dialogue, { stdin, signal }: RunSpec): Promise<readonly Uint8Array[]> {
  if (stdin === undefined) return []
  if (stdin instanceof Uint8Array && stdin.length <= pieceBytes) return [inputFrame(), ...(stdin.length === 0 ? [] : [inputFrame(stdin)])]
  await runner.send(inputFrame())
  for await (const piece of stdin instanceof Uint8Array ? piecesOf(stdin) : fileIn(stdin.file)) {
    signal?.throwIfAborted()
    await runner.send(inputFrame(piece))
  }
  return []
}

const notAsked = () => new SandboxFault('the runner answers what was not asked', 'now')

function hearOk(message: RunnerMessage, tell: () => void): void {
  if (message.type !== 'answer' || message.code === 'absent') throw notAsked()
  if (message.code === 'refused') throw new SandboxFault(`the runner cannot: ${message.text}`, 'now')
  tell()
}

/** A plain file name: no folder, nothing hidden, nothing a command line could take for an option. */
const plainNames = /^[A-Za-z0-9_][A-Za-z0-9_.+$-]{0,99}$/
/** @throws SandboxFault for any other. */
export function plainName(name: string): string {
  if (!plainNames.test(name)) throw new SandboxFault(`not a plain file name: ${JSON.stringify(name)}`, 'never')
  return name
}

/** What a program finds in its environment. */
export const environment = (spec: RunSpec, home: string, path: string): Readonly<Record<string, string>> => ({
  PATH: path,
  HOME: home,
  LANG: 'C.UTF-8',
  ...spec.env,
})

const keptAsPieces = 1 << 20

/**
 * What comes in, up to what was asked for: more is no output of our runner's. Much of it is gathered in one buffer as large as the limit, of which only what is
 * written becomes memory; pieces joined at the end would take twice as much.
 */
function keep(limit: number) {
  const pieces: Buffer[] = []
  let whole: Buffer | undefined
  let length = 0
  const gather = (content: Buffer) => {
    whole ??= Buffer.allocUnsafeSlow(limit)
    whole.set(content, length)
    length += content.length
  }
  return {
    add(content: Buffer) {
      if (length + content.length > limit) throw new SandboxFault('the runner passes on more than it may', 'now')
      if (whole === undefined && length + content.length <= keptAsPieces) {
        pieces.push(content)
        length += content.length
        return
      }
      if (whole === undefined) {
        length = 0
        for (const piece of pieces.splice(0)) gather(piece)
      }
      gather(content)
    },
    all: () => whole?.subarray(0, length) ?? Buffer.concat(pieces),
  }
}

function* piecesOf(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += pieceBytes) yield content.subarray(at, at + pieceBytes)
}
async function* fileIn(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) yield piece as Uint8Array
  } catch (error) {
    throw new SandboxFault(`an input cannot be read: ${(error as Error).message}`, 'later', error)
  }
}

const reasons = ['output', 'memory', 'cpu', 'wall'] as const satisfies readonly StopReason[]
const factsOf = (done: RunDone): RunFacts => ({
  stopped: reasons.find((reason) => done.stops[reason]),
  status: {
    started: true,
    ...(done.exitCode === undefined ? {} : { exitCode: done.exitCode }),
    ...(done.signal === undefined ? {} : { signal: done.signal }),
  },
  wallMs: done.wallMs,
  starvedMs: done.starvedMs,
  cpuMs: done.cpuMs,
  memoryBytes: Math.max(done.biggestBytes, done.sampledBytes),
  oomKills: done.oomKills,
  limitHits: done.limitHits,
})
