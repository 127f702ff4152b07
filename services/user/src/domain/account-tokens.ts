import { fail, ok, type Result } from '#kernel/result'
import { type Instant, instant } from '#kernel/time'
import type { Account } from './account.ts'

/**
 * Links that prove something once: `verify` that an address is read by the account's owner, `reset` the same and that a new password is wanted, `handed`
 * that an admin knows whose account it is.
 *
 * What ends a link before its time: its use, a newer one of its kind, and every change of e-mail, password or role (all kinds). Therefore whoever made an
 * account with somebody else's address keeps nothing once the owner of the address has set a password: no session, no link, no way to ask for one.
 * Disabling an account ends none, since it may be enabled again; none works meanwhile.
 */
export const tokenKinds = ['verify', 'reset', 'handed'] as const
export type TokenKind = (typeof tokenKinds)[number]

const hour = 3_600_000
const livesFor: Readonly<Record<TokenKind, number>> = { verify: 48 * hour, reset: hour, handed: 24 * hour }
/** The first moment at which a link given at `now` is no longer good. */
export const expiryOfToken = (kind: TokenKind, now: Instant): Instant => instant(now + livesFor[kind])

/** `email`: where the mail with it went; undefined for `handed`. */
export type TokenFacts = { readonly kind: TokenKind; readonly email: string | undefined; readonly expiresAt: Instant }

/** The account with its address proven; null when it is proven already. */
export function decideVerify(account: Account, token: TokenFacts, now: Instant): Result<Account | null, 'TOKEN_INVALID'> {
  if (token.kind !== 'verify' || !isGood(account, token, now) || account.disabled) return fail('TOKEN_INVALID')
  return ok(account.emailVerified ? null : { ...account, emailVerified: true })
}

/** The account that may be given a new password; its address is proven when the link came by mail. A disabled account keeps its link. */
export function decideReset(account: Account, token: TokenFacts, now: Instant): Result<Account, 'TOKEN_INVALID' | 'ACCOUNT_DISABLED'> {
  if (token.kind === 'verify' || !isGood(account, token, now)) return fail('TOKEN_INVALID')
  if (account.disabled) return fail('ACCOUNT_DISABLED')
  return ok({ ...account, emailVerified: account.emailVerified || token.kind === 'reset' })
}

const isGood = (account: Account, { kind, email, expiresAt }: TokenFacts, now: Instant) =>
  now < expiresAt && (kind === 'handed' || (email !== undefined && email === account.email))

/** Whether a change makes links given before worthless. */
export const endsTokens = (before: Account, after: Account): boolean =>
  before.email !== after.email || before.passwordHash !== after.passwordHash || before.role !== after.role
