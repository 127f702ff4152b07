import type { SubscriptionSnapshot } from '#contracts/billing'
import { type Instant, parseIso } from '#kernel/time'

/** What was last heard of one user's right to premium contests. */
export type Known = {
  /** Open until then; in the past: it was, until then. */
  readonly until: Instant
  /** When billing was asked. */
  readonly askedAt: Instant
  /** A change was told since. */
  readonly isStale: boolean
  readonly tellings: number
}

/** So long a yes is believed without asking. A no is never kept: who has just paid is let in at once. */
const freshMs = 60_000

export const isGood = ({ until }: Known, now: Instant): boolean => now < until
/** Good, and so new that billing need not be asked. A clock that was set back makes nothing fresh. */
export const isFresh = (known: Known, now: Instant): boolean => isGood(known, now) && !known.isStale && now >= known.askedAt && now - known.askedAt < freshMs

/** Until when a subscription opens premium contests, as told; null: it does not (any more). */
export const opensUntil = ({ grants, openUntil }: Pick<SubscriptionSnapshot, 'grants' | 'openUntil'>): Instant | null =>
  grants.includes('premium-contests') && openUntil !== null ? (parseIso(openUntil) ?? null) : null
