import type { ApiFailure } from '#contracts/errors'
import { networkOf } from '#kernel/network'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { decideVerify } from '../domain/account-tokens.ts'
import { budgets } from '../domain/throttling.ts'
import { askAccountMail, type GiveDeps } from '../give-token.ts'
import { liveAccount } from '../live-account.ts'
import { hashToken } from '../secrets.ts'
import { findAccount, saveAccount } from '../store.ts'
import { tellUpdated } from '../tell.ts'
import { spend, spendMailTo } from '../throttle.ts'
import { findToken, removeToken } from '../token-store.ts'

type VerifyDeps = Pick<Deps, 'db' | 'outbox' | 'cache' | 'clock'>

/** Proves an address by the link of a mail. The link names the account: nobody needs to be logged in, and a login changes nothing. */
export async function verifyEmail(
  { db, outbox, cache, clock }: VerifyDeps,
  { token, ip }: { token: string; ip: string },
): Promise<Result<{ email: string }, ApiFailure<'TOKEN_INVALID' | 'TOO_MANY_REQUESTS'>>> {
  const admitted = await spend(cache, `user:token:${networkOf(ip)}`, budgets.tokenByNetwork)
  if (!admitted.ok) return admitted
  const hash = hashToken(token)
  const claimed = await findToken(db, hash)
  if (!claimed) return fail({ code: 'TOKEN_INVALID' })
  return db.transaction(async (tx) => {
    const account = await findAccount(tx, claimed.userId, 'update')
    const kept = await findToken(tx, hash) // again, under the account's lock
    if (!account || !kept) return fail({ code: 'TOKEN_INVALID' })
    const decided = decideVerify(account, kept, clock.now())
    if (!decided.ok) return fail({ code: decided.error })
    await removeToken(tx, hash)
    if (decided.value) await tellUpdated(outbox, tx, await saveAccount(tx, decided.value))
    return ok({ email: account.email ?? '' })
  })
}

type SendDeps = GiveDeps & Pick<Deps, 'db' | 'cache'>
type SendCode = 'USER_NOT_FOUND' | 'TOKEN_EXPIRED' | 'EMAIL_MISSING' | 'EMAIL_VERIFIED' | 'TOO_MANY_REQUESTS'

/** The mail once more; the links before it stop working. */
export async function sendVerification(deps: SendDeps, caller: UserCaller): Promise<Result<{ email: string }, ApiFailure<SendCode>>> {
  const admitted = await spend(deps.cache, `user:verification:${caller.userId}`, budgets.verificationByUser)
  if (!admitted.ok) return admitted
  return deps.db.transaction(async (tx) => {
    const live = await liveAccount(tx, caller, deps.clock.now(), 'update')
    if (!live.ok) return live
    const { email, emailVerified } = live.value
    if (email === undefined) return fail({ code: 'EMAIL_MISSING' })
    if (emailVerified) return fail({ code: 'EMAIL_VERIFIED' })
    const mayMail = await spendMailTo(deps.cache, email)
    if (!mayMail.ok) return mayMail
    await askAccountMail(tx, deps, live.value, 'verify-email')
    return ok({ email })
  })
}
