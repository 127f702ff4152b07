import { useTranslation } from 'react-i18next'
import { Link, Route, Switch, useParams } from 'wouter'
import type { Contest } from '#contracts/contest'
import { ContestFrame } from '../features/contest/contest-frame.tsx'
import { ContestSubmissions } from '../features/contest/contest-submissions.tsx'
import { Join } from '../features/contest/join.tsx'
import { type ContestProblem, maySubmit } from '../features/contest/phase.ts'
import { ContestOverview } from '../features/contest/problem-list.tsx'
import { BoardView } from '../features/leaderboard/board-view.tsx'
import { SolveView } from '../features/solve/solve-view.tsx'
import { StaffSubmissions } from '../features/staff/staff-submissions.tsx'
import { useUser } from '../lib/use-session.ts'
import { Icon } from '../ui/icons.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Empty, Note } from '../ui/states.tsx'
import { NotFound } from './not-found.tsx'

/** The pages of one contest: here features meet that do not know each other. */
export function ContestPages() {
  const { id = '' } = useParams<{ id: string }>()
  return (
    <ContestFrame id={id}>
      {(contest) => (
        <Switch>
          <Route path="/contests/:id/problems/:label">{({ label }) => <ContestProblemPage contest={contest} label={decodeURIComponent(label)} />}</Route>
          <Route path="/contests/:id/leaderboard">
            <BoardView contestId={contest.id} format={contest.format} mayEdit={contest.mayEdit} />
          </Route>
          <Route path="/contests/:id/submissions">
            <ContestSubmissions contest={contest} />
          </Route>
          <Route path="/contests/:id/everybody">{contest.mayEdit ? <StaffSubmissions contest={contest} /> : <NotFound />}</Route>
          <Route path="/contests/:id">
            <ContestOverview contest={contest} />
          </Route>
          <Route component={NotFound} />
        </Switch>
      )}
    </ContestFrame>
  )
}

function ContestProblemPage({ contest, label }: { readonly contest: Contest; readonly label: string }) {
  const { t } = useTranslation()
  const entry = contest.problems?.find((each) => each.label === label)
  usePageTitle(entry ? `${entry.label}. ${entry.title}` : contest.title)
  if (!contest.problems) return <ContestOverview contest={contest} />
  if (!entry) return <Empty icon="flag">{t('contest.noSuchProblem')}</Empty>
  return (
    <>
      <nav className="problem-nav" aria-label={t('contest.tab.problems')}>
        {contest.problems.map((each) => (
          <Link
            key={each.problemId}
            href={`/contests/${contest.id}/problems/${each.label}`}
            aria-current={each.label === label ? 'page' : undefined}
            title={each.title}
            aria-label={`${each.label}. ${each.title}`}
          >
            {each.label}
          </Link>
        ))}
      </nav>
      <Solving key={entry.problemId} contest={contest} entry={entry} />
    </>
  )
}

function Solving({ contest, entry }: { readonly contest: Contest; readonly entry: ContestProblem }) {
  const { t } = useTranslation()
  const user = useUser()
  if (!user || !contest.registered) {
    return (
      <>
        <Note icon="info">
          <p>{contest.phase === 'ended' ? t('contest.isOver') : t('contest.joinNow')}</p>
        </Note>
        <div className="row row-between">
          <Join contest={contest} />
        </div>
        {user && (
          <SolveView
            target={{ problem: entry.problem, userId: user.id, contestId: contest.id, isOpen: false }}
            closed={contest.phase === 'ended' ? t('contest.notJoined') : t('contest.joinFirst')}
          />
        )}
      </>
    )
  }
  const isOpen = maySubmit(contest)
  const target = {
    problem: entry.problem,
    userId: user.id,
    contestId: contest.id,
    isOpen,
    ...(entry.maxAttempts !== undefined && { maxAttempts: entry.maxAttempts }),
  }
  const closed = isOpen
    ? undefined
    : contest.phase === 'ended'
      ? t('contest.isOver')
      : contest.phase === 'scheduled'
        ? t('contest.opensAtStart')
        : t('contest.myTimeIsUp')
  return (
    <>
      {!isOpen && entry.problem.public && contest.phase === 'ended' && (
        <p>
          <Link href={`/practice/${entry.problemId}`} className="button">
            <Icon name="bolt" />
            {t('contest.practiseIt')}
          </Link>
        </p>
      )}
      <SolveView target={target} closed={closed} />
    </>
  )
}
