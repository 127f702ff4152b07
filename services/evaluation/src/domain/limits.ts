import type { Limits } from '#contracts/common'
import type { LanguageSpec } from '#contracts/languages'
import { type Bytes, bytes, type Ms, mebibytes, ms, seconds } from '#kernel/units'

const standardOutput = mebibytes(8)
const mostOutputBeside = mebibytes(32)
export const standardProcesses = 32

/** Compilers are bounded like programs; the figures fit a large C++ file with room to spare. */
export const compileLimits = {
  cpu: seconds(10),
  wall: seconds(30),
  memory: mebibytes(512),
  processes: standardProcesses,
  output: mebibytes(1),
  stderr: bytes(32 * 1024),
  files: mebibytes(64),
}
/** A language's own, where its compiler needs more. */
export const compileLimitsOf = ({ compileMemoryMiB, ownThreads = 0 }: Pick<LanguageSpec, 'compileMemoryMiB' | 'ownThreads'>) => ({
  ...compileLimits,
  memory: compileMemoryMiB === undefined ? compileLimits.memory : mebibytes(compileMemoryMiB),
  processes: compileLimits.processes + ownThreads,
})

export type TestLimits = {
  /** The limit that is promised: more is TLE, also for a program that came to its end. */
  readonly cpu: Ms
  /** The problem's own: what a runtime's heap and stack are told. */
  readonly memory: Bytes
  /** See `LanguageSpec`. */
  readonly outOfMemory: string | undefined
  /** What the sandbox enforces. */
  readonly run: {
    readonly cpu: Ms
    readonly wall: Ms
    readonly memory: Bytes
    readonly processes: number
    readonly output: Bytes
    readonly stderr: Bytes
    readonly files: Bytes
  }
}

/**
 * The limits of one test. CPU: killed a tenth and 30 ms above the promised limit, so that a program slightly over ends by itself, its true time is
 * shown, and it can be told from one that is far over. Wall time is three times the CPU time and a second more: a program that computes is stopped by the
 * CPU clock even on a busy machine, a sleeper by this one. Memory: the problem's and what the runtime takes beside it. Output: the problem's own limit, else
 * 8 MiB or twice what is expected, at most 32 MiB more than that (outputs are held in memory).
 */
export function testLimits(
  limits: Limits,
  language: Pick<LanguageSpec, 'timeFactor' | 'memoryBesideMiB' | 'ownThreads' | 'outOfMemory'>,
  expectedBytes: number,
): TestLimits {
  const cpu = Math.ceil(limits.cpuMs * language.timeFactor)
  const outputOf = (expected: number) => Math.max(standardOutput, Math.min(2 * expected + 65_536, expected + mostOutputBeside))
  return {
    cpu: ms(cpu),
    memory: bytes(limits.memoryBytes),
    outOfMemory: language.outOfMemory,
    run: {
      cpu: ms(Math.ceil(cpu * 1.1) + 30),
      wall: ms(3 * cpu + 1000),
      memory: bytes(limits.memoryBytes + mebibytes(language.memoryBesideMiB ?? 0)),
      processes: standardProcesses + (language.ownThreads ?? 0),
      output: bytes(limits.outputBytes ?? outputOf(expectedBytes)),
      stderr: bytes(4096),
      files: mebibytes(16),
    },
  }
}
