import type { ApiFailure } from '#contracts/errors'
import { networkOf } from '#kernel/network'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { saveAndEndSessions } from '../change-account.ts'
import type { Account } from '../domain/account.ts'
import { decideReset } from '../domain/account-tokens.ts'
import { foldEmail } from '../domain/login-name.ts'
import { isWeak } from '../domain/password-rule.ts'
import { budgets } from '../domain/throttling.ts'
import { askAccountMail, type GiveDeps, type Given, giveToken } from '../give-token.ts'
import { liveAccount } from '../live-account.ts'
import { busy, type Passwords } from '../passwords.ts'
import { hashToken } from '../secrets.ts'
import { forgetDevices } from '../session-store.ts'
import { findAccount, findAccountByLogin } from '../store.ts'
import { spend } from '../throttle.ts'
import { findToken, insertForgotten, takeForgotten } from '../token-store.ts'

/**
 * A forgotten password: what is asked is only written down, whoever asks and whatever the address, and `mailForgotten` looks later whether there is an
 * account. So neither the answer nor its time can tell: both are given before anybody knows.
 */
export async function forgotPassword(
  { db, cache, clock, ids }: Pick<Deps, 'db' | 'cache' | 'clock' | 'ids'>,
  asked: { email: string; ip: string },
): Promise<Result<{ accepted: true }, ApiFailure<'TOO_MANY_REQUESTS'>>> {
  const email = foldEmail(asked.email)
  const network = networkOf(asked.ip)
  const limits = [
    [`user:forgot:network:${network}`, budgets.forgotByNetwork],
    [`user:forgot:address:${email}:${network}`, budgets.forgotByAddress],
    [`user:forgot:anybody:${email}`, budgets.forgotByAnybody],
  ] as const
  for (const [key, budget] of limits) {
    const admitted = await spend(cache, key, budget)
    if (!admitted.ok) return admitted
  }
  await insertForgotten(db, { id: ids.next(), email, at: clock.now() })
  return ok({ accepted: true })
}

/**
 * The job: asks for the mails of those who forgot and have an account that is not disabled. What is taken and what is asked for are one commit, one
 * account a transaction: whoever locks several does so in another order (lockEnabledAdmins).
 */
export async function mailForgotten(deps: GiveDeps & Pick<Deps, 'db'>): Promise<void> {
  for (let isMore = true; isMore; ) {
    isMore = await deps.db.transaction(async (tx) => {
      const email = await takeForgotten(tx)
      if (email === undefined) return false
      const account = await findAccountByLogin(tx, { kind: 'email', value: email }, 'update')
      if (account && !account.disabled) await askAccountMail(tx, deps, account, 'reset-password')
      return true
    })
  }
}

type ResetDeps = Pick<Deps, 'db' | 'outbox' | 'cache' | 'clock'> & { passwords: Passwords }
type ResetFailure = ApiFailure<'TOKEN_INVALID' | 'PASSWORD_WEAK' | 'ACCOUNT_DISABLED' | 'TOO_MANY_REQUESTS'>
type ResetInput = { readonly token: string; readonly password: string; readonly ip: string }

/**
 * A new password by a link. All sessions, links and known browsers of the account are gone with it: whoever had them may be the reason for it. A weak
 * password leaves the link good. The password is hashed outside the transaction, which then looks at the link again: of two at once one wins.
 */
export async function resetPassword(deps: ResetDeps, { token, password, ip }: ResetInput): Promise<Result<null, ResetFailure>> {
  const { db, cache, passwords } = deps
  const admitted = await spend(cache, `user:token:${networkOf(ip)}`, budgets.tokenByNetwork)
  if (!admitted.ok) return admitted
  const hash = hashToken(token)
  const looked = await decide(db, deps, hash)
  if (!looked.ok) return looked
  if (isWeak(password, [looked.value.email, looked.value.username])) return fail({ code: 'PASSWORD_WEAK' })
  const hashed = await passwords.hash(password)
  if (!hashed.ok) return fail(busy)
  return db.transaction(async (tx) => {
    await findAccount(tx, looked.value.id, 'update')
    const decided = await decide(tx, deps, hash)
    if (!decided.ok) return decided
    await saveAndEndSessions(tx, deps, { before: decided.value, wanted: { ...decided.value, passwordHash: hashed.value } })
    await forgetDevices(tx, decided.value.id)
    return ok(null)
  })
}

async function decide(
  q: Pick<Tx, 'query'>,
  { clock }: Pick<Deps, 'clock'>,
  hash: Uint8Array,
): Promise<Result<Account, ApiFailure<'TOKEN_INVALID' | 'ACCOUNT_DISABLED'>>> {
  const token = await findToken(q, hash)
  const account = token && (await findAccount(q, token.userId))
  if (!account) return fail({ code: 'TOKEN_INVALID' })
  const decided = decideReset(account, token, clock.now())
  return decided.ok ? decided : fail({ code: decided.error })
}

/** A link for whoever has no address, for an admin to hand over. It is in this answer and nowhere else. Until it is used the account stays as it is. */
export async function handPasswordReset(
  { db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>,
  { id, caller }: { id: string; caller: UserCaller },
): Promise<Result<Given, ApiFailure<'USER_NOT_FOUND' | 'ACCOUNT_DISABLED' | 'TOKEN_EXPIRED'>>> {
  const given = await db.transaction(async (tx) => {
    const account = await findAccount(tx, id, 'update')
    if (!(await liveAccount(tx, caller, clock.now())).ok) return fail({ code: 'TOKEN_EXPIRED' as const })
    if (!account) return fail({ code: 'USER_NOT_FOUND' as const })
    if (account.disabled) return fail({ code: 'ACCOUNT_DISABLED' as const })
    return ok(await giveToken(tx, { clock }, account, 'handed'))
  })
  if (given.ok) log.info({ userId: id, by: caller.userId }, 'an admin was given a link for a new password')
  return given
}
