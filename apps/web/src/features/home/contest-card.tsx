import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ContestSummary } from '#contracts/contest'
import { formatDateTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useNow } from '../../lib/use-now.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PhaseBadge } from '../../ui/phase-badge.tsx'
import { PremiumBadge } from '../../ui/premium-badge.tsx'
import { SubjectMark } from '../../ui/subject.tsx'
import { daysLeft } from './group-contests.ts'

type Section = {
  readonly id: string
  readonly title: string
  readonly contests: readonly ContestSummary[]
  readonly action?: (contest: ContestSummary) => ReactNode
}

/** A heading with its cards; nothing where there are none. */
export function ContestSection({ id, title, contests, action }: Section) {
  if (contests.length === 0) return null
  return (
    <section className="contest-group" aria-labelledby={`group-${id}`}>
      <h2 id={`group-${id}`}>{title}</h2>
      <ContestCards contests={contests} {...(action && { action })} />
    </section>
  )
}

export function ContestCards({ contests, action }: Pick<Section, 'contests' | 'action'>) {
  return (
    <ul className="plain-list contest-grid">
      {contests.map((contest) => (
        <li key={contest.id}>
          <ContestCard contest={contest} action={action?.(contest)} />
        </li>
      ))}
    </ul>
  )
}

function ContestCard({ contest, action }: { readonly contest: ContestSummary; readonly action?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <article className={`contest-card subject-${contest.subject}`}>
      <div className="contest-head">
        <SubjectMark subject={contest.subject} />
        <div className="grow">
          <h3>
            <Link href={`/contests/${contest.id}`} className="contest-link">
              {contest.title}
            </Link>
          </h3>
          <div className="small muted">
            {t(`subject.${contest.subject}`)} · {t(`format.${contest.format}`)} · {t('home.problems', { count: contest.problemCount })}
          </div>
        </div>
      </div>
      <CardTime contest={contest} />
      <div className="row row-between small">
        <span className="row contest-marks">
          <PhaseBadge phase={contest.phase} timing={contest.timing} />
          {contest.premium && <PremiumBadge />}
        </span>
        <span className="row contest-marks">
          {contest.registered && (
            <span className="badge tone-teal">
              <Icon name="check" size={14} />
              {t('home.joined')}
            </span>
          )}
          <span className="muted row contest-people">
            <Icon name="people" size={15} />
            {t('home.participants', { count: contest.participantCount })}
          </span>
        </span>
      </div>
      {action && <div className="contest-action">{action}</div>}
    </article>
  )
}

function CardTime({ contest }: { readonly contest: ContestSummary }) {
  const { t, i18n } = useTranslation()
  const { phase, startsAt, endsAt, durationMinutes, timing } = contest
  const personal = timing === 'personal' && durationMinutes ? ` · ${t('contest.personalMinutes', { count: durationMinutes })}` : ''
  if (phase === 'scheduled' && startsAt) {
    return (
      <p className="small card-time">
        <Until at={startsAt} begins /> · {formatDateTime(startsAt, i18n.language)}
        {personal}
      </p>
    )
  }
  if ((phase === 'running' || phase === 'frozen') && endsAt) {
    return (
      <p className="small card-time">
        <Until at={endsAt} />
        {personal}
      </p>
    )
  }
  if (phase === 'ended' && endsAt) return <p className="small card-time muted">{t('home.endedAt', { when: formatDateTime(endsAt, i18n.language) })}</p>
  return <p className="small card-time muted">{t('home.noClock')}</p>
}

/** Days while it is days, a clock that ticks when it comes near. */
function Until({ at, begins = false }: { readonly at: string; readonly begins?: boolean }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const days = daysLeft(at, useNow())
  if (days !== undefined) return <strong>{begins ? t('home.startsInDays', { count: days }) : t('home.endsInDays', { count: days })}</strong>
  const refresh = () => void client.invalidateQueries({ queryKey: keys.contests() })
  return <Countdown until={at} label={begins ? t('countdown.startsIn') : t('countdown.endsIn')} onOver={refresh} />
}
