import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type RunSpec, SandboxFault } from '#ports/sandbox'
import { cellArgs } from './command.ts'
import { frameReader, killFrame, type RunnerMessage, type RunRequest, runFrame, runnerProtocol } from './frames.ts'
import type { Slot } from './host.ts'
import { killWithChildren } from './processes.ts'

/**
 * A bubblewrap with the runner in it: made ahead, used for one box, thrown away. The runner is PID 1 in there, so its end, of its own, by
 * `end`, or by this process's death (the closed pipe, and --die-with-parent), ends every process of the box.
 *
 * Whatever the runner says that is not expected just then is a fault: the cell is killed, and so is everything in it.
 */
export type Cell = {
  /** Runs one program. @throws SandboxFault; the cell is then dead. */
  run(request: RunRequest, watch: { readonly onKill: (kill: () => void) => void }): Promise<CellRun>
  readonly isDead: () => boolean
  /** Resolves when no process of it is left. Idempotent. */
  end(): Promise<void>
}
export type CellRun = Extract<RunnerMessage, { type: 'done' }> & { readonly stdout: Buffer; readonly stderr: Buffer }

const startDeadlineMs = 10_000
/** Beside the runner's own wall clock. */
const graceMs = 10_000
const endDeadlineMs = 2000

type Kept = { readonly chunks: Buffer[]; left: number }
type Waiting = { readonly resolve: (run: CellRun) => void; readonly reject: (fault: Error) => void; readonly stdout: Kept; readonly stderr: Kept }

export function startCell(slot: Slot): Cell {
  const child = spawnRunner(slot)
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`bubblewrap ended with ${signal ?? code}`))
    child.once('error', (error) => resolve(`cannot start bubblewrap: ${error.message}`))
  })
  const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable]
  let dead: SandboxFault | undefined
  let said = ''
  let waiting: Waiting | undefined
  let greet: () => void = () => undefined
  let refuse: (fault: Error) => void = () => undefined
  const ready = new Promise<void>((resolve, reject) => {
    greet = resolve
    refuse = reject
  })
  ready.catch(() => undefined) // who runs in it hears of it
  const fail = (message: string, retry: SandboxFault['retry'] = 'now') => {
    if (dead === undefined) {
      dead = new SandboxFault(`${message}${said === '' ? '' : `: ${said.trim().slice(0, 300)}`}`, retry)
      if (child.pid !== undefined && child.exitCode === null) killWithChildren(child.pid)
    }
    clearTimeout(deadline)
    refuse(dead)
    waiting?.reject(dead)
    waiting = undefined
  }
  let deadline = setTimeout(() => fail('the runner does not start', 'later'), startDeadlineMs)
  const hear = (message: RunnerMessage) => {
    if (message.type === 'fault') return fail(message.message)
    if (message.type === 'hello') {
      if (message.protocol !== runnerProtocol) return fail(`a runner of protocol ${message.protocol}`, 'never')
      clearTimeout(deadline)
      return greet()
    }
    if (waiting === undefined) return fail('the runner speaks unasked')
    waiting = hearRun(waiting, message, fail)
    if (waiting === undefined) clearTimeout(deadline)
  }
  const read = frameReader(hear)
  stdout.on('data', (chunk: Buffer) => {
    try {
      if (dead === undefined) read(chunk)
    } catch (error) {
      fail((error as Error).message)
    }
  })
  stderr.on('data', (chunk: Buffer) => {
    if (said.length < 1000) said += chunk.toString()
  })
  for (const stream of [stdin, stdout, stderr]) stream.on('error', (error) => fail(`the runner’s pipe broke (${error.message})`))
  // `close` comes after the streams' last words, so that the reason is known.
  child.once('close', (code, signal) => fail(`the runner ended (${signal ?? code})`, waiting === undefined ? 'later' : 'now'))
  child.once('error', (error) => fail(`cannot start bubblewrap: ${error.message}`, 'later'))
  return {
    async run(request, { onKill }) {
      const frame = runFrame(request)
      await ready
      if (dead !== undefined) throw dead
      return await new Promise<CellRun>((resolve, reject) => {
        waiting = { resolve, reject, stdout: { chunks: [], left: request.stdoutBytes }, stderr: { chunks: [], left: request.stderrBytes } }
        deadline = setTimeout(() => fail('the runner does not answer'), request.wallMs + graceMs)
        stdin.write(frame)
        onKill(() => void (dead === undefined && stdin.write(killFrame)))
      })
    },
    isDead: () => dead !== undefined,
    async end() {
      dead ??= new SandboxFault('the box is closed', 'never')
      clearTimeout(deadline)
      stdin.end()
      const late = setTimeout(() => child.kill('SIGKILL'), endDeadlineMs)
      await exited
      clearTimeout(late)
    },
  }
}

/** @returns who goes on waiting. Output beyond what was asked for is no output of our runner's. */
function hearRun(waiting: Waiting, message: Exclude<RunnerMessage, { type: 'hello' | 'fault' }>, fail: (message: string) => void): Waiting | undefined {
  if (message.type === 'done') {
    waiting.resolve({ ...message, stdout: Buffer.concat(waiting.stdout.chunks), stderr: Buffer.concat(waiting.stderr.chunks) })
    return undefined
  }
  const kept = waiting[message.type]
  kept.left -= message.content.length
  if (kept.left < 0) fail('the runner passes on more than it may')
  else kept.chunks.push(message.content)
  return waiting
}

const spawnRunner = (slot: Slot): ChildProcess =>
  spawn(slot.host.bwrap, cellArgs(slot), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    detached: true, // a Ctrl-C at the worker's terminal is not the program's business
  })

/** What a program finds in its environment. */
export const environment = (spec: RunSpec, home: string): Readonly<Record<string, string>> => ({
  PATH: '/usr/bin:/bin',
  HOME: home,
  LANG: 'C.UTF-8',
  ...spec.env,
})
