import type { Role } from '#contracts/common'
import { fail, ok, type Result } from '#kernel/result'
import type { Account } from './account.ts'

/**
 * The account with another role or standing; the same object when nothing changes. `enabledAdmins` are the ids of all who can administer now: the
 * last of them can be neither demoted nor disabled, by anyone, themselves included.
 */
export function decideStanding(
  account: Account,
  change: { readonly role?: Role; readonly disabled?: boolean },
  enabledAdmins: readonly string[],
): Result<Account, 'LAST_ADMIN'> {
  const wanted = { ...account, role: change.role ?? account.role, disabled: change.disabled ?? account.disabled }
  if (wanted.role === account.role && wanted.disabled === account.disabled) return ok(account)
  const isAdminAfter = wanted.role === 'admin' && !wanted.disabled
  if (!isAdminAfter && enabledAdmins.every((id) => id === account.id) && enabledAdmins.includes(account.id)) return fail('LAST_ADMIN')
  return ok(wanted)
}
