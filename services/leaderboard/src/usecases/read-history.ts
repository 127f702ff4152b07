import type { BoardHistory, leaderboardRoutes } from '#contracts/leaderboard'
import { fail, ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import { type Handler, Ready } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Boards } from '../boards.ts'
import { stepsOf } from '../domain/history.ts'
import { isHidden, type Page, shownRows } from '../page.ts'
import { loadPublicFacts } from '../store-search.ts'

type Deps = { readonly db: Db; readonly boards: Pick<Boards, 'read'>; readonly clock: Clock }
type Lines = BoardHistory['lines']
const defaultTop = 10
/** Of this process: the lines of the first, by contest and how many. */
const maxRemembered = 200

/**
 * The way of the first, and of the caller, to their scores. Computed from the log with the public board's cut, once a revision for all who ask: the lines of
 * the first are shared, the caller's own is one participant's facts.
 */
export function readHistory({ db, boards, clock }: Deps): Handler<(typeof leaderboardRoutes)['GET /api/leaderboard/:contestId/history']> {
  const firsts = rememberLines(maxRemembered)
  return async ({ params: { contestId }, query: { top = defaultTop }, caller }) => {
    const userId = caller?.kind === 'user' ? caller.userId : undefined
    const page = await boards.read(contestId, 'public', { top, ...(userId !== undefined && { around: { id: userId, sides: 0 } }) })
    if (page === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    const { head } = page
    const answer = { contestId, revision: head.revision, format: head.format, frozen: head.phase === 'frozen' }
    if (isHidden(head, 'public')) return ok({ ...answer, lines: [], serverNow: toIso(clock.now()) })
    const first = { ...page, rows: page.rows.filter((row) => row.at < top) }
    const own = { ...page, rows: page.rows.filter((row) => row.at >= top) }
    const lines = [...(await firsts(`${contestId} ${top}`, head.revision, () => linesOf(db, first))), ...(own.rows.length === 0 ? [] : await linesOf(db, own))]
    const body = Buffer.from(JSON.stringify({ ...answer, lines, serverNow: toIso(clock.now()) } satisfies BoardHistory))
    return ok(page.isStale ? { ...answer, lines, serverNow: toIso(clock.now()) } : new Ready(body, `"${head.revision}.${userId ?? ''}"`))
  }
}

async function linesOf(db: Db, page: Page): Promise<Lines> {
  const rows = shownRows(page, undefined)
  const known = await loadPublicFacts(
    db,
    page.head.contestId,
    rows.map(({ userId }) => userId),
  )
  if (known === undefined) return []
  const factsOf = Map.groupBy(known.facts, (fact) => fact.userId)
  return rows.map(({ userId, name, rank }) => ({ userId, name, rank, steps: stepsOf(known.rules, userId, factsOf.get(userId) ?? [], known.cut) }))
}

/** The newest revision's lines of each key, made once however many ask at once; the longest unused go, and what failed is asked for again. */
function rememberLines(most: number) {
  const kept = new Map<string, { readonly revision: number; readonly lines: Promise<Lines> }>()
  return async (key: string, revision: number, make: () => Promise<Lines>): Promise<Lines> => {
    const known = kept.get(key)
    const entry = known?.revision === revision ? known : { revision, lines: make() }
    kept.delete(key)
    kept.set(key, entry)
    for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest)
    return entry.lines.catch((cause: unknown) => {
      if (kept.get(key) === entry) kept.delete(key)
      throw cause
    })
  }
}
