import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ContestSummary } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { formatDateTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useSession } from '../../lib/use-session.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { PhaseBadge } from '../../ui/phase-badge.tsx'
import { PremiumBadge } from '../../ui/premium-badge.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { SubjectMark } from '../../ui/subject.tsx'
import { groupContests } from './group-contests.ts'
import './home.css'

const useContests = () =>
  useQuery({
    queryKey: keys.contests(),
    queryFn: async ({ signal }) => (await api.call('GET /api/contests', { query: { limit: 200 } }, { signal })).contests,
    refetchInterval: 60_000,
  })

export function HomePage() {
  usePageTitle(undefined)
  const contests = useContests()
  const session = useSession()
  return (
    <>
      {session.status === 'anonymous' && <Welcome />}
      <Shown read={contests} lines={8}>
        {(all) => <Groups contests={all} />}
      </Shown>
    </>
  )
}

function Welcome() {
  const { t } = useTranslation()
  return (
    <section className="welcome">
      <h1>{t('home.title')}</h1>
      <p className="welcome-lead">{t('home.lead')}</p>
      <ul className="plain-list row welcome-points">
        <li>
          <Icon name="physics" /> {t('subject.physics')}
        </li>
        <li>
          <Icon name="mathematics" /> {t('subject.mathematics')}
        </li>
        <li>
          <Icon name="computer-science" /> {t('subject.computer-science')}
        </li>
      </ul>
      <div className="row">
        <Link href="/register" className="button button-primary">
          {t('home.start')}
        </Link>
        <Link href="/login" className="button">
          {t('home.haveAccount')}
        </Link>
      </div>
    </section>
  )
}

const groupNames = ['running', 'open', 'coming', 'past'] as const

function Groups({ contests }: { readonly contests: readonly ContestSummary[] }) {
  const { t } = useTranslation()
  const groups = groupContests(contests)
  const filled = groupNames.filter((name) => groups[name].length > 0)
  if (filled.length === 0) return <Empty icon="flag">{t('home.none')}</Empty>
  return (
    <>
      {filled.map((name) => (
        <section key={name} className="contest-group" aria-labelledby={`group-${name}`}>
          <h2 id={`group-${name}`}>{t(`home.group.${name}`)}</h2>
          <ul className="plain-list contest-grid">
            {groups[name].map((contest) => (
              <li key={contest.id}>
                <ContestCard contest={contest} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function ContestCard({ contest }: { readonly contest: ContestSummary }) {
  const { t } = useTranslation()
  return (
    <article className={`contest-card subject-${contest.subject}`}>
      <div className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-start' }}>
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
        <span className="row" style={{ gap: '0.4rem' }}>
          <PhaseBadge phase={contest.phase} timing={contest.timing} />
          {contest.premium && <PremiumBadge />}
        </span>
        <span className="row" style={{ gap: '0.5rem' }}>
          {contest.registered && (
            <span className="badge tone-teal">
              <Icon name="check" size={14} />
              {t('home.joined')}
            </span>
          )}
          <span className="muted row" style={{ gap: '0.3rem' }}>
            <Icon name="people" size={15} />
            {t('home.participants', { count: contest.participantCount })}
          </span>
        </span>
      </div>
    </article>
  )
}

function CardTime({ contest }: { readonly contest: ContestSummary }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const refresh = () => void client.invalidateQueries({ queryKey: keys.contests() })
  const { phase, startsAt, endsAt, durationMinutes, timing } = contest
  const personal = timing === 'personal' && durationMinutes ? ` · ${t('contest.personalMinutes', { count: durationMinutes })}` : ''
  if (phase === 'scheduled' && startsAt) {
    return (
      <p className="small card-time">
        <Countdown until={startsAt} label={t('countdown.startsIn')} onOver={refresh} /> · {formatDateTime(startsAt, i18n.language)}
        {personal}
      </p>
    )
  }
  if ((phase === 'running' || phase === 'frozen') && endsAt) {
    return (
      <p className="small card-time">
        <Countdown until={endsAt} label={t('countdown.endsIn')} onOver={refresh} />
        {personal}
      </p>
    )
  }
  if (phase === 'ended' && endsAt) return <p className="small card-time muted">{t('home.endedAt', { when: formatDateTime(endsAt, i18n.language) })}</p>
  return <p className="small card-time muted">{t('home.noClock')}</p>
}
