import { createReadStream } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { type Box, type BoxFile, type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { decideEnding, type RunFacts, resultOf, type StopReason } from './outcome.ts'
import {
  frameReader,
  inputFrame,
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
 * One box, as the runner in it serves it, wherever it runs. Requests are answered one at a time, in the order in which they are asked. Whatever the
 * runner says that is not expected just then, and silence where it should speak, is a fault: the session is dead, and every process of its box
 * with it. A fault is tried again elsewhere and is never a verdict.
 */

/** A runner's two pipes and its life. */
export type Wire = {
  readonly to: Writable
  readonly from: Readable
  /** What it wrote on stderr so far, for the operator. */
  said(): string
  /** Ends every process of the box at once, by force. Idempotent. */
  kill(): void
  /** Resolves, with how, when no process of the box is left and `from` has told its last. Never rejects. */
  readonly ended: Promise<string>
}

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

export type Session = Pick<Box, 'put' | 'take' | 'list'> & {
  /** Resolves when the runner has greeted and is set up. */
  ready(): Promise<void>
  /** `core`: the only one the run may use. */
  run(spec: RunSpec, options?: { readonly core?: number }): Promise<RunResult>
  /** After a fault there is no way back: the box's processes are killed, and every further call throws the same fault. */
  isDead(): boolean
  /** Resolves when no process of it is left. Idempotent. */
  end(): Promise<void>
}

const startDeadlineMs = 20_000
/** Beside the runner's own wall clock; for what is no run, at all. */
const graceMs = 15_000
const endDeadlineMs = 2000
const longestList = 4096 * 120

/** Who waits for an answer. `hear` returns whether it was the last word; what it throws is a fault. */
type Asked = { readonly hear: (message: RunnerMessage) => boolean; readonly reject: (fault: Error) => void }

export function openSession(wire: Wire, setup: Setup): Session {
  let dead: SandboxFault | undefined
  let asked: Asked | undefined
  let deadline: NodeJS.Timeout | undefined
  /** Who waits for room in the pipe. */
  let wake: () => void = () => undefined
  /** The end of the request before: the next one waits for it. */
  let turn: Promise<unknown> = Promise.resolve()

  const fail = (message: string, retry: SandboxFault['retry'] = 'now') => {
    clearTimeout(deadline)
    if (dead === undefined) {
      const said = wire.said().trim().slice(0, 300)
      dead = new SandboxFault(said === '' ? message : `${message}: ${said}`, retry)
      wire.kill()
    }
    asked?.reject(dead)
    asked = undefined
    wake()
  }
  wire.to.on('drain', () => wake())
  const hear = (message: RunnerMessage) => {
    if (dead !== undefined) return
    if (message.type === 'fault') return fail(message.message)
    if (asked === undefined) return fail('the runner speaks unasked')
    if (!asked.hear(message)) return
    asked = undefined
    clearTimeout(deadline)
  }
  const read = frameReader(hear)
  wire.from.on('data', (chunk: Buffer) => {
    try {
      if (dead === undefined) read(chunk)
    } catch (error) {
      if (error instanceof SandboxFault) fail(error.message, error.retry)
      else fail((error as Error).message)
    }
  })
  for (const stream of [wire.from, wire.to]) stream.on('error', (error) => fail(`the runner’s pipe broke (${error.message})`))
  void wire.ended.then((how) => fail(`the runner ended (${how})`, isReady ? 'now' : 'later'))

  /** Waits for the words that `hear` makes an answer of; `say` is sent at once. */
  const ask = <T>(say: Uint8Array | undefined, patienceMs: number, hearing: (message: RunnerMessage, tell: (answer: T) => void) => void): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (dead !== undefined) return reject(dead)
      let isOver = false
      const tell = (answer: T) => {
        isOver = true
        resolve(answer)
      }
      asked = {
        hear: (message) => {
          hearing(message, tell)
          return isOver
        },
        reject,
      }
      deadline = setTimeout(() => fail('the runner does not answer', isReady ? 'now' : 'later'), patienceMs)
      if (say !== undefined) wire.to.write(say)
    })
  /** Sends, and waits where the pipe is full. */
  const send = (content: Uint8Array): Promise<void> | undefined => {
    if (dead !== undefined) throw dead
    if (wire.to.write(content)) return undefined
    return new Promise((resolve, reject) => {
      wake = () => (dead === undefined ? resolve() : reject(dead))
    })
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(async () => {
      await ready
      if (dead !== undefined) throw dead
      return await work()
    })
    turn = mine.catch(() => undefined)
    return mine
  }

  let isReady = false
  const ready = ask<void>(undefined, startDeadlineMs, (message, tell) => {
    if (message.type !== 'hello') throw new SandboxFault('the runner does not greet', 'now')
    if (message.protocol !== runnerProtocol) throw new SandboxFault(`a runner of protocol ${message.protocol}`, 'never')
    tell()
  })
    .then(() => ask<void>(setupFrame(setupRequest(setup)), startDeadlineMs, (message, tell) => expectOk(message, tell)))
    .then(() => {
      isReady = true
    })
  ready.catch(() => undefined) // who asks for something hears of it

  /** @returns the input's frames that go together with the run's own, so that a small one costs no write of its own. */
  async function sendInput(stdin: RunSpec['stdin'], signal: AbortSignal | undefined): Promise<readonly Uint8Array[]> {
    if (stdin === undefined) return []
    if (stdin instanceof Uint8Array && stdin.length <= pieceBytes) return [inputFrame(), ...(stdin.length === 0 ? [] : [inputFrame(stdin)])]
    await send(inputFrame())
    for await (const piece of stdin instanceof Uint8Array ? piecesOf(stdin) : fileIn(stdin.file)) {
      signal?.throwIfAborted()
      await send(inputFrame(piece))
    }
    return []
  }

  async function run(spec: RunSpec, core: number | undefined): Promise<RunResult> {
    const { limits, signal } = spec
    signal?.throwIfAborted()
    const frame = runFrame({
      argv: spec.argv,
      env: Object.entries(environment(spec, spec.keepFiles ? '/build' : '/box', setup.path ?? '/usr/bin:/bin')).map(([key, value]) => `${key}=${value}`),
      wallMs: limits.wall,
      cpuMs: limits.cpu,
      memoryBytes: limits.memory,
      stackBytes: limits.memory,
      fileBytes: limits.files,
      stdoutBytes: limits.output,
      stderrBytes: limits.stderr,
      processes: limits.processes,
      core,
      keepFiles: spec.keepFiles,
      hasStdin: spec.stdin !== undefined,
    })
    const input = await sendInput(spec.stdin, signal)
    signal?.throwIfAborted()
    const kill = () => void (dead === undefined && wire.to.write(killFrame))
    const [stdout, stderr] = [keep(limits.output), keep(limits.stderr)]
    const answered = ask<RunDone>(Buffer.concat([...input, frame]), limits.wall + graceMs, (message, tell) => {
      if (message.type === 'stdout') stdout.add(message.content)
      else if (message.type === 'stderr') stderr.add(message.content)
      else if (message.type === 'done') tell(message)
      else throw new SandboxFault('the runner answers what was not asked', 'now')
    })
    signal?.addEventListener('abort', kill, { once: true })
    const done = await answered.finally(() => signal?.removeEventListener('abort', kill))
    signal?.throwIfAborted()
    const facts = factsOf(done)
    const ending = decideEnding(facts, limits)
    if ('fault' in ending) throw new SandboxFault(ending.fault, 'now')
    return resultOf(ending, facts, limits, { stdout: stdout.all(), stderr: stderr.all() })
  }

  return {
    ready: () => ready,
    put: (name, content) =>
      inTurn(async () => {
        const checked = plainName(name)
        const first = content.subarray(0, pieceBytes)
        const answered = ask<void>(undefined, graceMs + content.length / 1000, (message, tell) => expectOk(message, tell))
        answered.catch(() => undefined) // told below, once all is sent
        await send(putFrame(checked, content.length, first))
        for (const piece of piecesOf(content.subarray(first.length))) await send(pieceFrame(piece))
        await answered
      }),
    take: (name, limit) =>
      inTurn(async () => {
        const kept = keep(limit)
        return await ask<Uint8Array | undefined>(takeFrame(plainName(name), limit), graceMs + limit / 1000, (message, tell) => {
          if (message.type === 'bytes') kept.add(message.content)
          else if (message.type === 'answer' && message.code !== 'refused') tell(message.code === 'ok' ? kept.all() : undefined)
          else throw new SandboxFault('the runner answers what was not asked', 'now')
        })
      }),
    list: () =>
      inTurn(async () => {
        const kept = keep(longestList)
        return await ask<readonly BoxFile[]>(listFrame, graceMs, (message, tell) => {
          if (message.type === 'bytes') kept.add(message.content)
          else expectOk(message, () => tell(parseList(kept.all())))
        })
      }),
    run: (spec, { core } = {}) => inTurn(() => run(spec, core)),
    isDead: () => dead !== undefined,
    async end() {
      dead ??= new SandboxFault('the box is closed', 'never')
      clearTimeout(deadline)
      asked?.reject(dead)
      asked = undefined
      wake()
      wire.to.end()
      const late = setTimeout(() => wire.kill(), endDeadlineMs)
      await wire.ended
      clearTimeout(late)
    },
  }
}

const setupRequest = ({ testUid, buildUid, filter, accounting }: Setup) => ({
  testUid,
  buildUid,
  filter,
  groups: accounting.kind === 'groups' ? accounting.folders : undefined,
})

function expectOk(message: RunnerMessage, tell: () => void): void {
  if (message.type !== 'answer' || message.code === 'absent') throw new SandboxFault('the runner answers what was not asked', 'now')
  if (message.code === 'refused') throw new SandboxFault(`the runner cannot: ${message.text}`, 'now')
  tell()
}

/** A plain file name: no folder, nothing hidden, nothing a command line could take for an option. */
const plainNames = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$/
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

/** What comes in, up to what was asked for: more is no output of our runner's. */
function keep(limit: number) {
  const chunks: Buffer[] = []
  let left = limit
  return {
    add(content: Buffer) {
      left -= content.length
      if (left < 0) throw new SandboxFault('the runner passes on more than it may', 'now')
      chunks.push(content)
    },
    all: () => Buffer.concat(chunks),
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
  cpuMs: done.cpuMs,
  memoryBytes: Math.max(done.biggestBytes, done.sampledBytes),
  oomKills: done.oomKills,
  limitHits: done.limitHits,
})
