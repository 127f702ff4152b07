import type { ApiFailure, ErrorCode } from '#contracts/errors'
import type { User } from '#contracts/user'
import { networkOf } from '#kernel/network'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps } from '#kit/define-service'
import { userOf } from '../domain/account.ts'
import { budgets } from '../domain/throttling.ts'
import { askAccountMail } from '../give-token.ts'
import { type AccountDraft, addAccount, readDraft } from '../new-account.ts'
import { busy, type Passwords } from '../passwords.ts'
import { spend, spendMailTo } from '../throttle.ts'

type RegisterDeps = Pick<Deps, 'db' | 'outbox' | 'cache' | 'clock' | 'ids' | 'seals'> & { passwords: Passwords }
type RegisterCode = 'EMAIL_TAKEN' | 'USERNAME_TAKEN' | 'LOGIN_NAME_MISSING' | 'PASSWORD_WEAK' | 'TOO_MANY_REQUESTS'

/** Makes a student's account, and asks for the mail that proves its address. It says which login name is taken, as a form must; the address budget is what slows who fishes for names by it. */
export async function register(
  deps: RegisterDeps,
  draft: Omit<AccountDraft, 'role'>,
  ip: string,
): Promise<Result<{ user: User }, ApiFailure<RegisterCode & ErrorCode>>> {
  const admitted = await spend(deps.cache, `user:register:${networkOf(ip)}`, budgets.registerByAddress)
  if (!admitted.ok) return admitted
  const read = readDraft({ ...draft, role: 'student' })
  if (!read.ok) return fail({ code: read.error })
  const hashed = await deps.passwords.hash(draft.password)
  if (!hashed.ok) return fail(busy)
  const added = await addAccount(deps, {
    read: read.value,
    passwordHash: hashed.value,
    andThen: async (tx, account) => {
      // an address that has had enough is registered all the same, and proven later
      if (account.email !== undefined && (await spendMailTo(deps.cache, account.email)).ok) await askAccountMail(tx, deps, account, 'welcome')
    },
  })
  return added.ok ? ok({ user: userOf(added.value) }) : fail({ code: added.error })
}
