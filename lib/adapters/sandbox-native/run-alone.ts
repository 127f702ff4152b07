import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { decideEnding, type RunFacts, resultOf, type Status, type StopReason } from '../runner/outcome.ts'
import { environment } from '../runner/session.ts'
import type { RunCgroup } from './cgroup.ts'
import { bwrapArgs, seccompFd } from './command.ts'
import { type Slot, workFolder } from './host.ts'
import { emptied, killQuietly, killWithChildren, removed, watchCpu } from './processes.ts'

/**
 * A run in a bubblewrap of its own, for those who are not root (where a runner would have the program's uid) or have no C compiler.
 * stdin is a regular file or /dev/null, stdout and stderr are FIFOs that only this process can see: programs that open /dev/stdin work,
 * which they would not with Node's own socket pairs.
 */
const setupDeadlineMs = 10_000
const chaseMs = 10
const statusLimit = 4096
/** The end of the namespace closes the streams; this is for a kernel that is slow about it. */
const streamsDeadlineMs = 5_000

let runNumber = 0

/** What whoever started a run knows when it has ended; the counters come from its control group. */
type Ran = {
  readonly stopped: StopReason | undefined
  readonly status: Status
  readonly wallMs: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** For the operator, should the ending be a fault. */
  readonly said: string
}

export async function runAlone(slot: Slot, spec: RunSpec, core: number): Promise<RunResult> {
  spec.signal?.throwIfAborted()
  // The wrapper is a member too; where the system lacks setpriv's early exit, it is one process beside the program.
  const group = slot.groups.create(String(++runNumber), { memoryBytes: spec.limits.memory, processes: spec.limits.processes + 1 })
  try {
    const ran = await start(slot, spec, group, core)
    spec.signal?.throwIfAborted()
    await emptied(group)
    const facts: RunFacts = { ...ran, ...group.usage(), mayKillWrapper: !slot.host.asRoot }
    const ending = decideEnding(facts, spec.limits)
    if ('fault' in ending) throw new SandboxFault(`${ending.fault}: ${describeFault(ran)}`, 'now')
    return resultOf(ending, facts, spec.limits, ran)
  } finally {
    await removed(group)
  }
}

const describeFault = (ran: Ran) => [ran.said, Buffer.from(ran.stderr).subarray(0, 300).toString()].filter(Boolean).join('; ').trim()

/**
 * How the program itself ended, by the words of the shell that wraps it. A shell gives 128+n for a signal and for `exit(128+n)` alike, but for a
 * child killed by a signal it writes a line ("Segmentation fault") on its own stderr, which is our status descriptor and which the program does not
 * have: a line between `start` and `exit` means a signal. (Shells are silent for SIGINT and SIGPIPE, which nobody sends here but the program
 * itself: those read as exit codes 130 and 141; both are run-time errors.)
 */
export function readStatus(status: string): Status {
  const match = /(?:^|\n)start\n([\s\S]*)$/.exec(status)
  if (match === null) return { started: false }
  const ended = /^([\s\S]*?)exit (\d+)\n$/.exec(match[1] ?? '')
  if (ended === null) return { started: true }
  const code = Number(ended[2])
  return code > 128 && (ended[1] ?? '') !== '' ? { started: true, signal: code - 128 } : { started: true, exitCode: code }
}

function start(slot: Slot, spec: RunSpec, group: RunCgroup, core: number): Promise<Ran> {
  const mine: number[] = []
  const keep = (fd: number) => {
    mine.push(fd)
    return fd
  }
  let child: ChildProcess
  const readers: Socket[] = []
  try {
    const stdin = keep(openStdin(slot, spec.stdin))
    const [out, err] = (['out', 'err'] as const).map((name) => {
      const path = join(slot.folder, name)
      readers.push(new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false }))
      return keep(openSync(path, constants.O_WRONLY))
    })
    const nothing = keep(openSync('/dev/null', constants.O_RDONLY))
    const stdio: (number | 'pipe' | 'ignore')[] = [stdin, out ?? nothing, err ?? nothing, 'pipe', ...group.join().map(keep)]
    while (stdio.length < seccompFd) stdio.push(nothing)
    stdio.push(slot.host.seccompFile === undefined ? nothing : keep(openSync(slot.host.seccompFile, constants.O_RDONLY)))
    for (const fd of slot.host.inheritedFds) {
      while (stdio.length < fd) stdio.push('ignore')
      stdio.push(nothing)
    }
    const { bwrap, taskset } = slot.host
    const [program, ...pinned] = taskset === undefined ? [bwrap] : [taskset, '--cpu-list', String(core), bwrap]
    child = spawn(program ?? bwrap, [...pinned, ...bwrapArgs(slot, spec.argv, spec.keepFiles, spec.limits)], {
      stdio,
      env: environment(spec, workFolder, '/usr/bin:/bin'),
      cwd: '/',
      detached: true, // a Ctrl-C at the worker's terminal is not the program's business
    })
  } catch (error) {
    for (const reader of readers) reader.destroy()
    throw new SandboxFault(`cannot start a run: ${(error as Error).message}`, 'later', error)
  } finally {
    for (const fd of mine) closeSync(fd)
  }
  const [out, err] = readers as [Socket, Socket]
  return watch(child, { out, err }, spec, group)
}

