import type { ContestSnapshot } from '#contracts/contest'
import { type Instant, instant, parseIso } from '#kernel/time'

/**
 * When participants are reminded of a contest's start: a day and a quarter of an hour before it. A reminder belongs to one start: a contest that is moved is
 * reminded of anew, at the times of its new start, and not again for a start that was told. Whoever is late (the arena was down, the contest was
 * moved near) tells all the same while it is worth something: `tomorrow` until twelve hours before, `soon` until the start.
 */
export const reminderKinds = ['tomorrow', 'soon'] as const
export type ReminderKind = (typeof reminderKinds)[number]
export type Reminder = { readonly kind: ReminderKind; readonly startsAt: Instant }

const minute = 60_000
const hour = 60 * minute
/** How long before the start it is due, and until how long before it is worth telling. */
const window = { tomorrow: { from: 24 * hour, until: 12 * hour }, soon: { from: 15 * minute, until: 0 } } as const satisfies Record<ReminderKind, object>
/** Of one kind and one contest, in 24 hours: who moves a contest to and fro does not write to everybody who joined it each time. */
export const mostADay = 4

type Start = Pick<ContestSnapshot, 'timing' | 'startsAt' | 'archived' | 'deleted'>

/** The start that there is anything to tell of; undefined for a contest without one, or called off. */
export function startOf({ timing, startsAt, archived, deleted }: Start): Instant | undefined {
  return timing === 'untimed' || startsAt === null || archived || deleted ? undefined : parseIso(startsAt)
}

export const remindersOf = (contest: Start): Reminder[] => {
  const startsAt = startOf(contest)
  return startsAt === undefined ? [] : reminderKinds.map((kind) => ({ kind, startsAt }))
}

export const dueAt = ({ kind, startsAt }: Reminder): Instant => instant(startsAt - window[kind].from)
/** From then on it is not told any more. */
export const staleAt = ({ kind, startsAt }: Reminder): Instant => instant(startsAt - window[kind].until)

/** Whether a reminder that is due is to be told now, of the contest as it is now. */
export const isWorthTelling = (contest: Start, reminder: Reminder, now: Instant): boolean =>
  startOf(contest) === reminder.startsAt && now >= dueAt(reminder) && now < staleAt(reminder)
