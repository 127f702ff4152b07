import { bytes, ms } from '#kernel/units'
import type { RunLimits, RunOutcome, RunResult } from '#ports/sandbox'

/** Pure: what was seen of a run → how it ended and what it used. The same for every sandbox. */

export type StopReason = 'cpu' | 'wall' | 'output' | 'memory'
export type RunFacts = {
  /** Why the run was killed by us, if it was. */
  readonly stopped: StopReason | undefined
  /** What was reported from inside about the program's own end. */
  readonly status: Status
  readonly wallMs: number
  /** How long others kept it from a core, where that is known: of the task that waited longest, less what the tree computed itself. */
  readonly starvedMs?: number
  /** Of the whole tree. */
  readonly cpuMs: number
  /** The most that the tree held at once, as far as it was seen: no page cache, nothing of another run. */
  readonly memoryBytes: number
  readonly oomKills: number
  /** How often the memory limit was met. */
  readonly limitHits: number
  /** Without root the wrapper has the program's own uid, and the program can kill it. */
  readonly mayKillWrapper?: boolean
}
/** Without exit code and signal: nobody told how it ended. */
export type Status = { readonly started: boolean; readonly exitCode?: number; readonly signal?: number }
export type Ending = { readonly outcome: RunOutcome; readonly exitCode?: number; readonly signal?: number } | { readonly fault: string }

const forbiddenSyscallSignal = 31 // SIGSYS
const nearLimitBytes = 1024 ** 2

/** Precedence: memory, output, CPU, wall, then what the program did itself. What fits nowhere is a fault of the sandbox, never a verdict. */
export function decideEnding(facts: RunFacts, limits: RunLimits): Ending {
  const { status } = facts
  if (!status.started) return { fault: 'the program was never started' }
  if (facts.oomKills > 0 || facts.stopped === 'memory' || facts.memoryBytes > limits.memory) return { outcome: 'memoryExceeded' }
  if (facts.stopped === 'output') return { outcome: 'outputExceeded' }
  if (facts.stopped === 'cpu' || Math.floor(facts.cpuMs) > limits.cpu) return { outcome: 'cpuExceeded' }
  if (facts.stopped === 'wall') return { outcome: 'wallExceeded' }
  const failed = status.signal !== undefined || (status.exitCode !== undefined && status.exitCode !== 0)
  if (failed && facts.limitHits > 0 && facts.memoryBytes >= limits.memory - nearLimitBytes) return { outcome: 'memoryExceeded' }
  if (status.signal !== undefined) return { outcome: status.signal === forbiddenSyscallSignal ? 'forbiddenSyscall' : 'signalled', signal: status.signal }
  if (status.exitCode !== undefined) return { outcome: 'exited', exitCode: status.exitCode }
  if (facts.mayKillWrapper === true) return { outcome: 'signalled', signal: 9 }
  return { fault: 'the run ended without a word about how' }
}

/** What is told of a run. Who met the limit is told as having had all of it: the kernel killed before a sample could see it. */
export const resultOf = (
  ending: Exclude<Ending, { fault: string }>,
  facts: RunFacts,
  limits: RunLimits,
  said: { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
): RunResult => ({
  ...ending,
  cpu: ms(Math.floor(facts.cpuMs)),
  wall: ms(Math.round(facts.wallMs)),
  ...(facts.starvedMs === undefined ? {} : { starved: ms(facts.starvedMs) }),
  memory: bytes(ending.outcome === 'memoryExceeded' ? Math.max(facts.memoryBytes, limits.memory) : facts.memoryBytes),
  stdout: said.stdout,
  stderr: said.stderr,
})
