import type { Role } from '#contracts/common'
import type { Instant } from '#kernel/time'

/** Who a socket belongs to, as its token said; `issuedAt` in whole seconds of the clock, as tokens count. */
export type Held = { readonly userId: string; readonly sessionId: string; readonly role: Role; readonly issuedAt: Instant }
/** What became of an account. `role` undefined: not compared, since a new token may be ahead of the news. */
export type Account = { readonly role: Role | undefined; readonly disabled: boolean; readonly sessionsValidFrom: Instant }

/**
 * Is the session over that a token was given in? Tokens count in seconds: one of the very second in which sessions were ended is let through, since it may
 * be the one given right after; it ends by itself within ten minutes.
 */
export function isOver(held: Held, account: Account): boolean {
  if (account.disabled) return true
  if (account.role !== undefined && account.role !== held.role) return true
  return Math.floor(held.issuedAt / 1000) < Math.floor(account.sessionsValidFrom / 1000)
}
