import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { formatNumber } from '../lib/format.ts'
import { Icon } from './icons.tsx'
import './verdict-help.css'

type Points = NonNullable<Submission['points']>

/** Thousandths as people write points. */
const pointsText = (milli: number, language: string) => formatNumber(milli / 1000, language, { maximumFractionDigits: 3 })

/** Points of a problem that has them of its own, subtask by subtask. */
export function PointsTable({ points }: { readonly points: Points }) {
  const { t, i18n } = useTranslation()
  const shown = (milli: number, maxMilli: number) => t('why.pointsOf', { points: pointsText(milli, i18n.language), max: pointsText(maxMilli, i18n.language) })
  if (points.groups.length === 0) return <p className="number">{shown(points.milli, points.maxMilli)}</p>
  return (
    <table className="table points-groups">
      <caption className="sr-only">{t('why.groups')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('why.group')}</th>
          <th scope="col">{t('why.points')}</th>
        </tr>
      </thead>
      <tbody>
        {points.groups.map(({ name, milli, maxMilli }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">
              {milli >= maxMilli && <Icon name="check" size={14} />} {shown(milli, maxMilli)}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('why.total')}</th>
          <td className="number">
            <strong>{shown(points.milli, points.maxMilli)}</strong>
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
