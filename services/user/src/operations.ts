import type { Role } from '#contracts/common'
import type { UserForAdmin } from '#contracts/user'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { changeAccount, saveAndEndSessions } from './change-account.ts'
import { type Account, userForAdmin } from './domain/account.ts'
import { loginNameOf } from './domain/login-name.ts'
import { openKeyring } from './keyring.ts'
import { type AccountDraft, addAccount, addAccountIn, readDraft } from './new-account.ts'
import { openPasswords } from './passwords.ts'
import { randomPassword } from './secrets.ts'
import { findAccountByLogin, lockEnabledAdmins, lockFirstAdmin, takenName } from './store.ts'

/**
 * What the operator's command line and the seeder do with accounts, on the service's own `Db` and outbox. They tell what they change like the routes do;
 * an outbox that is never started will do, since the running service sweeps what is left unpublished after three seconds.
 */
export type OperationDeps = Pick<Deps, 'db' | 'outbox' | 'clock' | 'ids'>
export { claimFirstStep, finishFirstStep } from './first-steps.ts'
export { randomPassword } from './secrets.ts'

type FirstAdmin = { readonly email?: string | undefined; readonly username?: string | undefined; readonly password: string; readonly name?: string }

/**
 * Makes the first admin when nobody can administer. Idempotent; of several replicas starting at once one does it.
 * @throws when the login name belongs to an account that is no admin, or the password is too weak: both are the operator's to settle.
 */
export async function ensureFirstAdmin(deps: OperationDeps, { email, username, password, name = 'Administrator' }: FirstAdmin): Promise<{ created: boolean }> {
  if (await hasAdmin(deps)) return { created: false }
  const read = readDraft({ email, username, password, name, role: 'admin' })
  if (!read.ok)
    throw new Error(read.error === 'PASSWORD_WEAK' ? "the first admin's password is too short or too common" : 'the first admin needs an e-mail or a username')
  const passwordHash = await hashOf(password)
  try {
    return await deps.db.transaction(async (tx) => {
      await lockFirstAdmin(tx)
      if ((await lockEnabledAdmins(tx)).length > 0) return { created: false }
      await addAccountIn(tx, deps, read.value, passwordHash)
      return { created: true }
    })
  } catch (cause) {
    if (takenName(cause) === undefined) throw cause
    throw new Error(`there is no admin, and ${email ?? username} is the login of another account: give that account the role admin, or choose another login`, {
      cause,
    })
  }
}
const hasAdmin = ({ db }: OperationDeps) => db.transaction(async (tx) => (await lockEnabledAdmins(tx)).length > 0)

type CreateFailure = 'LOGIN_NAME_MISSING' | 'PASSWORD_WEAK' | 'EMAIL_TAKEN' | 'USERNAME_TAKEN'
/** An account of any role, under the same rules as registration. */
export async function createUser(deps: OperationDeps, draft: AccountDraft): Promise<Result<UserForAdmin, CreateFailure>> {
  const read = readDraft(draft)
  if (!read.ok) return read
  const added = await addAccount(deps, { read: read.value, passwordHash: await hashOf(draft.password) })
  return added.ok ? ok(userForAdmin(added.value)) : added
}

/** A new random password for who is locked out; ends that user's sessions. `loginName`: e-mail or username. */
export async function resetPassword(deps: OperationDeps, loginName: string): Promise<Result<{ password: string; user: UserForAdmin }, 'USER_NOT_FOUND'>> {
  const password = randomPassword()
  const passwordHash = await hashOf(password)
  return deps.db.transaction(async (tx) => {
    const account = await findByText(tx, loginName, 'update')
    if (!account) return fail('USER_NOT_FOUND')
    return ok({ password, user: userForAdmin(await saveAndEndSessions(tx, deps, { before: account, wanted: { ...account, passwordHash } })) })
  })
}

/** Another role for an account; ends that user's sessions when it is another. */
export function setRole(deps: OperationDeps, loginName: string, role: Role): Promise<Result<UserForAdmin, 'USER_NOT_FOUND' | 'LAST_ADMIN'>> {
  return deps.db.transaction(async (tx) => {
    const account = await findByText(tx, loginName, 'none')
    if (!account) return fail('USER_NOT_FOUND')
    const changed = await changeAccount(tx, deps, { id: account.id, change: { role } })
    if (changed.ok) return ok(userForAdmin(changed.value))
    return fail(changed.error === 'LAST_ADMIN' ? 'LAST_ADMIN' : 'USER_NOT_FOUND')
  })
}

/**
 * An access token of an account, without a session: it lasts as long as any (ten minutes) and cannot be renewed. For what the arena does as a user of its
 * own. @returns undefined when there is no such account, or it is disabled.
 */
export async function tokenOf(deps: OperationDeps, loginName: string): Promise<string | undefined> {
  const account = await deps.db.transaction((tx) => findByText(tx, loginName, 'none'))
  if (!account || account.disabled) return undefined
  return openKeyring(deps).sign({ sub: account.id, role: account.role, name: account.name, sid: deps.ids.next() })
}

/** Whose login name it is. */
export async function findUserId({ db }: Pick<OperationDeps, 'db'>, loginName: string): Promise<string | undefined> {
  return (await db.transaction((tx) => findByText(tx, loginName, 'none')))?.id
}

async function findByText(tx: Tx, text: string, lock: 'none' | 'update'): Promise<Account | undefined> {
  const name = loginNameOf({ username: text })
  return name && findAccountByLogin(tx, name, lock)
}

async function hashOf(password: string): Promise<string> {
  const hashed = await (await openPasswords()).hash(password)
  if (!hashed.ok) throw new Error('a queue of one was full')
  return hashed.value
}
