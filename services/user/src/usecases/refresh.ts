import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, HttpContext } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { isOwnPage, readCookie, refreshCookie } from '../domain/cookies.ts'
import { decideRefresh, type RefreshDecision } from '../domain/refresh-decision.ts'
import type { Keyring } from '../keyring.ts'
import { type Live, type Pair, pairFor } from '../pair.ts'
import { hashToken, randomToken } from '../secrets.ts'
import { endSessions, findSession, findTokenOwner, insertToken, markUsed, prolongSession, replaceSuccessors, tokenFacts } from '../session-store.ts'
import { findAccount } from '../store.ts'
import { tellSessionsEnded } from '../tell.ts'

type RefreshDeps = Pick<Deps, 'db' | 'outbox' | 'clock'> & { keyring: Keyring }
type RefreshFailure = ApiFailure<'REFRESH_INVALID' | 'REFRESH_REUSED' | 'ACCOUNT_DISABLED' | 'FORBIDDEN'>

/**
 * Trades a refresh token for a new pair (the rules: domain/refresh-decision.ts). A refused cookie is left where it is: the answer may be late, and
 * clearing would throw away a newer one.
 */
export async function refresh(deps: RefreshDeps, body: { refreshToken?: string }, http: HttpContext): Promise<Result<Pair, RefreshFailure>> {
  const given = body.refreshToken
  if (given === undefined && !isOwnPage(http.headers)) return fail({ code: 'FORBIDDEN' })
  const token = given ?? readCookie(http.headers.cookie, refreshCookie)
  if (token === undefined) return fail({ code: 'REFRESH_INVALID' })
  const traded = await deps.db.transaction((tx) => trade(tx, deps, hashToken(token)))
  return traded.ok ? ok(await pairFor(deps, traded.value, { http, inBody: given !== undefined })) : traded
}

/** Locks account, then session: the same order as whoever ends all sessions of an account. */
async function trade(tx: Tx, { outbox, clock }: RefreshDeps, hash: Uint8Array): Promise<Result<Live, RefreshFailure>> {
  const owner = await findTokenOwner(tx, hash)
  if (!owner) return fail({ code: 'REFRESH_INVALID' })
  const account = await findAccount(tx, owner.userId, 'share')
  const session = await findSession(tx, owner.sessionId, 'update')
  if (!account || !session) return fail({ code: 'REFRESH_INVALID' })
  if (account.disabled) return fail({ code: 'ACCOUNT_DISABLED' })
  const now = clock.now()
  const decision: RefreshDecision = decideRefresh(session, await tokenFacts(tx, hash), now)
  if (decision === 'over') return fail({ code: 'REFRESH_INVALID' })
  if (decision === 'reuse') {
    const ended = await endSessions(tx, account.id, { only: session.id }, now)
    await tellSessionsEnded(outbox, tx, account.id, ended)
    return fail({ code: 'REFRESH_REUSED' })
  }
  if (decision === 'rotate') await markUsed(tx, hash, now)
  if (decision === 'replace') await replaceSuccessors(tx, hash, now)
  const refreshToken = randomToken()
  await insertToken(tx, { hash: hashToken(refreshToken), sessionId: session.id, parent: hash }, now)
  await prolongSession(tx, session, now)
  return ok({ account, sessionId: session.id, startedAt: session.startedAt, refreshToken })
}
