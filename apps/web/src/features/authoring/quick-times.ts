/** Times that teachers want most, to be had by one press; on the teacher's own clock, as the form has them. */
import { toLocalInput } from '../../lib/format.ts'

export type QuickTime = 'lesson' | 'tomorrow' | 'saturday'
export type Times = { readonly startsAt: string; readonly endsAt: string }
export const quickTimes: readonly QuickTime[] = ['lesson', 'tomorrow', 'saturday']

const minuteMs = 60_000
const text = (at: number | Date) => toLocalInput(new Date(at).toISOString())

/** @param nowMs the server's time, which may not be the machine's */
export function timesOf(quick: QuickTime, nowMs: number): Times {
  if (quick === 'lesson') {
    // the next minute that begins: a field of hours and minutes cannot say more, and a start that is past would close the form's half
    const start = (Math.floor(nowMs / minuteMs) + 1) * minuteMs
    return { startsAt: text(start), endsAt: text(start + 45 * minuteMs) }
  }
  const day = new Date(nowMs)
  const ahead = quick === 'tomorrow' ? 1 : (6 - day.getDay() + 7) % 7 || 7
  const [start, end] = [new Date(day), new Date(day)]
  for (const [at, hour] of [
    [start, 10],
    [end, quick === 'tomorrow' ? 12 : 13],
  ] as const) {
    at.setDate(at.getDate() + ahead)
    at.setHours(hour, 0, 0, 0)
  }
  return { startsAt: text(start), endsAt: text(end) }
}
