import type { Limits } from '#contracts/common'
import type { PackageReport } from './package-plan.ts'

/** A package's limits in the arena's units, brought within what the arena allows. */
export type Stated = {
  readonly seconds?: number | undefined
  readonly memoryMiB?: number | undefined
  readonly outputMiB?: number | undefined
  readonly codeKiB?: number | undefined
}
const mebibyte = 1024 ** 2
const defaults = { cpuMs: 2_000, memoryBytes: 512 * mebibyte } as const

export function limitsOf({ seconds, memoryMiB, outputMiB, codeKiB }: Stated, report: PackageReport): Limits {
  const within = (name: string, value: number | undefined, [from, to]: readonly [number, number]) => {
    if (value === undefined) return undefined
    const kept = Math.min(to, Math.max(from, Math.round(value)))
    if (kept !== Math.round(value)) report.warnings.push(`${name} was brought within what the arena allows`)
    return kept
  }
  if (seconds === undefined) report.warnings.push('the package states no time limit; it is 2 s now')
  const outputBytes = within('the output limit', outputMiB && outputMiB * mebibyte, [1024, 256 * mebibyte])
  const sourceBytes = within('the source limit', codeKiB && codeKiB * 1024, [64, 65_536])
  return {
    cpuMs: within('the time limit', seconds && seconds * 1000, [50, 60_000]) ?? defaults.cpuMs,
    memoryBytes: within('the memory limit', memoryMiB && memoryMiB * mebibyte, [16 * mebibyte, 2048 * mebibyte]) ?? defaults.memoryBytes,
    ...(outputBytes === undefined ? {} : { outputBytes }),
    ...(sourceBytes === undefined ? {} : { sourceBytes }),
  }
}
