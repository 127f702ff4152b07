import type { leaderboardRoutes } from '#contracts/leaderboard'
import { fail, ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Handler } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Boards } from '../boards.ts'
import { wordsOf } from '../domain/words.ts'
import { isHidden, shownRows } from '../page.ts'
import { searchParticipants } from '../store-search.ts'

type Deps = { readonly db: Db; readonly boards: Pick<Boards, 'read' | 'find'>; readonly clock: Clock }
const mostRows = 200
/** Words after these change little of what is found and much of what it costs; likewise their letters. */
const mostWords = 6
const mostLetters = 40
/** At once, so that readers who search leave connections for what keeps the board; others wait their turn, but not in a crowd. */
const atOnce = 2
const waitingAtMost = 50

/**
 * Names and schools are the board's, and so is what is found: nothing before the start, nothing from behind the freeze. The database knows the words, the
 * ranked view where each row stands; a row that one has and the other not yet is left out until the next time.
 */
export function searchBoard({ db, boards, clock }: Deps): Handler<(typeof leaderboardRoutes)['GET /api/leaderboard/:contestId/search']> {
  const inTurn = openTurns(atOnce, waitingAtMost)
  return async ({ params: { contestId }, query }) => {
    const board = await boards.read(contestId, 'public', { top: 0 })
    if (board === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    const none = { contestId, revision: board.head.revision, rows: [], more: false, serverNow: toIso(clock.now()) }
    if (isHidden(board.head, 'public')) return ok(none)
    const ids = query.users?.split(',') ?? (await inTurn(() => idsFor(db, contestId, query)))
    if (ids === undefined) return fail({ code: 'UNAVAILABLE' })
    const page = await boards.find(contestId, ids.slice(0, mostRows))
    if (page === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    if (isHidden(page.head, 'public')) return ok(none)
    return ok({ ...none, revision: page.head.revision, rows: shownRows(page, undefined), more: ids.length > mostRows })
  }
}

async function idsFor(db: Db, contestId: string, { text = '', school = '' }: { text?: string; school?: string }): Promise<string[]> {
  const [anywhere, ofSchool] = [text, school].map((typed) =>
    wordsOf(typed)
      .slice(0, mostWords)
      .map((word) => word.slice(0, mostLetters)),
  ) as [string[], string[]]
  if (anywhere.length + ofSchool.length === 0) return []
  return searchParticipants(db, contestId, { anywhere, school: ofSchool }, mostRows + 1)
}

/** Undefined: too many wait already. */
function openTurns(most: number, waiting: number) {
  const queue: (() => void)[] = []
  let atWork = 0
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (atWork < most) atWork += 1
    else if (queue.length >= waiting) return undefined
    else await new Promise<void>((turn) => queue.push(turn))
    try {
      return await work()
    } finally {
      const next = queue.shift() // takes the place over
      if (next) next()
      else atWork -= 1
    }
  }
}
