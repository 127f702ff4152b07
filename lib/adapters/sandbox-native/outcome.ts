import type { RunLimits, RunOutcome } from '#ports/sandbox'

export type StopReason = 'cpu' | 'wall' | 'output'
export type RunFacts = {
  /** Why the run was killed by us, if it was. */
  readonly stopped: StopReason | undefined
  /** What was reported from inside about the program's own end. */
  readonly status: Status
  readonly cpuMs: number
  readonly peakBytes: number
  readonly oomKills: number
  /** How often the memory limit was met. */
  readonly limitHits: number
  /** Without root the wrapper has the program's own uid, and the program can kill it. */
  readonly mayKillWrapper?: boolean
}
export type Ending = { readonly outcome: RunOutcome; readonly exitCode?: number; readonly signal?: number } | { readonly fault: string }

/** Without exit code and signal: nobody told how it ended. */
export type Status = { readonly started: boolean; readonly exitCode?: number; readonly signal?: number }

/** What whoever started a run knows when it has ended; the counters come from its control group. */
export type Ran = {
  readonly stopped: StopReason | undefined
  readonly status: Status
  readonly wallMs: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** For the operator, should the ending be a fault. */
  readonly said: string
}

const forbiddenSyscallSignal = 31 // SIGSYS
const nearLimitBytes = 1024 ** 2

/**
 * How the program itself ended, by the words of the shell that wraps it where there is no runner. A shell gives 128+n for a signal and for `exit(128+n)` alike, but for a child killed by a signal it
 * writes a line ("Segmentation fault") on its own stderr, which is our status descriptor and which the program does not have: a line between
 * `start` and `exit` means a signal. (Shells are silent for SIGINT and SIGPIPE, which nobody sends here but the program itself: those
 * read as exit codes 130 and 141; both are run-time errors.)
 */
export function readStatus(status: string): Status {
  const match = /(?:^|\n)start\n([\s\S]*)$/.exec(status)
  if (match === null) return { started: false }
  const ended = /^([\s\S]*?)exit (\d+)\n$/.exec(match[1] ?? '')
  if (ended === null) return { started: true }
  const code = Number(ended[2])
  return code > 128 && (ended[1] ?? '') !== '' ? { started: true, signal: code - 128 } : { started: true, exitCode: code }
}

/** Precedence: memory, output, CPU, wall, then what the program did itself. What fits nowhere is a fault of the sandbox, never a verdict. */
export function decideEnding(facts: RunFacts, limits: RunLimits): Ending {
  const { status } = facts
  if (!status.started) return { fault: 'the program was never started' }
  if (facts.oomKills > 0) return { outcome: 'memoryExceeded' }
  if (facts.stopped === 'output') return { outcome: 'outputExceeded' }
  if (facts.stopped === 'cpu' || facts.cpuMs > limits.cpu) return { outcome: 'cpuExceeded' }
  if (facts.stopped === 'wall') return { outcome: 'wallExceeded' }
  const failed = status.signal !== undefined || (status.exitCode !== undefined && status.exitCode !== 0)
  if (failed && facts.limitHits > 0 && facts.peakBytes >= limits.memory - nearLimitBytes) return { outcome: 'memoryExceeded' }
  if (status.signal !== undefined) return { outcome: status.signal === forbiddenSyscallSignal ? 'forbiddenSyscall' : 'signalled', signal: status.signal }
  if (status.exitCode !== undefined) return { outcome: 'exited', exitCode: status.exitCode }
  if (facts.mayKillWrapper === true) return { outcome: 'signalled', signal: 9 }
  return { fault: 'the run ended without a word about how' }
}
