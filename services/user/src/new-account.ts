import type { Role } from '#contracts/common'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import type { Account, Language } from './domain/account.ts'
import { foldEmail, foldUsername, tidy } from './domain/login-name.ts'
import { isWeak } from './domain/password-rule.ts'
import { insertAccount, takenName } from './store.ts'
import { tellRegistered } from './tell.ts'

export type AccountDraft = {
  readonly email?: string | undefined
  readonly username?: string | undefined
  readonly password: string
  readonly name: string
  readonly school?: string | undefined
  readonly language?: Language | undefined
  readonly role: Role
}
type ReadDraft = Pick<Account, 'email' | 'username' | 'name' | 'school' | 'language' | 'role'>

/** A draft as it will be stored, or the rule it breaks. Without the password: that is hashed apart, outside any transaction. */
export function readDraft(draft: AccountDraft): Result<ReadDraft, 'LOGIN_NAME_MISSING' | 'PASSWORD_WEAK'> {
  const email = draft.email === undefined ? undefined : foldEmail(draft.email)
  const username = draft.username === undefined ? undefined : foldUsername(draft.username)
  if (email === undefined && username === undefined) return fail('LOGIN_NAME_MISSING')
  if (isWeak(draft.password, [email, username])) return fail('PASSWORD_WEAK')
  return ok({ email, username, name: tidy(draft.name), school: tidy(draft.school ?? ''), language: draft.language ?? 'en', role: draft.role })
}

type AddDeps = Pick<Deps, 'db' | 'outbox' | 'clock' | 'ids'>
type Added = (tx: Tx, account: Account) => Promise<void>
/** Writes the account and tells of it; `andThen` in the same transaction. Of two that ask for one name at once, the index lets one through. */
export async function addAccount(
  deps: AddDeps,
  { read, passwordHash, andThen }: { read: ReadDraft; passwordHash: string; andThen?: Added },
): Promise<Result<Account, 'EMAIL_TAKEN' | 'USERNAME_TAKEN'>> {
  try {
    return ok(
      await deps.db.transaction(async (tx) => {
        const account = await addAccountIn(tx, deps, read, passwordHash)
        await andThen?.(tx, account)
        return account
      }),
    )
  } catch (cause) {
    const taken = takenName(cause)
    if (taken === undefined) throw cause
    return fail(taken)
  }
}

/** @throws DbError 23505 when a login name is taken. */
export async function addAccountIn(tx: Tx, { outbox, clock, ids }: Omit<AddDeps, 'db'>, read: ReadDraft, passwordHash: string): Promise<Account> {
  const now = clock.now()
  const account: Account = { ...read, id: ids.next(), emailVerified: false, passwordHash, disabled: false, revision: 1, sessionsValidFrom: now, createdAt: now }
  await insertAccount(tx, account)
  await tellRegistered(outbox, tx, account)
  return account
}
