import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import type { UserCaller } from '#kit/define-service'
import type { Queryable } from '#ports/db'
import type { Account } from './domain/account.ts'
import { isLive } from './domain/refresh-decision.ts'
import { findSession } from './session-store.ts'
import { findAccount } from './store.ts'

/**
 * The caller's account, as it is now. Elsewhere an access token is good until it expires; here, where accounts change, what it says is not enough:
 * a session that was ended, a disabled account, a role that was taken away may change nothing more in the ten minutes the token has left.
 */
export async function liveAccount(
  q: Queryable,
  caller: UserCaller,
  now: Instant,
  lock: 'none' | 'update' = 'none',
): Promise<Result<Account, ApiFailure<'USER_NOT_FOUND' | 'TOKEN_EXPIRED'>>> {
  const account = await findAccount(q, caller.userId, lock)
  if (!account) return fail({ code: 'USER_NOT_FOUND' })
  const session = await findSession(q, caller.sessionId)
  if (!session || session.userId !== account.id || !isLive(session, now) || account.disabled || account.role !== caller.role)
    return fail({ code: 'TOKEN_EXPIRED' })
  return ok(account)
}
