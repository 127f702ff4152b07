import { type ComponentProps, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Route, Switch, useLocation, useParams } from 'wouter'
import type { Contest } from '#contracts/contest'
import { ContestFrame } from '../features/contest/contest-frame.tsx'
import { Join } from '../features/contest/join.tsx'
import { type ContestProblem, maySubmit } from '../features/contest/phase.ts'
import { ContestOverview } from '../features/contest/problem-list.tsx'
import { NextProblem, ProblemNav } from '../features/contest/problem-nav.tsx'
import { useUser } from '../lib/use-session.ts'
import { Icon } from '../ui/icons.tsx'
import { lazyPart, withTexts } from '../ui/lazy-page.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { Empty, Loading, Note } from '../ui/states.tsx'
import { NotFound } from './not-found.tsx'

const loadSolve = () => import('../features/solve/solve-view.tsx')
const SolveView = lazyPart(loadSolve, 'SolveView')
const loadQuiz = () => import('../features/solve/quiz-page.tsx')
const QuizPage = lazyPart(loadQuiz, 'QuizPage')
const loadBoard = withTexts(() => import('../features/leaderboard/board-view.tsx'), 'board')
const ContestSubmissions = lazyPart(() => import('../features/contest/contest-submissions.tsx'), 'ContestSubmissions')
const BoardView = lazyPart(loadBoard, 'BoardView')
const StaffSubmissions = lazyPart(() => import('../features/staff/staff-submissions.tsx'), 'StaffSubmissions')

const MonitorPage = lazyPart(
  withTexts(() => import('../features/staff/monitor-page.tsx'), 'later'),
  'MonitorPage',
)
const ContestRejudgings = lazyPart(
  withTexts(() => import('../features/rejudging/rejudging-pages.tsx'), 'later'),
  'ContestRejudgings',
)
const JudgementList = lazyPart(
  withTexts(() => import('../features/rejudging/judgement-list.tsx'), 'later'),
  'JudgementList',
)

/** The pages of one contest: here features meet that do not know each other. */
export function ContestPages() {
  const { id = '' } = useParams<{ id: string }>()
  const [path] = useLocation()
  useEffect(() => {
    // On its way while the contest is asked for, not after it.
    if (path.includes('/problems/')) loadSolve().catch(() => undefined)
    if (path.endsWith('/quiz')) loadQuiz().catch(() => undefined)
    if (path.endsWith('/leaderboard')) loadBoard().catch(() => undefined)
  }, [path])
  return (
    <ContestFrame id={id}>
      {(contest) => (
        <Suspense fallback={<Loading lines={6} />}>
          <Switch>
            <Route path="/contests/:id/problems/:label">{({ label }) => <ContestProblemPage contest={contest} label={decodeURIComponent(label)} />}</Route>
            <Route path="/contests/:id/quiz">
              <ContestQuiz contest={contest} />
            </Route>
            <Route path="/contests/:id/leaderboard">
              <BoardView contestId={contest.id} mayEdit={contest.mayEdit} />
            </Route>
            <Route path="/contests/:id/submissions">
              <ContestSubmissions contest={contest} />
            </Route>
            <Route path="/contests/:id/monitor">{contest.mayEdit ? <MonitorPage contest={contest} /> : <NotFound />}</Route>
            <Route path="/contests/:id/everybody">
              {contest.mayEdit ? <StaffSubmissions contest={contest} beside={(submission) => <Judgements submissionId={submission.id} />} /> : <NotFound />}
            </Route>
            <Route path="/contests/:id/rejudgings/:rejudgingId?">
              {({ rejudgingId }) => (contest.mayEdit ? <ContestRejudgings contest={contest} rejudgingId={rejudgingId} /> : <NotFound />)}
            </Route>
            <Route path="/contests/:id">
              <ContestOverview contest={contest} />
            </Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      )}
    </ContestFrame>
  )
}

/** Under an opened submission, which is read meanwhile. */
function Judgements(props: ComponentProps<typeof JudgementList>) {
  return (
    <Suspense fallback={<Loading lines={2} />}>
      <JudgementList {...props} />
    </Suspense>
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
      <ProblemNav contest={contest} label={label} />
      <Solving key={entry.problemId} contest={contest} entry={entry} />
    </>
  )
}

/** All questions on one sheet, for who may answer now; others see the problems one by one, as far as they may. */
function ContestQuiz({ contest }: { readonly contest: Contest }) {
  const user = useUser()
  if (!user || !contest.problems || !maySubmit(contest)) return <ContestOverview contest={contest} />
  const entries = contest.problems.filter(({ kind }) => kind !== 'program')
  return <QuizPage contestId={contest.id} userId={user.id} entries={entries} />
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
      <SolveView target={target} closed={closed} next={<NextProblem contest={contest} label={entry.label} />} />
    </>
  )
}
