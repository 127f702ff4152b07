import type { ContestFormat } from '#contracts/common'
import type { BoardCell } from '#contracts/leaderboard'

export type CellFace = {
  readonly tone: 'good' | 'part' | 'bad' | 'wait'
  /** `+2`: solved after two rejected runs; `−3`: three rejected; in the points format the points. */
  readonly text: string
  /** Minute of the first acceptance, ICPC only. */
  readonly minute: number | undefined
}

/** How a cell looks; undefined for an untouched one. `points` are the problem's full points. */
export function cellFace(cell: BoardCell | undefined, format: ContestFormat, points: number): CellFace | undefined {
  if (!cell || (cell.attempts === 0 && cell.pending === 0)) return undefined
  return format === 'icpc' ? icpcFace(cell) : pointsFace(cell, points)
}

function icpcFace(cell: BoardCell): CellFace {
  if (cell.solved) return { tone: 'good', text: cell.attempts > 1 ? `+${cell.attempts - 1}` : '+', minute: cell.minute }
  return cell.attempts > 0 ? { tone: 'bad', text: `−${cell.attempts}`, minute: undefined } : { tone: 'wait', text: '', minute: undefined }
}

function pointsFace(cell: BoardCell, points: number): CellFace {
  const text = cell.attempts > 0 ? String(cell.score) : ''
  if (cell.solved && cell.score >= points) return { tone: 'good', text, minute: undefined }
  if (cell.score > 0) return { tone: 'part', text, minute: undefined }
  return { tone: cell.attempts > 0 ? 'bad' : 'wait', text, minute: undefined }
}
