/**
 * The live board: a snapshot from the server plus a pure reducer over pushed changes. Ranks are counted again here, by the same order as the server's:
 * score down, penalty up, minute of the last acceptance up; equals share a rank and the next ranks stay empty.
 * What is pushed is how things stand now, not how they moved, so a push is right on any board that knows all before it (`previous`) and some of what is in it.
 * What a push cannot tell (a gap in revisions, a change outside the rows held) is not guessed: the board asks for a new snapshot.
 */
import type { Board, BoardCell, BoardRow, LeaderboardChanged, RowChange } from '#contracts/leaderboard'
import type { BoardMove, ServerMessage } from '#contracts/notifications'

export type LiveBoard = {
  readonly board: Board | undefined
  /** `now`: something was missed; `soon`: rows we do not hold may have moved. */
  readonly refetch: 'no' | 'soon' | 'now'
}
export type Moved = Extract<ServerMessage, { type: 'moved' }>
export type BoardAction =
  | { readonly type: 'snapshot'; readonly board: Board }
  | ({ readonly type: 'changed' } & Omit<LeaderboardChanged, 'contestId'>)
  | Omit<Moved, 'board'>

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

/** Each change in its row; who is not held is added. */
function applyRows(rows: readonly BoardRow[], changes: readonly RowChange[]): BoardRow[] {
  const byUser = new Map(changes.map((change) => [change.userId, change]))
  const moved = rows.map((row) => {
    const change = byUser.get(row.userId)
    byUser.delete(row.userId)
    return change ? { ...row, ...change, rank: change.rank ?? row.rank, cells: mergeCells(row.cells, change.cells) } : row
  })
  return [...moved, ...[...byUser.values()].map((change) => ({ ...change, rank: change.rank ?? 0 }))]
}

export function applyToBoard(state: LiveBoard, action: BoardAction): LiveBoard {
  if (action.type === 'snapshot') {
    // An answer overtaken by pushes we applied already would turn the board back.
    if (state.board && state.board.contestId === action.board.contestId && action.board.revision < state.board.revision) return state
    return { board: action.board, refetch: 'no' }
  }
  const { board } = state
  if (!board) return state
  if (action.type === 'moved') return applyMoved(state, board, action)
  if (action.revision <= board.revision) return state
  if (action.refetch || action.previous > board.revision) return { board, refetch: 'now' }
  return applyChanges(state, board, action.revision, action.cells)
}

function applyChanges({ refetch }: LiveBoard, board: Board, revision: number, changes: readonly RowChange[]): LiveBoard {
  if (board.rows.length < board.total) return applyToPart(board, revision, changes)
  const rows = ranked(applyRows(board.rows, changes))
  return { board: { ...board, revision, rows, total: rows.length }, refetch }
}

/** Rows further down come late, under a revision that may be known already: what they say is then true all the same, as of that revision. */
function applyMoved(state: LiveBoard, board: Board, { p, r, rows, refetch }: Omit<Moved, 'board'>): LiveBoard {
  if (r < board.revision) return state
  if (refetch || p > board.revision) return { board, refetch: 'now' }
  const changes = changesIn(rows, board)
  return changes ? applyChanges(state, board, r, changes) : { board, refetch: 'now' }
}

/** In full. @returns undefined when the board should hold a row that it does not. */
function changesIn(moves: readonly BoardMove[], board: Board): RowChange[] | undefined {
  const isWhole = board.rows.length >= board.total
  const byTail = new Map(board.rows.map((row) => [row.userId.slice(-12), row]))
  const problemIds = new Map(board.problems.map(({ label, problemId }) => [label, problemId]))
  const changes: RowChange[] = []
  for (const [tail, score, penalty, lastMinute, rank, cells, named] of moves) {
    const known = byTail.get(tail)
    const [userId = known?.userId, name = known?.name ?? '', school = known?.school ?? ''] = named
    if (userId === undefined && isWhole) return undefined
    if (userId === undefined) continue
    const told = cells.map(([label, solved, cellScore, attempts, pending, minute]) => ({
      problemId: problemIds.get(String(label)) ?? '',
      label: String(label),
      solved: solved !== 0,
      score: Number(cellScore),
      attempts: Number(attempts),
      pending: Number(pending),
      ...(minute !== undefined && { minute: Number(minute) }),
      ...(solved === 2 && { first: true }),
    }))
    changes.push({ userId, name, school, score, penalty, lastMinute, cells: told, ...(rank > 0 && { rank }) })
  }
  return changes
}

/**
 * Only the top (and the rows around me) are held. Where the push says how its rows rank, they move among those held at once, which is right for each of them;
 * whom they passed unseen, the next snapshot tells.
 */
function applyToPart(board: Board, revision: number, changes: readonly RowChange[]): LiveBoard {
  const held = new Set(board.rows.map((row) => row.userId))
  const known = changes.filter((change) => held.has(change.userId))
  const rows = applyRows(board.rows, known)
  const isPlaced = known.every(({ rank }) => rank !== undefined)
  return { board: { ...board, revision, rows: isPlaced ? rows.sort(compareRows) : rows }, refetch: 'soon' }
}
