import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Monitor } from '#contracts/submission'
import { formatMoment } from '../../lib/format.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { Empty } from '../../ui/states.tsx'
import type { Cell, LessonRow, LessonStatus } from './lesson.ts'

const look: Readonly<Record<LessonStatus, { icon: IconName; tone: string }>> = {
  stuck: { icon: 'alert', tone: 'tone-bad' },
  absent: { icon: 'person', tone: 'tone-wait' },
  slow: { icon: 'clock', tone: 'tone-gold' },
  working: { icon: 'play', tone: '' },
  done: { icon: 'check', tone: 'tone-good' },
}

type Props = { readonly contestId: string; readonly monitor: Monitor; readonly rows: readonly LessonRow[]; readonly nowMs: number }

export function LessonTable({ monitor, rows, nowMs }: Props) {
  const { t } = useTranslation()
  if (rows.length === 0) return <Empty icon="people">{t('monitor.nobodySuch')}</Empty>
  return (
    <div className="table-wrap">
      <table className="table table-cards lesson-table">
        <caption className="sr-only">{t('monitor.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('monitor.who')}</th>
            <th scope="col">{t('monitor.how')}</th>
            <th scope="col">{t('monitor.solved')}</th>
            {monitor.problems.map(({ problemId, label, title }) => (
              <th key={problemId} scope="col" title={title}>
                {label}
              </th>
            ))}
            <th scope="col">{t('monitor.last')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.userId} row={row} monitor={monitor} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ row, monitor, nowMs }: { readonly row: LessonRow; readonly monitor: Monitor; readonly nowMs: number }) {
  const { t, i18n } = useTranslation()
  const { icon, tone } = look[row.status]
  return (
    <tr>
      <th scope="row">
        <span className={`here-dot ${row.here ? 'is-here' : ''}`} aria-hidden="true" />
        {row.name}
        {row.school && <span className="block small muted">{row.school}</span>}
      </th>
      <td data-label={t('monitor.how')}>
        <span className={`badge ${tone}`}>
          <Icon name={icon} size={14} />
          {t(`monitor.status.${row.status}`)}
        </span>
        {row.status === 'stuck' && <span className="block small">{t('monitor.stuckAt', { labels: row.stuckAt.join(', ') })}</span>}
        {row.here === false && row.seenAt && (
          <span className="block small muted">{t('monitor.seen', { time: formatMoment(row.seenAt, i18n.language, nowMs) })}</span>
        )}
      </td>
      <td className="number" data-label={t('monitor.solved')}>
        {row.solved}/{monitor.problems.length}
      </td>
      {row.cells.map((cell, at) => (
        <td key={monitor.problems[at]?.problemId ?? at} className="lesson-problem" data-label={monitor.problems[at]?.label}>
          <LessonCell cell={cell} />
        </td>
      ))}
      <td className="number" data-label={t('monitor.last')}>
        {row.lastAt ? formatMoment(row.lastAt, i18n.language, nowMs) : '–'}
      </td>
    </tr>
  )
}

/** Signs and numbers first; colour repeats them. */
function LessonCell({ cell }: { readonly cell: Cell | undefined }) {
  const { t } = useTranslation()
  const [tone, sign, words] = useMemo((): readonly [string, string, string] => {
    if (!cell) return ['', '·', t('monitor.cell.untried')]
    if (cell.solved) return ['is-solved', cell.wrong > 0 ? `✓ −${cell.wrong}` : '✓', t('monitor.cell.solved', { count: cell.wrong })]
    if (cell.pending > 0) return ['is-pending', '…', t('monitor.cell.pending')]
    if (cell.faults > 0 && cell.wrong === 0) return ['is-pending', '!', t('monitor.cell.fault')]
    return ['is-wrong', `−${cell.wrong}`, t('monitor.cell.wrong', { count: cell.wrong })]
  }, [cell, t])
  return (
    <span className={`lesson-cell ${tone}`} title={words}>
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{words}</span>
    </span>
  )
}
