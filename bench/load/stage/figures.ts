/** What every load bench says beside its figures: the machine, how busy others kept it, and the CPU time that an operation took, which noise does not change. */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'

export const machine = () => `${availableParallelism()} x ${cpus()[0]?.model ?? '?'}`
/** Processes that wanted to run, mean of the last minute: well above the number of cores means that figures by the clock are low. */
export const busy = () => Math.round((loadavg()[0] ?? Number.NaN) * 10) / 10

/** Of unsorted values, `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
export const rounded = (value: number, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits
/** Median, and the least and most of the rounds. */
export const overRounds = (values: readonly number[], digits = 0) => ({
  median: rounded(percentile(values, 0.5), digits),
  spread: [rounded(Math.min(...values), digits), rounded(Math.max(...values), digits)] as const,
})

/** proc(5) counts CPU time in hundredths of a second (USER_HZ). */
const ticksPerSecond = 100
const statOf = (pid: number) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const at = (n: number) => Number(fields[n - 3]) // proc(5) numbers them from 1; pid and name are cut off
  return { parent: at(4), ticks: at(14) + at(15), ticksOfDeadChildren: at(16) + at(17) }
}

/** CPU seconds of a process and all below it that live, and those of its children that ended. */
export function cpuSeconds(root: number): number {
  const stats = new Map<number, ReturnType<typeof statOf>>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      stats.set(Number(name), statOf(Number(name)))
    } catch {
      // it ended between the two reads
    }
  }
  const isBelow = (pid: number): boolean => pid === root || (stats.has(pid) && isBelow(stats.get(pid)?.parent ?? 0))
  let ticks = stats.get(root)?.ticksOfDeadChildren ?? 0
  for (const [pid, stat] of stats) if (isBelow(pid)) ticks += stat.ticks
  return ticks / ticksPerSecond
}

/** Resident memory of one process, without what it shares with others. */
export function residentBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0)
  return (kib('Private_Clean') + kib('Private_Dirty')) * 1024
}
