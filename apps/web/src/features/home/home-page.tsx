import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContestSummary } from '#contracts/contest'
import { contestsQuery } from '../../lib/queries.ts'
import { useSession } from '../../lib/use-session.ts'
import { lazyPageWithTexts } from '../../ui/lazy-page.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { ContestCards, ContestSection } from './contest-card.tsx'
import { groupContests } from './group-contests.ts'
import { SampleQuestions, Welcome } from './welcome.tsx'
import './home.css'

const MemberHome = lazyPageWithTexts(() => import('./member-home.tsx'), 'MemberHome', 'own')

/** Who is logged in finds what is theirs; who is not, what this is. Until it is known who it is, the contests, which are the same for both. */
export function HomePage() {
  usePageTitle(undefined)
  const session = useSession()
  const contests = useQuery(contestsQuery)
  if (session.status === 'signed-in') {
    return (
      <Suspense fallback={<Loading lines={8} />}>
        <MemberHome />
      </Suspense>
    )
  }
  return (
    <>
      {session.status === 'anonymous' && <Welcome />}
      <Shown read={contests} lines={8}>
        {(all) => <Groups contests={all} between={session.status === 'anonymous' && <SampleQuestions />} />}
      </Shown>
    </>
  )
}

const shownPast = 4

/** What goes on now, then something to try, then the rest. */
function Groups({ contests, between }: { readonly contests: readonly ContestSummary[]; readonly between: React.ReactNode }) {
  const { t } = useTranslation()
  const { running, open, coming, past } = groupContests(contests)
  const isEmpty = running.length + open.length + coming.length + past.length === 0
  return (
    <>
      <ContestSection id="running" title={t('home.group.running')} contests={running} />
      <ContestSection id="coming" title={t('home.group.coming')} contests={coming} />
      {between}
      {isEmpty && <Empty icon="flag">{t('home.none')}</Empty>}
      <ContestSection id="open" title={t('home.group.open')} contests={open} />
      <ContestSection id="past" title={t('home.group.past')} contests={past.slice(0, shownPast)} />
      {past.length > shownPast && (
        <details className="more-past">
          <summary>{t('home.pastAll')}</summary>
          <ContestCards contests={past.slice(shownPast)} />
        </details>
      )}
    </>
  )
}
