const dayMs = 86_400_000
const numberOf = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs)

/**
 * Days in a row on which something was handed in, up to today; today itself may still come, so yesterday is enough. A day missed is no loss that anybody
 * counts: there is nothing to be kept alive.
 * @param days `YYYY-MM-DD`, each once
 */
export function streakOf(days: readonly string[], today: string): number {
  const worked = new Set(days.map(numberOf))
  const last = numberOf(today)
  const from = worked.has(last) ? last : last - 1
  let count = 0
  while (worked.has(from - count)) count++
  return count
}

/** The day on this device, as the server is asked to count them. */
export const todayOf = (nowMs: number, offsetMinutes: number) => new Date(nowMs + offsetMinutes * 60_000).toISOString().slice(0, 10)
