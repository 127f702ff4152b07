import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Rejudging } from '#contracts/rejudging'
import { clock } from '../../lib/arena.ts'
import { formatMoment, formatNumber } from '../../lib/format.ts'
import { RejudgingStateBadge } from './state-badge.tsx'

/** Sets of the contest or problem, newest first. */
export function RejudgingList({ rejudgings, base }: { readonly rejudgings: readonly Rejudging[]; readonly base: string }) {
  const { t, i18n } = useTranslation()
  const number = (count: number) => formatNumber(count, i18n.language)
  return (
    <div className="table-wrap">
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t('submission.when')}</th>
            <th scope="col">{t('rejudging.reason')}</th>
            <th scope="col">{t('rejudging.stateTitle')}</th>
            <th scope="col">{t('rejudging.judgedTitle')}</th>
            <th scope="col">{t('rejudging.changedTitle')}</th>
          </tr>
        </thead>
        <tbody>
          {rejudgings.map((each) => (
            <tr key={each.id}>
              <td data-label={t('submission.when')}>
                <time dateTime={each.madeAt} className="number">
                  {formatMoment(each.madeAt, i18n.language, clock.now())}
                </time>
              </td>
              <td data-label={t('rejudging.reason')}>
                <Link href={`${base}/${each.id}`}>{each.reason}</Link>
              </td>
              <td data-label={t('rejudging.stateTitle')}>
                <RejudgingStateBadge state={each.state} />
              </td>
              <td data-label={t('rejudging.judgedTitle')} className="number">
                {t('rejudging.of', { done: number(each.judged + each.faults), total: number(each.total) })}
              </td>
              <td data-label={t('rejudging.changedTitle')} className="number">
                {number(each.changed)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
