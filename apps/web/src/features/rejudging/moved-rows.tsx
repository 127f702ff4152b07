import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { MovedRow } from '#contracts/rejudging'
import { Shown } from '../../ui/states.tsx'
import { movedQuery } from './reads.ts'

type Place = MovedRow['before']
const figures = ['rank', 'score', 'penalty'] as const satisfies readonly (keyof Place)[]

/** The full board, freeze or not, as it is and as it would be: only rows that move, those who are only passed among them. */
export function MovedRows({ rejudgingId, contestId, hasPenalty }: { readonly rejudgingId: string; readonly contestId: string; readonly hasPenalty: boolean }) {
  const { t } = useTranslation()
  const read = useQuery(movedQuery(rejudgingId, contestId))
  const columns = figures.filter((figure) => figure !== 'penalty' || hasPenalty)
  return (
    <section aria-labelledby="rejudging-rows">
      <h3 id="rejudging-rows">{t('rejudging.rows')}</h3>
      <Shown read={read} lines={3}>
        {({ rows, moved }) =>
          moved === 0 ? (
            <p className="muted">{t('rejudging.noRows')}</p>
          ) : (
            <>
              <p className="hint">{t('rejudging.rowsHint', { count: moved })}</p>
              <div className="table-wrap">
                <table className="table table-cards">
                  <thead>
                    <tr>
                      <th scope="col">{t('submission.who')}</th>
                      {columns.map((figure) => (
                        <th key={figure} scope="col">
                          {t(`rejudging.figure.${figure}`)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row) => (
                      <tr key={row.userId}>
                        <td data-label={t('submission.who')}>{row.name}</td>
                        {columns.map((figure) => (
                          <td key={figure} data-label={t(`rejudging.figure.${figure}`)} className="number">
                            <BeforeAfter before={row.before[figure]} after={row.after[figure]} tone={toneOf(figure, row)} />
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {rows.length < moved && <p className="hint">{t('rejudging.rowsCut', { shown: rows.length })}</p>}
            </>
          )
        }
      </Shown>
    </section>
  )
}

/** A higher score and a lower place are better; a penalty is neither, since it comes with what is solved. */
function toneOf(figure: (typeof figures)[number], { before, after }: MovedRow): string | undefined {
  if (figure === 'penalty') return undefined
  return (figure === 'score') === after[figure] > before[figure] ? 'rejudging-better' : 'rejudging-worse'
}

function BeforeAfter({ before, after, tone }: { readonly before: number; readonly after: number; readonly tone: string | undefined }) {
  const { t } = useTranslation()
  if (before === after) return <>{before}</>
  return (
    <>
      <span aria-hidden="true">
        {before} → <strong className={tone}>{after}</strong>
      </span>
      <span className="sr-only">{t('rejudging.fromTo', { before, after })}</span>
    </>
  )
}
