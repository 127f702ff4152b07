import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContestFormat } from '#contracts/common'
import type { Board, BoardCell, BoardRow } from '#contracts/leaderboard'
import { type CellFace, cellFace } from '../../lib/cell-face.ts'
import type { TFunction } from '../../lib/translate.ts'
import { flashChanges } from './flash-changes.ts'

/** What all rows of a table have in common; the same object as long as it says the same, so that rows are not drawn anew. */
export type RowFrame = {
  readonly problems: Board['problems']
  readonly format: ContestFormat
  readonly me: string | undefined
  readonly onStar: (userId: string) => void
}
type Props = {
  readonly frame: RowFrame
  readonly row: BoardRow
  /** Position on the board; undefined in a list that is not all of it. */
  readonly index: number | undefined
  /** Pixels from the top of the body, where rows are placed one by one. */
  readonly offset?: number | undefined
  readonly isStarred: boolean
}

/** One participant. A row keeps its element while it lives, so that a new `offset` is a move that styles animate; cells that changed flash. */
export const Row = memo(function Row({ frame, row, index, offset, isStarred }: Props) {
  const { t } = useTranslation()
  const element = useRef<HTMLTableRowElement>(null)
  const before = useRef(row)
  useEffect(() => {
    if (before.current !== row && element.current) flashChanges(element.current, before.current, row)
    before.current = row
  }, [row])
  const isMe = row.userId === frame.me
  return (
    <tr
      ref={element}
      className={`board-row ${isMe ? 'board-me' : ''}`}
      aria-rowindex={index === undefined ? undefined : index + 2}
      aria-current={isMe ? 'true' : undefined}
      {...(offset !== undefined && { style: { transform: `translateY(${offset}px)` } })}
    >
      <td className="number board-rank">{row.rank}</td>
      <th scope="row" className="board-name">
        <span className="board-who">
          <span className="board-person" title={row.name}>
            {row.name}
          </span>
          {isMe && <span className="board-you">{t('board.you')}</span>}
          {row.school && (
            <span className="board-school" title={row.school}>
              {row.school}
            </span>
          )}
        </span>
        <button
          type="button"
          className={`board-star ${isStarred ? 'is-starred' : ''}`}
          aria-pressed={isStarred}
          aria-label={t('ranking.star', { name: row.name })}
          onClick={() => frame.onStar(row.userId)}
        >
          {isStarred ? '★' : '☆'}
        </button>
      </th>
      <td className="number board-score" data-part="score">
        {row.score}
      </td>
      {frame.format === 'icpc' && <td className="number board-penalty">{row.penalty}</td>}
      <Cells frame={frame} row={row} />
    </tr>
  )
})

function Cells({ frame: { problems, format }, row }: Pick<Props, 'frame' | 'row'>) {
  const words = useCellWords()
  return problems.map(({ problemId, label, points }, at) => {
    // cells come in the order of the problems; after a push of new problems they may not
    const cell = row.cells[at]?.problemId === problemId ? row.cells[at] : row.cells.find((each) => each.problemId === problemId)
    const face = cellFace(cell, format, points)
    if (!cell || !face) return <td key={problemId} className="board-cell" data-part={label} />
    const inWords = words(cell)
    return (
      <td key={problemId} className="board-cell" data-part={label} title={inWords}>
        <span className={`cell cell-${face.tone}`} aria-hidden="true">
          {faceText(face, cell)}
          {face.minute !== undefined && <small>{face.minute}</small>}
        </span>
        <span className="sr-only">{inWords}</span>
      </td>
    )
  })
}

const faceText = (face: CellFace, cell: BoardCell): string =>
  `${cell.first ? '★' : ''}${face.text}${cell.pending > 0 ? `?${cell.pending > 1 ? cell.pending : ''}` : ''}`

/** A cell in words, for screen readers and as its tooltip. */
function wordsOf(cell: BoardCell, t: TFunction): string {
  const outcome = cell.solved ? t('board.cell.solved') : cell.score > 0 ? t('board.cell.score', { count: cell.score }) : t('board.cell.tried')
  return [
    outcome,
    cell.attempts > 0 ? t('board.cell.attempts', { count: cell.attempts }) : '',
    cell.minute !== undefined ? t('ranking.minute', { count: cell.minute }) : '',
    cell.pending > 0 ? t('board.cell.pending', { count: cell.pending }) : '',
    cell.first ? t('board.cell.first') : '',
  ]
    .filter(Boolean)
    .join(', ')
}

/** Most cells of a board say the same as another, and rows thrown by are a hundred a second: kept for each language's texts, a thousand at most. */
const said = new WeakMap<TFunction, Map<string, string>>()
const mostSaid = 1000
function useCellWords(): (cell: BoardCell) => string {
  const { t } = useTranslation()
  return (cell) => {
    const known = said.get(t) ?? new Map<string, string>()
    said.set(t, known)
    const key = `${cell.solved} ${cell.score} ${cell.attempts} ${cell.minute} ${cell.pending} ${cell.first}`
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= mostSaid) known.clear()
    const words = wordsOf(cell, t)
    known.set(key, words)
    return words
  }
}
