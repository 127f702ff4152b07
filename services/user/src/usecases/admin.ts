import type { Role } from '#contracts/common'
import type { ApiFailure } from '#contracts/errors'
import type { UserForAdmin } from '#contracts/user'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { changeAccount } from '../change-account.ts'
import { userForAdmin } from '../domain/account.ts'
import { liveAccount } from '../live-account.ts'
import { listAccounts } from '../store.ts'

type ListQuery = { query?: string; limit?: number; after?: string }
type Listed = { users: UserForAdmin[]; next?: string }
const defaultLimit = 50

/** Accounts, newest first; `next` is what to ask `after` for, when there are more. */
export async function listUsers(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { query, limit = defaultLimit, after }: ListQuery,
  caller: UserCaller,
): Promise<Result<Listed, ApiFailure<'TOKEN_EXPIRED'>>> {
  const live = await liveAccount(db, caller, clock.now())
  if (!live.ok) return fail({ code: 'TOKEN_EXPIRED' })
  const found = await listAccounts(db, { text: query?.normalize('NFC').trim() ?? '', limit, after })
  const users = found.slice(0, limit).map(userForAdmin)
  const last = users.at(-1)
  return ok({ users, ...(found.length > limit && last ? { next: last.id } : {}) })
}

type Change = { role?: Role; disabled?: boolean }
/** Another's role, or whether the account may be used. */
export function changeUser(
  deps: Pick<Deps, 'db' | 'outbox' | 'clock'>,
  { id, change, caller }: { id: string; change: Change; caller: UserCaller },
): Promise<Result<{ user: UserForAdmin }, ApiFailure<'USER_NOT_FOUND' | 'LAST_ADMIN' | 'TOKEN_EXPIRED'>>> {
  return deps.db.transaction(async (tx) => {
    const changed = await changeAccount(tx, deps, {
      id,
      change,
      // asked after the lock on all admins, so that an admin who is being demoted at this moment decides nothing more
      mayGoOn: async () => (await liveAccount(tx, caller, deps.clock.now())).ok,
    })
    return changed.ok ? ok({ user: userForAdmin(changed.value) }) : fail({ code: changed.error })
  })
}
