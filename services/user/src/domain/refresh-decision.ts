import type { Instant } from '#kernel/time'
import { type Ms, seconds } from '#kernel/units'

/**
 * Refresh tokens rotate: each is traded once for a successor, and all that descend from one login are its family, the session.
 * A copied token shows when both the thief and the owner have traded on; then the family ends for both, since nobody can tell which is which.
 *
 * An answer that got lost on a bad line looks like a copy, and so do two tabs that ask at once. What tells them apart is whether a successor was
 * ever used: who holds a successor has no reason to come back with the token before it. So, for a token presented again:
 *
 *   fresh                                       → rotate   a successor; the token is used from now on
 *   used, no successor used, within `grace`     → repeat   one more successor beside the first (two tabs share one cookie jar; the last answer wins)
 *   used, no successor used, later              → replace  one more successor, and those given before are dead: the answer was lost
 *   used, a successor used                      → reuse    ends the session
 *   replaced                                    → reuse    ends the session
 *
 * A thief who is quicker than the owner therefore wins at most until the owner's next refresh, save inside the same ten seconds.
 */
export const grace: Ms = seconds(10)
const day = 86_400_000
/** A session ends when it is not used for 30 days, and 180 days after login in any case. */
export const idleMs = 30 * day
export const absoluteMs = 180 * day

export type SessionFacts = { readonly startedAt: Instant; readonly expiresAt: Instant; readonly endedAt: Instant | undefined }
export type TokenFacts = { readonly usedAt: Instant | undefined; readonly replacedAt: Instant | undefined; readonly isSuccessorUsed: boolean }
export type RefreshDecision = 'over' | 'rotate' | 'repeat' | 'replace' | 'reuse'

export function decideRefresh(session: SessionFacts, token: TokenFacts, now: Instant): RefreshDecision {
  if (!isLive(session, now)) return 'over'
  if (token.replacedAt !== undefined || token.isSuccessorUsed) return 'reuse'
  if (token.usedAt === undefined) return 'rotate'
  return now - token.usedAt <= grace ? 'repeat' : 'replace'
}

export const isLive = ({ expiresAt, endedAt }: SessionFacts, now: Instant): boolean => endedAt === undefined && now < expiresAt

/** When a session used at `now` will be over if it is not used again. */
export const expiryOf = (startedAt: Instant, now: Instant): Instant => Math.min(now + idleMs, startedAt + absoluteMs) as Instant
