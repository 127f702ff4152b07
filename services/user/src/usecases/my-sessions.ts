import type { ApiFailure } from '#contracts/errors'
import type { MySession } from '#contracts/user'
import { fail, ok, type Result } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { liveAccount } from '../live-account.ts'
import { endSessions, listLiveSessions } from '../session-store.ts'
import { tellSessionsEnded } from '../tell.ts'

type SessionDeps = Pick<Deps, 'db' | 'outbox' | 'clock'>
type Gone = 'USER_NOT_FOUND' | 'TOKEN_EXPIRED'

/** Where one is logged in, last used first. */
export async function listMySessions({ db, clock }: SessionDeps, caller: UserCaller): Promise<Result<{ sessions: MySession[] }, ApiFailure<Gone>>> {
  const now = clock.now()
  const live = await liveAccount(db, caller, now)
  if (!live.ok) return live
  const sessions = (await listLiveSessions(db, caller.userId, now)).map(({ id, startedAt, lastUsedAt, ...device }) => ({
    id,
    startedAt: toIso(startedAt),
    lastUsedAt: toIso(lastUsedAt),
    current: id === caller.sessionId,
    ...device,
  }))
  return ok({ sessions })
}

/**
 * Logs out one session of one's own, or (`others`) all but this one. Sockets close at once, and here its access token is refused at once; elsewhere that is
 * good for the minutes it has left. Somebody else's session is not there.
 */
export function endMySessions(
  { db, outbox, clock }: SessionDeps,
  which: { readonly only: string } | 'others',
  caller: UserCaller,
): Promise<Result<{ ended: number }, ApiFailure<Gone | 'SESSION_NOT_FOUND'>>> {
  return db.transaction(async (tx) => {
    const now = clock.now()
    // the account is locked first, as by whoever ends or begins a session: of two at once, the second sees what the first has ended
    const live = await liveAccount(tx, caller, now, 'update')
    if (!live.ok) return live
    const ended = await endSessions(tx, caller.userId, which === 'others' ? { except: caller.sessionId } : which, now)
    if (which !== 'others' && ended.length === 0) return fail({ code: 'SESSION_NOT_FOUND' })
    await tellSessionsEnded(outbox, tx, caller.userId, ended)
    return ok({ ended: ended.length })
  })
}