function openStdin(slot: Slot, stdin: RunSpec['stdin']): number {
  if (stdin === undefined) return openSync('/dev/null', constants.O_RDONLY)
  if (!(stdin instanceof Uint8Array)) return openSync(stdin.file, constants.O_RDONLY)
  const path = join(slot.folder, 'stdin')
  writeFileSync(path, stdin, { mode: 0o444 })
  const fd = openSync(path, constants.O_RDONLY)
  unlinkSync(path)
  return fd
}

/** Watches until the process has ended and all its output is read; kills at the limits and on abort. */
async function watch(child: ChildProcess, streams: { out: Socket; err: Socket }, spec: RunSpec, group: RunCgroup): Promise<Ran> {
  let stopped: StopReason | undefined
  let status = ''
  let startedAt = 0
  let chase: NodeJS.Timeout | undefined
  let late: NodeJS.Timeout | undefined
  // A bubblewrap killed in its first moments, before it has tied its child's life to its own, leaves that child: waiting for its parent for ever, or
  // already in the group. It dies first, and the group is chased.
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) killWithChildren(child.pid)
    chase ??= setInterval(() => group.members().forEach(killQuietly), chaseMs)
  }
  const stop = (reason: StopReason) => {
    stopped ??= reason
    kill()
  }
  let unwatch = (): void => undefined
  let wall = setTimeout(kill, setupDeadlineMs)
  const statusPipe = child.stdio[3] as Readable
  statusPipe.on('data', (chunk: Buffer) => {
    if (status.length < statusLimit) status += chunk.toString('latin1')
    if (startedAt === 0 && readStatus(status).started) {
      startedAt = performance.now()
      clearTimeout(wall)
      wall = setTimeout(() => stop('wall'), spec.limits.wall)
      unwatch = watchCpu(group, spec.limits.cpu, () => stop('cpu'))
    }
  })
  spec.signal?.addEventListener('abort', kill, { once: true })
  const output = collect(streams.out, spec.limits.output, () => stop('output'))
  const errors = collect(streams.err, spec.limits.stderr)
  try {
    const exit = await exited(child)
    // whoever still holds the streams now is no program of ours that may be waited for
    late = setTimeout(() => {
      for (const stream of [streams.out, streams.err, statusPipe]) stream.destroy()
    }, streamsDeadlineMs)
    const wallMs = startedAt === 0 ? 0 : performance.now() - startedAt
    const [stdout, stderr] = await Promise.all([output, errors, ended(statusPipe)])
    const told = readStatus(status)
    return { stopped, status: told, wallMs, stdout, stderr, said: told.started ? exit : `${exit}; ${status.slice(0, 300)}` }
  } finally {
    clearTimeout(wall)
    clearTimeout(late)
    clearInterval(chase)
    unwatch()
    spec.signal?.removeEventListener('abort', kill)
    streams.out.destroy()
    streams.err.destroy()
  }
}

const exited = (child: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(`bubblewrap ended with ${signal ?? code}`))
    child.once('error', (error) => reject(new SandboxFault(`cannot start bubblewrap: ${error.message}`, 'later', error)))
  })

const ended = (stream: Readable) => new Promise<void>((resolve) => void (stream.closed ? resolve() : stream.once('close', () => resolve())))

/** The first `limit` bytes; the rest is read and dropped, and `over` told once. */
async function collect(stream: Socket, limit: number, over?: () => void): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size))
    if (size <= limit && size + chunk.length > limit) over?.()
    size += chunk.length
  })
  stream.on('error', () => stream.destroy())
  await ended(stream)
  return Buffer.concat(chunks)
}
