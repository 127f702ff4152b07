import type { ApiFailure } from '#contracts/errors'
import type { User } from '#contracts/user'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type Account, type Language, userOf } from '../domain/account.ts'
import { endsTokens } from '../domain/account-tokens.ts'
import { isWeak } from '../domain/password-rule.ts'
import { changedAccount, type ProfileChange } from '../domain/profile.ts'
import { budgets } from '../domain/throttling.ts'
import { askAccountMail } from '../give-token.ts'
import { liveAccount } from '../live-account.ts'
import { busy, type Passwords } from '../passwords.ts'
import { endSessions } from '../session-store.ts'
import { saveAccount, takenName } from '../store.ts'
import { tellSessionsEnded, tellUpdated } from '../tell.ts'
import { spend, spendMailTo, type TooMany } from '../throttle.ts'
import { removeTokensOf } from '../token-store.ts'

type MeDeps = Pick<Deps, 'db' | 'outbox' | 'cache' | 'clock' | 'seals'> & { passwords: Passwords }
type Change = ProfileChange & { language?: Language; password?: string; currentPassword?: string }
type MeCode = 'USER_NOT_FOUND' | 'EMAIL_TAKEN' | 'USERNAME_TAKEN' | 'PASSWORD_WEAK' | 'PASSWORD_WRONG' | 'TOO_MANY_REQUESTS' | 'TOKEN_EXPIRED'

export async function getMe(
  deps: Pick<Deps, 'db' | 'clock'>,
  caller: UserCaller,
): Promise<Result<{ user: User }, ApiFailure<'USER_NOT_FOUND' | 'TOKEN_EXPIRED'>>> {
  const live = await liveAccount(deps.db, caller, deps.clock.now())
  return live.ok ? ok({ user: userOf(live.value) }) : live
}

/**
 * Changes one's own account. A new password, or another address (which can ask for a new password), needs the current one; a new password ends every
 * session but this one. Another address is asked to be proven. Nothing new: nothing written, nothing told.
 */
export async function changeMe(deps: MeDeps, change: Change, caller: UserCaller): Promise<Result<{ user: User }, ApiFailure<MeCode>>> {
  const live = await liveAccount(deps.db, caller, deps.clock.now())
  if (!live.ok) return live
  const needsPassword = change.password !== undefined || changedAccount(live.value, change).email !== live.value.email
  const secured = needsPassword ? await secure(deps, live.value, change) : ok({})
  if (!secured.ok) return secured
  const admitted = await admitAddress(deps, live.value, changedAccount(live.value, change).email)
  if (!admitted.ok) return admitted
  try {
    return await deps.db.transaction((tx) => save(tx, deps, { change, caller, ...secured.value }))
  } catch (cause) {
    const taken = takenName(cause)
    if (taken === undefined) throw cause
    return fail({ code: taken })
  }
}

/** Another address is sent a mail, and whose it is nobody knows yet. */
async function admitAddress({ cache }: MeDeps, account: Account, email: string | undefined): Promise<Result<unknown, TooMany>> {
  if (email === undefined || email === account.email) return ok(undefined)
  const byUser = await spend(cache, `user:verification:${account.id}`, budgets.verificationByUser)
  return byUser.ok ? spendMailTo(cache, email) : byUser
}

/** `verifiedHash`: the stored hash that the current password fitted. */
type Secured = { readonly verifiedHash?: string; readonly newHash?: string }
/** The hash of the new password, if one is wanted, when the current one is right and the new one good enough. */
async function secure(
  { passwords, cache }: MeDeps,
  account: Account,
  change: Change,
): Promise<Result<Secured, ApiFailure<'PASSWORD_WEAK' | 'PASSWORD_WRONG' | 'TOO_MANY_REQUESTS'>>> {
  const admitted = await spend(cache, `user:password:${account.id}`, budgets.currentPassword)
  if (!admitted.ok) return admitted
  const right = await passwords.verify(account.passwordHash, change.currentPassword ?? '')
  if (!right.ok) return fail(busy)
  if (!right.value) return fail({ code: 'PASSWORD_WRONG' })
  await admitted.value.giveBack()
  const verifiedHash = account.passwordHash
  if (change.password === undefined) return ok({ verifiedHash })
  const { email, username } = changedAccount(account, change)
  if (isWeak(change.password, [email, username])) return fail({ code: 'PASSWORD_WEAK' })
  const hashed = await passwords.hash(change.password)
  return hashed.ok ? ok({ verifiedHash, newHash: hashed.value }) : fail(busy)
}

type Saving = Secured & { readonly change: Change; readonly caller: UserCaller }
async function save(tx: Tx, deps: MeDeps, { change, caller, verifiedHash, newHash }: Saving): Promise<Result<{ user: User }, ApiFailure<MeCode>>> {
  const { outbox, clock } = deps
  const now = clock.now()
  const live = await liveAccount(tx, caller, now, 'update')
  if (!live.ok) return live
  const account = live.value
  const wanted = { ...changedAccount(account, change), passwordHash: newHash ?? account.passwordHash }
  const isSecured = verifiedHash === account.passwordHash // it may have been changed since it was verified
  if ((newHash !== undefined || wanted.email !== account.email) && !isSecured) return fail({ code: 'PASSWORD_WRONG' })
  if (Object.entries(wanted).every(([field, value]) => account[field as keyof Account] === value)) return ok({ user: userOf(account) })
  const saved = await saveAccount(tx, wanted)
  await tellUpdated(outbox, tx, saved)
  if (endsTokens(account, saved)) await removeTokensOf(tx, saved.id)
  if (newHash !== undefined) await tellSessionsEnded(outbox, tx, saved.id, await endSessions(tx, saved.id, { except: caller.sessionId }, now))
  if (saved.email !== account.email) await askAccountMail(tx, deps, saved, 'verify-email')
  return ok({ user: userOf(saved) })
}
