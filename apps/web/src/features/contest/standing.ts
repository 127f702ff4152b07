/** One's own place on the board, as the room's bar tells it. Pure. */
import type { Board, BoardRow } from '#contracts/leaderboard'

export type Standing = {
  /** Absent: not on the board (yet). */
  readonly row?: Pick<BoardRow, 'rank' | 'score' | 'penalty'>
  readonly total: number
  readonly isFrozen: boolean
}

export function standingOf(board: Pick<Board, 'rows' | 'total' | 'frozen'>, userId: string): Standing {
  const row = board.rows.find((each) => each.userId === userId)
  return { total: board.total, isFrozen: board.frozen, ...(row && { row }) }
}
