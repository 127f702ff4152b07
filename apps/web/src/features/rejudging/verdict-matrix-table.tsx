import { useTranslation } from 'react-i18next'
import type { RejudgedSubmission } from '#contracts/rejudging'
import { formatNumber } from '../../lib/format.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import { verdictMatrix } from './verdict-matrix.ts'

/** Rows: how they are judged now; columns: how they would be. */
export function VerdictMatrixTable({ changes }: { readonly changes: readonly RejudgedSubmission[] }) {
  const { t, i18n } = useTranslation()
  const { columns, rows } = verdictMatrix(changes)
  const number = (count: number) => formatNumber(count, i18n.language)
  return (
    <>
      <p className="hint" id="rejudging-matrix-hint">
        {t('rejudging.matrixHint')}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <div className="table-wrap" tabIndex={0}>
        <table className="table rejudging-matrix" aria-describedby="rejudging-matrix-hint">
          <thead>
            <tr>
              <th scope="col">{t('rejudging.beforeAfter')}</th>
              {columns.map((after) => (
                <th key={after} scope="col">
                  <OutcomeBadge outcome={after} />
                </th>
              ))}
              <th scope="col" className="number">
                {t('rejudging.total')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ before, counts, total }) => (
              <tr key={before}>
                <th scope="row">
                  <OutcomeBadge outcome={before} />
                </th>
                {counts.map((count, at) => (
                  <td key={columns[at]} className="number">
                    {count === 0 ? <span className="muted">–</span> : number(count)}
                  </td>
                ))}
                <td className="number">
                  <strong>{number(total)}</strong>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
