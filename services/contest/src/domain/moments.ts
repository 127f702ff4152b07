import { type Instant, instant } from '#kernel/time'
import { type ContestClock, freezeStart } from './contest.ts'

/** The moments of a contest that others are told of, each once: also after a restart, late when the arena was down, not at all when long gone. */
export type Moment = 'starting' | 'started' | 'frozen' | 'ended'
export type DueMoment = { readonly moment: Moment; readonly dueAt: Instant }

const announceMs = 10 * 60_000
const lateMs = 60 * 60_000

/** When each falls due. An untimed contest has none. */
export function momentsOf(contest: ContestClock): DueMoment[] {
  const { startsAt, endsAt } = contest
  if (startsAt === null || endsAt === null) return []
  const freeze = freezeStart(contest)
  return [
    { moment: 'starting', dueAt: instant(startsAt - announceMs) },
    { moment: 'started', dueAt: startsAt },
    ...(freeze === null ? [] : [{ moment: 'frozen' as const, dueAt: freeze }]),
    { moment: 'ended', dueAt: endsAt },
  ]
}

/** Whether a moment that is due is still worth telling: `starting` until the start, the others for an hour. */
export function isWorthTelling({ moment, dueAt }: DueMoment, now: Instant): boolean {
  return now - dueAt < (moment === 'starting' ? announceMs : lateMs)
}

/** What a moment's event says of its time: for `starting` when the contest starts, else when it happened. */
export const toldTime = ({ moment, dueAt }: DueMoment): Instant => (moment === 'starting' ? instant(dueAt + announceMs) : dueAt)
