import type { leaderboardRoutes } from '#contracts/leaderboard'
import { fail, ok } from '#kernel/result'
import type { Instant } from '#kernel/time'
import { type Caller, type Handler, Ready } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Window } from '#ports/ranked-view'
import type { Boards } from '../boards.ts'
import { boardOf, type Head, type Page } from '../page.ts'
import { readyBytes, takesGzip } from '../ready-bytes.ts'

const defaultTop = 100

type Deps = { readonly boards: Boards; readonly clock: Clock }

/**
 * The board as the caller may see it. The usual read (no `around`) is bytes kept ready. Behind the freeze look the contest's owner and admins alone; anybody
 * else who asks is told so, rather than shown another board than was asked for.
 */
export const readBoard =
  (deps: Deps): Handler<(typeof leaderboardRoutes)['GET /api/leaderboard/:contestId']> =>
  async ({ params: { contestId }, query, caller, http }) => {
    const { boards, clock } = deps
    const { top = defaultTop, from = 0, around: sides = 0, unfrozen = false } = query
    const userId = caller?.kind === 'user' ? caller.userId : undefined
    const around = sides > 0 && userId !== undefined ? { id: userId, sides } : undefined
    if (unfrozen) return readFull(deps, { contestId, asked: { top, from, around }, caller })
    if (around !== undefined) {
      const page = await boards.read(contestId, 'public', { top, from, around })
      if (page === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
      const board = boardOf(page, { board: 'public', from }, clock.now())
      if (page.isStale) return ok({ ...board, ...staleMark(page) })
      return ok(new Ready(Buffer.from(JSON.stringify(board)), `"${board.revision}.${userId}"`))
    }
    const usual = await boards.readUsual(contestId, { top, from }, (page) => readyBytes(withoutTime(page, from, clock.now())))
    if (usual === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    if ('page' in usual) return ok({ ...boardOf(usual.page, { board: 'public', from }, clock.now()), ...staleMark(usual.page) })
    const encoding = takesGzip(http.headers['accept-encoding']) ? 'gzip' : 'plain'
    http.setHeader('vary', 'accept-encoding')
    if (encoding === 'gzip') http.setHeader('content-encoding', 'gzip')
    return ok(new Ready(usual.bytes(encoding, clock.now()), `"${usual.revision}"`))
  }

/** Who may is asked before anything of the full board is read. */
async function readFull({ boards, clock }: Deps, { contestId, asked, caller }: { contestId: string; asked: Window; caller: Caller | undefined }) {
  const publicly = await boards.read(contestId, 'public', { top: 0 })
  if (publicly === undefined) return fail({ code: 'BOARD_NOT_FOUND' as const })
  if (!maySeeBehind(publicly.head, caller)) return fail({ code: 'FORBIDDEN' as const })
  const page = await boards.read(contestId, 'full', asked)
  return page === undefined
    ? fail({ code: 'BOARD_NOT_FOUND' as const })
    : ok({ ...boardOf(page, { board: 'full', from: asked.from }, clock.now()), ...staleMark(page) })
}

const staleMark = ({ isStale }: Page) => (isStale ? { stale: true } : {})

function withoutTime(page: Page, from: number, now: Instant) {
  const { serverNow: _, ...board } = boardOf(page, { board: 'public', from }, now)
  return board
}

/** Behind the freeze, and before results are told. */
export const maySeeBehind = (head: Pick<Head, 'ownerId'>, caller: Caller | undefined): boolean =>
  caller?.kind === 'user' && (caller.role === 'admin' || (caller.role === 'teacher' && caller.userId === head.ownerId))
