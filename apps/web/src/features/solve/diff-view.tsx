import { useTranslation } from 'react-i18next'
import { type DiffPiece, type LineDiff, visible } from './line-diff.ts'

/** Expected and printed, line beside line; where they differ, white space is drawn. */
export function DiffView({ diff }: { readonly diff: LineDiff }) {
  const { t } = useTranslation()
  return (
    <div className="diff-wrap">
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{t('room.diff.line')}</span>
            </th>
            <th scope="col">{t('room.diff.expected')}</th>
            <th scope="col">{t('room.diff.printed')}</th>
          </tr>
        </thead>
        <tbody>
          {diff.rows.map((row) => (
            <tr key={row.line} className={row.isSame ? '' : 'diff-row'}>
              <th scope="row" className="number">
                {row.line}
                {!row.isSame && <span className="sr-only"> {t('room.diff.differs')}</span>}
              </th>
              <td>
                <Line pieces={row.expected} isPlain={row.isSame} />
              </td>
              <td>
                <Line pieces={row.printed} isPlain={row.isSame} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {diff.isCut && <p className="small muted">{t('room.diff.cut')}</p>}
    </div>
  )
}

function Line({ pieces, isPlain }: { readonly pieces: readonly DiffPiece[] | undefined; readonly isPlain: boolean }) {
  const { t } = useTranslation()
  if (pieces === undefined) return <em className="muted">{t('room.diff.noLine')}</em>
  return (
    <code>
      {pieces.map(({ text, isDifferent }, at) =>
        isDifferent ? <mark key={at}>{visible(text)}</mark> : <span key={at}>{isPlain ? text : visible(text)}</span>,
      )}
      {!isPlain && <span className="diff-end">↵</span>}
    </code>
  )
}
