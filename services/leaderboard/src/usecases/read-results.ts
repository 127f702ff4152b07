import type { leaderboardRoutes } from '#contracts/leaderboard'
import { fail, ok } from '#kernel/result'
import type { Handler } from '#kit/define-service'
import type { Db } from '#ports/db'
import type { Boards } from '../boards.ts'
import { shownRow } from '../domain/board.ts'
import * as store from '../store.ts'

type Deps = { readonly db: Db; readonly boards: Boards }
/** Of this process: contests that were found settled, as of which version. */
const maxRemembered = 200

/**
 * Final rows of some participants. Before the board is thawed there are none, and `settled` is false. Settled is said only of the very revision that the
 * rows are of: with nothing pending at it, no later one can differ but by a rejudge. Looking for what is pending reads every row of the board, once a
 * version; each participant costs one read of the ranked view. Who has no row is left out.
 */
export function readResults({ db, boards }: Deps): Handler<(typeof leaderboardRoutes)['POST /internal/results/:contestId']> {
  const settledAt = new Map<string, number>()
  const remember = (contestId: string, version: number) => {
    settledAt.delete(contestId)
    settledAt.set(contestId, version)
    for (const oldest of settledAt.keys()) if (settledAt.size > maxRemembered) settledAt.delete(oldest)
  }
  return async ({ params: { contestId }, body }) => {
    const found = await store.findOutcome(db, contestId, settledAt.get(contestId))
    if (found === undefined || found.deleted) return fail({ code: 'BOARD_NOT_FOUND' })
    const none = { settled: false, format: found.format, total: 0, problemCount: found.problemCount, rows: [] }
    if (found.phase !== 'thawed') return ok(none)
    if (!found.hasPending) remember(contestId, found.version)
    const answer = { ...none, settled: !found.hasPending, rows: [] as Row[] }
    for (const userId of new Set(body.userIds)) {
      const page = await boards.read(contestId, 'public', { top: 0, around: { id: userId, sides: 0 } })
      if (page === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
      if (page.isStale) return fail({ code: 'UNAVAILABLE' })
      if (page.head.phase !== 'thawed') return ok(none)
      answer.total = page.total
      answer.settled &&= page.head.revision === found.publicRevision
      const [row] = page.rows
      if (row?.id === userId) answer.rows.push(resultOf(shownRow(page.head, row)))
    }
    return ok(answer)
  }
}

type Row = { userId: string; rank: number; score: number; penalty: number; solved: number; attempted: number }
const resultOf = ({ userId, rank, score, penalty, cells }: ReturnType<typeof shownRow>): Row => ({
  userId,
  rank,
  score,
  penalty,
  solved: cells.filter((cell) => cell.solved).length,
  attempted: cells.filter((cell) => cell.attempts > 0 || cell.pending > 0).length,
})
