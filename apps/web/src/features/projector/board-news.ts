/** What has happened between two looks at a public board, in words for a hall. Nothing that the board itself does not show. */
import type { Board, BoardCell, BoardRow } from '#contracts/leaderboard'

export type News = { readonly id: string; readonly kind: 'solved' | 'first' | 'better' | 'lead' | 'tried'; readonly name: string; readonly problem: string }

/** Told at once: more cannot be read. The weightiest first. */
const most = 6
const weight = { lead: 0, first: 1, solved: 2, better: 3, tried: 4 } as const

export function newsBetween(before: Board | undefined, after: Board): News[] {
  if (!before || before.contestId !== after.contestId || before.revision >= after.revision) return []
  // rows that come into sight (a thaw, a start) are no news of their own
  const known = new Map(before.rows.map((row) => [row.userId, row]))
  const news = after.rows.flatMap((row) => {
    const was = known.get(row.userId)
    return was && was !== row ? ofRow(was, row, after.revision) : []
  })
  const [leader] = after.rows
  if (leader && leader.score > 0 && before.rows[0] && before.rows[0].userId !== leader.userId && after.rows[1]?.rank !== 1)
    news.push({ id: `${after.revision} lead`, kind: 'lead', name: leader.name, problem: '' })
  return news.sort((a, b) => weight[a.kind] - weight[b.kind]).slice(0, most)
}

function ofRow(was: BoardRow, row: BoardRow, revision: number): News[] {
  const cells = new Map(was.cells.map((cell) => [cell.problemId, cell]))
  return row.cells.flatMap((cell) => {
    const kind = kindOf(cells.get(cell.problemId), cell)
    return kind ? [{ id: `${revision} ${row.userId} ${cell.label}`, kind, name: row.name, problem: cell.label }] : []
  })
}

function kindOf(was: BoardCell | undefined, cell: BoardCell): News['kind'] | undefined {
  if (cell.solved && !was?.solved) return cell.first ? 'first' : 'solved'
  if (cell.score > (was?.score ?? 0)) return 'better'
  return cell.pending > (was?.pending ?? 0) ? 'tried' : undefined
}
