import type { ContestSnapshot } from '#contracts/contest'
import { type Instant, instant, parseIso } from '#kernel/time'

/**
 * When participants hear how a contest came out: once it is over by its own clock (also with personal timing, when nobody's clock runs any more) and the
 * board says that nothing is being judged, or an hour after the end with what the board has by then. Not at all a week later: that is no news.
 */
const second = 1_000
const minute = 60 * second
const patience = 60 * minute
const worth = 7 * 24 * 60 * minute
/** What was handed in at the last moment is on its way to the board. */
const settling = 10 * second

type End = Pick<ContestSnapshot, 'timing' | 'endsAt' | 'archived' | 'deleted'>

/** Undefined: it has no end, or was called off. */
export function endOf({ timing, endsAt, archived, deleted }: End): Instant | undefined {
  return timing === 'untimed' || endsAt === null || archived || deleted ? undefined : parseIso(endsAt)
}
export const firstTryAt = (endsAt: Instant): Instant => instant(endsAt + settling)

/** `wait`: ask the board first and tell when it is settled. `now`: tell what it has. `never`: not over (any more), called off, or too long ago. */
export function decideResults(contest: End | undefined, endsAt: Instant, now: Instant): 'wait' | 'now' | 'never' {
  if (contest === undefined || endOf(contest) !== endsAt || now < endsAt || now >= endsAt + worth) return 'never'
  return now < endsAt + patience ? 'wait' : 'now'
}

/** Every quarter of a minute while it is awaited, then every five minutes. */
export const nextTryAt = (endsAt: Instant, now: Instant): Instant => instant(now + (now < endsAt + patience ? 15 * second : 5 * minute))
