import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Contest } from '#contracts/contest'
import { clock } from '../../lib/arena.ts'
import { formatSpan } from '../../lib/format.ts'
import { contestQuery } from '../../lib/queries.ts'
import { useUser } from '../../lib/use-session.ts'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { PhaseBadge } from '../../ui/phase-badge.tsx'
import { PremiumBadge } from '../../ui/premium-badge.tsx'
import { Shown } from '../../ui/states.tsx'
import { SubjectMark } from '../../ui/subject.tsx'
import { type Tab, Tabs } from '../../ui/tabs.tsx'
import { isOverdue } from './phase.ts'
import { RoomBar } from './room-bar.tsx'
import { needsSubscription, PremiumOffer } from './subscription-needed.tsx'
import './contest.css'

/** The contest's head and tabs around `children`; asks again while its phase is overdue. */
export function ContestFrame({ id, children }: { readonly id: string; readonly children: (contest: Contest) => ReactNode }) {
  const contest = useQuery({ ...contestQuery(id), refetchInterval: ({ state }) => (state.data && isOverdue(state.data, clock.now()) ? 2_000 : 60_000) })
  // Whoever could see it and no longer may is not shown on what was read before.
  if (needsSubscription(contest.error)) return <PremiumOffer error={contest.error} onOpened={() => void contest.refetch()} heading="h1" />
  return (
    <Shown read={contest} lines={8}>
      {(data) => (
        <>
          <Head contest={data} />
          <ContestTabs contest={data} />
          <RoomBar contest={data} />
          {children(data)}
        </>
      )}
    </Shown>
  )
}

function Head({ contest }: { readonly contest: Contest }) {
  const { t, i18n } = useTranslation()
  const [path] = useLocation()
  usePageTitle(contest.title)
  // A phone's screen belongs to the problem that is worked at; what the contest is stands on its first page.
  const isAtWork = path !== `/contests/${contest.id}`
  return (
    <header className={`contest-head subject-${contest.subject} ${isAtWork ? 'contest-head-small' : ''}`}>
      <SubjectMark subject={contest.subject} />
      <div className="grow">
        <h1>{contest.title}</h1>
        <div className="row small muted contest-facts">
          <PhaseBadge phase={contest.phase} timing={contest.timing} />
          {contest.premium && <PremiumBadge />}
          {contest.archived && <span className="badge">{t('contest.archived')}</span>}
          <span>{t(`subject.${contest.subject}`)}</span>
          <span>{t(`format.${contest.format}`)}</span>
          {contest.durationMinutes !== undefined && <span>{t('contest.personalMinutes', { count: contest.durationMinutes })}</span>}
          {contest.startsAt && contest.endsAt && <span>{formatSpan(contest.startsAt, contest.endsAt, i18n.language)}</span>}
          {contest.rules.freezeMinutes ? <span>{t('contest.freeze', { count: contest.rules.freezeMinutes })}</span> : null}
          {contest.rules.feedback === 'after-end' && <span>{t('contest.feedbackAfterEnd')}</span>}
        </div>
      </div>
    </header>
  )
}

function ContestTabs({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  const user = useUser()
  const base = `/contests/${contest.id}`
  const tabs: Tab[] = [
    { href: base, label: t('contest.tab.problems'), isCurrent: (path) => path === base || path.startsWith(`${base}/problems`) || path === `${base}/quiz` },
    { href: `${base}/leaderboard`, label: t('contest.tab.leaderboard') },
  ]
  if (user) tabs.push({ href: `${base}/submissions`, label: t('contest.tab.mine') })
  if (contest.mayEdit) {
    tabs.push({ href: `${base}/everybody`, label: t('contest.tab.everybody') })
    tabs.push({ href: `${base}/monitor`, label: t('contest.tab.monitor') })
    tabs.push({ href: `${base}/rejudgings`, label: t('contest.tab.rejudgings'), isCurrent: (path) => path.startsWith(`${base}/rejudgings`) })
  }
  return (
    <div className="row tabs-row">
      <div className="grow">
        <Tabs label={contest.title} tabs={tabs} />
      </div>
      {contest.mayEdit && (
        <Link href={`/teach/contests/${contest.id}`} className="button button-small">
          <Icon name="wrench" size={15} />
          {t('contest.edit')}
        </Link>
      )}
    </div>
  )
}
