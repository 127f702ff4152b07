import type { leaderboardRoutes } from '#contracts/leaderboard'
import { fail, ok } from '#kernel/result'
import { type Caller, type Handler, Ready } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Boards } from '../boards.ts'
import { takesGzip } from '../ready-bytes.ts'
import { boardOf, readyAnswer, type View } from '../view.ts'

const defaultTop = 100

/**
 * The board as the caller may see it. The usual read (no `around`) is bytes kept ready. Behind the freeze look the contest's owner and admins alone; anybody
 * else who asks is told so, rather than shown another board than was asked for.
 */
export const readBoard =
  ({ boards, clock }: { boards: Boards; clock: Clock }): Handler<(typeof leaderboardRoutes)['GET /api/leaderboard/:contestId']> =>
  async ({ params, query, caller, http }) => {
    const found = await boards.read(params.contestId)
    if (found === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    const { view, isStale } = found
    const { top = defaultTop, around = 0, unfrozen = false } = query
    if (unfrozen && !maySeeBehind(view, caller)) return fail({ code: 'FORBIDDEN' })
    const userId = caller?.kind === 'user' ? caller.userId : undefined
    const now = clock.now()
    if (isStale) return ok({ ...boardOf(view, { top, around, userId, unfrozen }, now), stale: true })
    if (unfrozen) return ok(boardOf(view, { top, around, userId, unfrozen }, now))
    const revision = view.contest.publicRevision
    if (around === 0 || userId === undefined) {
      const encoding = takesGzip(http.headers['accept-encoding']) ? 'gzip' : 'plain'
      http.setHeader('vary', 'accept-encoding')
      if (encoding === 'gzip') http.setHeader('content-encoding', 'gzip')
      return ok(new Ready(readyAnswer(view, top, now)(encoding, now), `"${revision}"`))
    }
    const own = JSON.stringify(boardOf(view, { top, around, userId, unfrozen }, now))
    return ok(new Ready(Buffer.from(own), `"${revision}.${userId}"`))
  }

const maySeeBehind = (view: View, caller: Caller | undefined): boolean =>
  caller?.kind === 'user' && (caller.role === 'admin' || (caller.role === 'teacher' && caller.userId === view.contest.snapshot.ownerId))
