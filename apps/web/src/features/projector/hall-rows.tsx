import { useTranslation } from 'react-i18next'
import type { Board, BoardRow } from '#contracts/leaderboard'
import { cellFace } from '../../lib/cell-face.ts'

type Props = { readonly board: Board; readonly from: number; readonly perPage: number }

/** One page of ranks. Rows that stay on it go to their new places; each has one height, so that a page is full and nothing is cut. */
export function HallRows({ board, from, perPage }: Props) {
  const { t } = useTranslation()
  const rows = board.rows.slice(from, from + perPage)
  return (
    <table
      className={`hall-board hall-${board.format}`}
      aria-rowcount={board.total + 1}
      style={{ '--problems': board.problems.length } as Record<string, unknown>}
    >
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className="hall-rank">
            {t('board.rank')}
          </th>
          <th scope="col" className="hall-name">
            {t('board.name')}
          </th>
          <th scope="col">{board.format === 'icpc' ? t('board.solvedShort') : t('board.pointsShort')}</th>
          {board.format === 'icpc' && <th scope="col">{t('board.penaltyShort')}</th>}
          {board.problems.map(({ problemId, label }) => (
            <th key={problemId} scope="col" className="hall-cell">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, n) => (
          <HallRow key={row.userId} row={row} board={board} at={n} index={from + n} />
        ))}
      </tbody>
    </table>
  )
}

function HallRow({ row, board, at, index }: { readonly row: BoardRow; readonly board: Board; readonly at: number; readonly index: number }) {
  const cells = new Map(row.cells.map((cell) => [cell.problemId, cell]))
  return (
    <tr className="hall-row" aria-rowindex={index + 2} style={{ transform: `translateY(${at * 100}%)` }}>
      <td className="hall-rank number">{row.rank}</td>
      <th scope="row" className="hall-name">
        <span>{row.name}</span>
        {row.school && <small>{row.school}</small>}
      </th>
      <td className="hall-score number">{row.score}</td>
      {board.format === 'icpc' && <td className="hall-penalty number">{row.penalty}</td>}
      {board.problems.map(({ problemId, points }) => {
        const cell = cells.get(problemId)
        const face = cellFace(cell, board.format, points)
        return (
          <td key={problemId} className="hall-cell">
            {face && cell && (
              <span className={`cell-${face.tone}`}>
                {cell.first && '★'}
                {face.text}
                {cell.pending > 0 && '?'}
              </span>
            )}
          </td>
        )
      })}
    </tr>
  )
}
