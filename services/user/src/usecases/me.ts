import type { ApiFailure } from '#contracts/errors'
import type { User } from '#contracts/user'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type Account, type Language, userOf } from '../domain/account.ts'
import { isWeak } from '../domain/password-rule.ts'
import { changedAccount, type ProfileChange } from '../domain/profile.ts'
import { budgets } from '../domain/throttling.ts'
import { liveAccount } from '../live-account.ts'
import { busy, type Passwords } from '../passwords.ts'
import { endSessions } from '../session-store.ts'
import { saveAccount, takenName } from '../store.ts'
import { tellSessionsEnded, tellUpdated } from '../tell.ts'
import { spend } from '../throttle.ts'

type MeDeps = Pick<Deps, 'db' | 'outbox' | 'cache' | 'clock'> & { passwords: Passwords }
type Change = ProfileChange & { language?: Language; password?: string; currentPassword?: string }
type MeCode = 'USER_NOT_FOUND' | 'EMAIL_TAKEN' | 'USERNAME_TAKEN' | 'PASSWORD_WEAK' | 'PASSWORD_WRONG' | 'TOO_MANY_REQUESTS' | 'TOKEN_EXPIRED'

export async function getMe(
  deps: Pick<Deps, 'db' | 'clock'>,
  caller: UserCaller,
): Promise<Result<{ user: User }, ApiFailure<'USER_NOT_FOUND' | 'TOKEN_EXPIRED'>>> {
  const live = await liveAccount(deps.db, caller, deps.clock.now())
  return live.ok ? ok({ user: userOf(live.value) }) : live
}

/** Changes one's own account. A new password ends every session but this one. Nothing new: nothing written, nothing told. */
export async function changeMe(deps: MeDeps, change: Change, caller: UserCaller): Promise<Result<{ user: User }, ApiFailure<MeCode>>> {
  const live = await liveAccount(deps.db, caller, deps.clock.now())
  if (!live.ok) return live
  const hashed = change.password === undefined ? ok(undefined) : await newHash(deps, live.value, { ...change, password: change.password })
  if (!hashed.ok) return hashed
  try {
    return await deps.db.transaction((tx) => save(tx, deps, { change, caller, verified: live.value, newHash: hashed.value }))
  } catch (cause) {
    const taken = takenName(cause)
    if (taken === undefined) throw cause
    return fail({ code: taken })
  }
}

/** The hash of the new password, when the current one is right and the new one good enough. */
async function newHash(
  { passwords, cache }: MeDeps,
  account: Account,
  change: Change & { password: string },
): Promise<Result<string, ApiFailure<'PASSWORD_WEAK' | 'PASSWORD_WRONG' | 'TOO_MANY_REQUESTS'>>> {
  const admitted = await spend(cache, `user:password:${account.id}`, budgets.currentPassword)
  if (!admitted.ok) return admitted
  const right = await passwords.verify(account.passwordHash, change.currentPassword ?? '')
  if (!right.ok) return fail(busy)
  if (!right.value) return fail({ code: 'PASSWORD_WRONG' })
  await admitted.value.giveBack()
  const { email, username } = changedAccount(account, change)
  if (isWeak(change.password, [email, username])) return fail({ code: 'PASSWORD_WEAK' })
  const hashed = await passwords.hash(change.password)
  return hashed.ok ? hashed : fail(busy)
}

type Saving = { change: Change; caller: UserCaller; verified: Account; newHash: string | undefined }
async function save(tx: Tx, { outbox, clock }: MeDeps, { change, caller, verified, newHash }: Saving): Promise<Result<{ user: User }, ApiFailure<MeCode>>> {
  const now = clock.now()
  const live = await liveAccount(tx, caller, now, 'update')
  if (!live.ok) return live
  const account = live.value
  if (newHash !== undefined && account.passwordHash !== verified.passwordHash) return fail({ code: 'PASSWORD_WRONG' }) // changed since it was verified
  const wanted = { ...changedAccount(account, change), passwordHash: newHash ?? account.passwordHash }
  if (Object.entries(wanted).every(([field, value]) => account[field as keyof Account] === value)) return ok({ user: userOf(account) })
  const saved = await saveAccount(tx, wanted)
  await tellUpdated(outbox, tx, saved)
  if (newHash !== undefined) await tellSessionsEnded(outbox, tx, saved.id, await endSessions(tx, saved.id, { except: caller.sessionId }, now))
  return ok({ user: userOf(saved) })
}
