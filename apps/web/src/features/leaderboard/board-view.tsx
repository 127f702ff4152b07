import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContestFormat } from '#contracts/common'
import type { Board, BoardCell, BoardRow } from '#contracts/leaderboard'
import { useUser } from '../../lib/use-session.ts'
import { CheckField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Empty, Note, Shown } from '../../ui/states.tsx'
import { cellFace } from './cell-face.ts'
import { useLiveBoard } from './use-live-board.ts'
import './board.css'

type Props = { readonly contestId: string; readonly format: ContestFormat; readonly mayEdit: boolean }

export function BoardView({ contestId, format, mayEdit }: Props) {
  const { t } = useTranslation()
  const [unfrozen, setUnfrozen] = useState(false)
  const { read, board, isLive } = useLiveBoard(contestId, unfrozen)
  return (
    <section aria-label={t('board.title')}>
      <div className="row row-between board-bar">
        <span className="badge">
          <span className={`dot ${isLive ? 'dot-ready' : 'dot-waiting'}`} />
          {isLive ? t('board.live') : t('board.polled')}
        </span>
        {mayEdit && <CheckField label={t('board.unfrozen')} checked={unfrozen} onCheck={setUnfrozen} />}
      </div>
      <Shown read={{ ...read, data: board }}>
        {(shown) => (
          <>
            {shown.frozen && (
              <Note icon="snow" live>
                <p>{t('board.frozen')}</p>
              </Note>
            )}
            {shown.stale && (
              <Note tone="gold" live>
                <p>{t('board.stale')}</p>
              </Note>
            )}
            {shown.rows.length === 0 ? <Empty icon="flag">{t('board.empty')}</Empty> : <BoardTable board={shown} format={format} />}
          </>
        )}
      </Shown>
    </section>
  )
}

function BoardTable({ board, format }: { readonly board: Board; readonly format: ContestFormat }) {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <div className="table-wrap board-wrap">
      <table className="table board">
        <caption className="sr-only">{t('board.caption', { count: board.total })}</caption>
        <thead>
          <tr>
            <th scope="col" className="board-rank">
              {t('board.rank')}
            </th>
            <th scope="col" className="board-name">
              {t('board.name')}
            </th>
            <th scope="col" className="board-score">
              <Heading
                long={format === 'icpc' ? t('board.solved') : t('board.points')}
                short={format === 'icpc' ? t('board.solvedShort') : t('board.pointsShort')}
              />
            </th>
            {format === 'icpc' && (
              <th scope="col" className="board-score">
                <Heading long={t('board.penalty')} short={t('board.penaltyShort')} />
              </th>
            )}
            {board.problems.map((problem) => (
              <th key={problem.problemId} scope="col" className="board-cell" title={problem.title}>
                {problem.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {board.rows.map((row, index) => (
            <Fragment key={row.userId}>
              {isGap(board.rows[index - 1], row, board) && (
                <tr className="board-gap">
                  <td colSpan={board.problems.length + 4}>⋯</td>
                </tr>
              )}
              <Row row={row} board={board} format={format} isMe={row.userId === user?.id} />
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A column's name, abbreviated where the page is narrow. */
function Heading({ long, short }: { readonly long: string; readonly short: string }) {
  return (
    <>
      <span className="board-long">{long}</span>
      <abbr className="board-short" title={long}>
        {short}
      </abbr>
    </>
  )
}

/** Rows of the middle are left out between the top and those around me. */
const isGap = (above: BoardRow | undefined, row: BoardRow, board: Board) =>
  above !== undefined && board.rows.length < board.total && row.rank > board.rows.indexOf(row) + 1 && above.rank < row.rank

function Row({ row, board, format, isMe }: { readonly row: BoardRow; readonly board: Board; readonly format: ContestFormat; readonly isMe: boolean }) {
  const { t } = useTranslation()
  const cells = new Map(row.cells.map((cell) => [cell.problemId, cell]))
  return (
    <tr className={isMe ? 'board-me' : ''} aria-current={isMe ? 'true' : undefined}>
      <td className="number board-rank">{row.rank}</td>
      <th scope="row" className="board-name">
        <span className="board-person">{row.name}</span>
        {isMe && <span className="badge tone-gold">{t('board.you')}</span>}
        {row.school && (
          <span className="board-school" title={row.school}>
            {row.school}
          </span>
        )}
      </th>
      <td className="number board-score">
        <strong>{row.score}</strong>
      </td>
      {format === 'icpc' && <td className="number board-score muted">{row.penalty}</td>}
      {board.problems.map((problem) => (
        <td key={problem.problemId} className="board-cell">
          <Cell cell={cells.get(problem.problemId)} format={format} points={problem.points} />
        </td>
      ))}
    </tr>
  )
}

function Cell({ cell, format, points }: { readonly cell: BoardCell | undefined; readonly format: ContestFormat; readonly points: number }) {
  const face = cellFace(cell, format, points)
  const said = useCellWords(cell)
  if (!cell || !face) return <span className="muted">·</span>
  return (
    <span className={`cell cell-${face.tone}`} title={said}>
      <span aria-hidden="true">
        {cell.first && <Icon name="star" size={11} />}
        {face.text}
        {cell.pending > 0 && <span className="cell-pending">?{cell.pending}</span>}
        {face.minute !== undefined && <small>{face.minute}</small>}
      </span>
      <span className="sr-only">{said}</span>
    </span>
  )
}

/** A cell in words, for screen readers and as its tooltip. */
function useCellWords(cell: BoardCell | undefined): string {
  const { t } = useTranslation()
  if (!cell) return ''
  const outcome = cell.solved ? t('board.cell.solved') : cell.score > 0 ? t('board.cell.score', { count: cell.score }) : t('board.cell.tried')
  return [
    outcome,
    cell.attempts > 0 ? t('board.cell.attempts', { count: cell.attempts }) : '',
    cell.pending > 0 ? t('board.cell.pending', { count: cell.pending }) : '',
    cell.first ? t('board.cell.first') : '',
  ]
    .filter(Boolean)
    .join(', ')
}
