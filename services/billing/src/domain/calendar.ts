import { type Instant, instant } from '#kernel/time'

export const dayMs = 86_400_000
export const addDays = (at: Instant, days: number): Instant => instant(at + days * dayMs)
export const earliest = (...times: readonly Instant[]): Instant => instant(Math.min(...times))
export const latest = (...times: readonly Instant[]): Instant => instant(Math.max(...times))

/**
 * The same day and time of day (UTC) so many months later; the last day of that month where it has no such day: 31 January and one month is 28 or 29
 * February. Periods that follow each other are counted from the first one's start, so that the day is not lost in February for ever.
 */
export function addMonths(at: Instant, months: number): Instant {
  const date = new Date(at)
  const day = date.getUTCDate()
  const moved = new Date(at)
  moved.setUTCDate(1)
  moved.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate()
  moved.setUTCDate(Math.min(day, lastDay))
  return instant(moved.getTime())
}
