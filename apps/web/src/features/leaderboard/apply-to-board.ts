/**
 * The live board: a snapshot from the server plus a pure reducer over pushed changes. Ranks are counted again here, by the same order as the server's:
 * score down, penalty up, minute of the last acceptance up; equals share a rank and the next ranks stay empty.
 * What a push cannot tell (a gap in revisions, a change outside the rows held) is not guessed: the board asks for a new snapshot.
 */
import type { Board, BoardCell, BoardRow, LeaderboardChanged, RowChange } from '#contracts/leaderboard'

export type LiveBoard = {
  readonly board: Board | undefined
  /** `now`: something was missed; `soon`: rows we do not hold may have moved. */
  readonly refetch: 'no' | 'soon' | 'now'
}
export type BoardAction = { readonly type: 'snapshot'; readonly board: Board } | ({ readonly type: 'changed' } & Omit<LeaderboardChanged, 'contestId'>)

export const emptyBoard: LiveBoard = { board: undefined, refetch: 'no' }

type Keys = Pick<BoardRow, 'score' | 'penalty' | 'lastMinute'>
const compareKeys = (a: Keys, b: Keys) => b.score - a.score || a.penalty - b.penalty || a.lastMinute - b.lastMinute
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const compareRows = (a: BoardRow, b: BoardRow) => compareKeys(a, b) || compareText(a.name, b.name) || compareText(a.userId, b.userId)

/** Sorted, with ranks from 1. Only right when no row above the last of them is missing. */
export function ranked(rows: readonly BoardRow[]): BoardRow[] {
  let rank = 0
  const sorted = [...rows].sort(compareRows)
  return sorted.map((row, index) => {
    const above = sorted[index - 1]
    if (!above || compareKeys(above, row) !== 0) rank = index + 1
    return row.rank === rank ? row : { ...row, rank }
  })
}

function mergeCells(cells: readonly BoardCell[], changed: readonly BoardCell[]): BoardCell[] {
  const fresh = new Map(changed.map((cell) => [cell.problemId, cell]))
  const kept = cells.map((cell) => fresh.get(cell.problemId) ?? cell)
  const known = new Set(cells.map((cell) => cell.problemId))
  return [...kept, ...changed.filter((cell) => !known.has(cell.problemId))]
}

function applyRow(rows: readonly BoardRow[], change: RowChange): BoardRow[] {
  const at = rows.findIndex((row) => row.userId === change.userId)
  const before = rows[at]
  if (!before) return [...rows, { rank: 0, ...change }]
  return rows.map((row, index) => (index === at ? { ...before, ...change, rank: before.rank, cells: mergeCells(before.cells, change.cells) } : row))
}

export function applyToBoard(state: LiveBoard, action: BoardAction): LiveBoard {
  if (action.type === 'snapshot') {
    // An answer overtaken by pushes we applied already would turn the board back.
    if (state.board && state.board.contestId === action.board.contestId && action.board.revision < state.board.revision) return state
    return { board: action.board, refetch: 'no' }
  }
  const { board } = state
  if (!board || action.revision <= board.revision) return state
  if (action.refetch || action.previous !== board.revision) return { board, refetch: 'now' }
  if (board.rows.length < board.total) return applyToPart(board, action.revision, action.cells)
  const rows = ranked(action.cells.reduce<readonly BoardRow[]>(applyRow, board.rows))
  return { board: { ...board, revision: action.revision, rows, total: rows.length }, refetch: state.refetch }
}

/** Only the top (and the rows around me) are held: the cells are shown at once, the ranks by the next snapshot. */
function applyToPart(board: Board, revision: number, changes: readonly RowChange[]): LiveBoard {
  const held = new Set(board.rows.map((row) => row.userId))
  const rows = changes.filter((change) => held.has(change.userId)).reduce<readonly BoardRow[]>(applyRow, board.rows)
  return { board: { ...board, revision, rows: [...rows] }, refetch: 'soon' }
}
