import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'wouter'
import type { Subject } from '#contracts/common'
import type { ContestSummary } from '#contracts/contest'
import { contestsQuery } from '../../lib/queries.ts'
import { useUser } from '../../lib/use-session.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'
import { ComingContest } from './coming-contest.tsx'
import { ContestCards, ContestSection } from './contest-card.tsx'
import { groupForMember } from './group-contests.ts'
import { PracticeIdeas } from './practice-ideas.tsx'
import { SubjectFilter } from './subject-filter.tsx'

/** The first page of a member: what is theirs now, what they can join, what they can practise, what has been. */
export function MemberHome() {
  const { t } = useTranslation()
  const user = useUser()
  const contests = useQuery(contestsQuery)
  const [search, setSearch] = useSearchParams()
  const subject = subjects.find((each) => each === search.get('subject'))
  const pick = (next: Subject | undefined) => setSearch(next ? { subject: next } : {}, { replace: true })
  return (
    <>
      <div className="row row-between member-head">
        <div>
          <h1>{t('discover.hello', { name: user?.name ?? '' })}</h1>
          <p className="muted">{t('discover.helloLead')}</p>
        </div>
        <SubjectFilter subject={subject} onPick={pick} />
      </div>
      <Shown read={contests} lines={8}>
        {(all) => <Groups contests={all} subject={subject} />}
      </Shown>
    </>
  )
}

const shownPast = 4

function Groups({ contests, subject }: { readonly contests: readonly ContestSummary[]; readonly subject: Subject | undefined }) {
  const { t } = useTranslation()
  const { mine, running, open, coming, past } = groupForMember(contests, subject)
  const hasAny = mine.length + running.length + open.length + coming.length + past.length > 0
  const action = (contest: ContestSummary) => <ComingContest contest={contest} />
  return (
    <>
      <ContestSection id="mine" title={t('discover.mine')} contests={mine} />
      <ContestSection id="running" title={t('discover.running')} contests={running} action={action} />
      <ContestSection id="coming" title={t('discover.coming')} contests={coming} action={action} />
      {!hasAny && (
        <Empty icon="flag">
          <p>{subject ? t('discover.nothing') : t('discover.nothingAtAll')}</p>
          <Link href="/practice" className="button">
            {t('discover.ideasAll')}
          </Link>
        </Empty>
      )}
      <ContestSection id="open" title={t('discover.open')} contests={open} />
      <PracticeIdeas subject={subject} />
      <ContestSection id="past" title={t('discover.past')} contests={past.slice(0, shownPast)} />
      {past.length > shownPast && (
        <details className="more-past">
          <summary>{t('discover.morePast', { count: past.length - shownPast })}</summary>
          <ContestCards contests={past.slice(shownPast)} />
        </details>
      )}
    </>
  )
}
