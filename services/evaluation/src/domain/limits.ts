import type { Limits } from '#contracts/common'
import { type Bytes, bytes, type Ms, mebibytes, ms, seconds } from '#kernel/units'

const standardOutput = mebibytes(8)

/** Compilers are bounded like programs; the figures fit a large C++ file with room to spare. */
export const compileLimits = {
  cpu: seconds(10),
  wall: seconds(30),
  memory: mebibytes(512),
  processes: 32,
  output: mebibytes(1),
  stderr: bytes(32 * 1024),
  files: mebibytes(64),
}

export type TestLimits = {
  /** The limit that is promised: more is TLE, also for a program that came to its end. */
  readonly cpu: Ms
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
 * CPU clock even on a busy machine, a sleeper by this one. Output: the problem's own limit, else 8 MiB or twice what is expected.
 */
export function testLimits(limits: Limits, timeFactor: number, expectedBytes: number): TestLimits {
  const cpu = Math.ceil(limits.cpuMs * timeFactor)
  return {
    cpu: ms(cpu),
    run: {
      cpu: ms(Math.ceil(cpu * 1.1) + 30),
      wall: ms(3 * cpu + 1000),
      memory: bytes(limits.memoryBytes),
      processes: 32,
      output: bytes(limits.outputBytes ?? Math.max(standardOutput, 2 * expectedBytes + 65_536)),
      stderr: bytes(4096),
      files: mebibytes(16),
    },
  }
}
