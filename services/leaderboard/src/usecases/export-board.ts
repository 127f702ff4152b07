import type { BoardRow, leaderboardRoutes } from '#contracts/leaderboard'
import { fail, ok } from '#kernel/result'
import { type Handler, Ready } from '#kit/define-service'
import type { Boards } from '../boards.ts'
import { shownRow } from '../domain/board.ts'
import { csvText } from '../domain/csv.ts'
import { resultsTable } from '../domain/results-table.ts'
import type { Page } from '../page.ts'
import { xlsxBytes } from '../xlsx.ts'
import { maySeeBehind } from './read-board.ts'

/** Rows held at once while they are written; a file of more would open in few spreadsheets. */
const mostRows = 100_000

type Deps = { readonly boards: Pick<Boards, 'read'>; readonly rowsAtMost?: number }

/**
 * All results as a file, behind any freeze and before they are told to participants: for the contest's owner and admins alone, which is asked before anything
 * of the full board is read. Written as it is sent.
 */
export const exportBoard =
  ({ boards, rowsAtMost = mostRows }: Deps): Handler<(typeof leaderboardRoutes)['GET /api/leaderboard/:contestId/export']> =>
  async ({ params: { contestId }, query, caller, http }) => {
    const publicly = await boards.read(contestId, 'public', { top: 0 })
    if (publicly === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    if (!maySeeBehind(publicly.head, caller)) return fail({ code: 'FORBIDDEN' })
    const page = await boards.read(contestId, 'full', { top: rowsAtMost })
    if (page === undefined) return fail({ code: 'BOARD_NOT_FOUND' })
    // marks are given by it: an old board must not pass for the last word
    if (page.isStale) return fail({ code: 'UNAVAILABLE' })
    const { format, separator = 'comma', language = 'en' } = query
    const { head, total } = page
    const table = resultsTable({ head, total, rows: shownRows(page), language })
    http.setHeader('content-disposition', `attachment; filename="results-${contestId}.${format}"`)
    http.setHeader('x-content-type-options', 'nosniff')
    if (format === 'csv') return ok(new Ready(inBytes(csvText(table, separator))))
    const columns = 5 + (head.format === 'icpc' ? 1 : 0) + 3 * head.problems.length
    return ok(new Ready(xlsxBytes(table, { name: 'Results', columns })))
  }

function* shownRows({ head, rows }: Page): Generator<BoardRow> {
  for (const row of rows) yield shownRow(head, row)
}
async function* inBytes(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece)
}
