import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Caller, Deps, HttpContext } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { clearCookie, isOwnPage, readCookie, refreshCookie } from '../domain/cookies.ts'
import { hashToken } from '../secrets.ts'
import { endSessions, findTokenOwner } from '../session-store.ts'
import { tellSessionsEnded } from '../tell.ts'

type LogoutInput = { body: { refreshToken?: string }; caller: Caller | undefined; http: HttpContext }

/** Ends the session of the token (body, else cookie) and of the access token, when sent. Again and again does nothing more; any token of the family will do. */
export async function logout(
  { db, outbox, clock }: Pick<Deps, 'db' | 'outbox' | 'clock'>,
  { body, caller, http }: LogoutInput,
): Promise<Result<null, ApiFailure<'FORBIDDEN'>>> {
  const cookie = readCookie(http.headers.cookie, refreshCookie)
  if (cookie !== undefined && !isOwnPage(http.headers)) return fail({ code: 'FORBIDDEN' })
  const token = body.refreshToken ?? cookie
  const end = async (tx: Tx, userId: string, sessionId: string) =>
    tellSessionsEnded(outbox, tx, userId, await endSessions(tx, userId, { only: sessionId }, clock.now()))
  if (token !== undefined || caller?.kind === 'user') {
    await db.transaction(async (tx) => {
      const owner = token === undefined ? undefined : await findTokenOwner(tx, hashToken(token))
      if (owner) await end(tx, owner.userId, owner.sessionId)
      if (caller?.kind === 'user') await end(tx, caller.userId, caller.sessionId)
    })
  }
  if (body.refreshToken === undefined) http.setHeader('set-cookie', clearCookie(refreshCookie, http.secure))
  return ok(null)
}
