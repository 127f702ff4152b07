import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Contest } from '#contracts/contest'
import { ownSubmissionsQuery } from '../../lib/queries.ts'
import { attemptsLeft, isPending, type ProblemState, problemStates } from '../../lib/submission-state.ts'
import { useLiveState } from '../../lib/use-live.ts'
import { useUser } from '../../lib/use-session.ts'
import { Html } from '../../ui/html.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { Empty, Note } from '../../ui/states.tsx'
import { Join } from './join.tsx'
import { type ContestProblem, mayJoin, maySubmit } from './phase.ts'

export function ContestOverview({ contest }: { readonly contest: Contest }) {
  return (
    <>
      {contest.descriptionHtml && (
        <div className="contest-about">
          <Html html={contest.descriptionHtml} />
        </div>
      )}
      <Standing contest={contest} />
      {contest.problems && <Problems contest={contest} problems={contest.problems} />}
    </>
  )
}

/** Where I stand: not joined, waiting for the start, out of time, over. */
function Standing({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  if (contest.phase === 'ended') {
    return (
      <Note icon="flag">
        <p>{t('contest.isOver')}</p>
        {contest.premium && !contest.problems && (
          <p>
            {t('premium.archive')} <Link href="/plans">{t('premium.plans')}</Link>
          </p>
        )}
      </Note>
    )
  }
  if (mayJoin(contest)) {
    return (
      <div className="card row row-between">
        <p style={{ margin: 0 }} className="grow">
          {contest.phase === 'scheduled' ? t('contest.joinBefore') : t('contest.joinNow')}
        </p>
        <Join contest={contest} />
      </div>
    )
  }
  if (contest.phase === 'scheduled') {
    return (
      <Note tone="gold">
        <p>{contest.registered ? t('contest.joinedWaiting') : t('contest.opensAtStart')}</p>
      </Note>
    )
  }
  if (contest.registered && contest.myPhase === 'ended') {
    return (
      <Note icon="clock">
        <p>{t('contest.myTimeIsUp')}</p>
      </Note>
    )
  }
  return null
}

function Problems({ contest, problems }: { readonly contest: Contest; readonly problems: readonly ContestProblem[] }) {
  const { t } = useTranslation()
  const user = useUser()
  const isLive = useLiveState() === 'ready'
  const own = useQuery({
    ...ownSubmissionsQuery({ contestId: contest.id }),
    enabled: user !== undefined,
    // as on the sheet: what waits is asked for where nobody tells
    refetchInterval: ({ state }) => (state.data?.some(isPending) ? (isLive ? 8_000 : 3_000) : false),
  })
  const states = problemStates(own.data ?? [])
  if (problems.length === 0) return <Empty>{t('contest.noProblems')}</Empty>
  const questions = problems.filter(({ kind }) => kind !== 'program')
  return (
    <>
      {user && contest.registered && (
        <div className="row row-between problem-progress">
          <Solved count={problems.filter(({ problemId }) => states.get(problemId)?.status === 'solved').length} of={problems.length} />
          {questions.length > 1 && maySubmit(contest) && (
            <Link href={`/contests/${contest.id}/quiz`} className={`button ${questions.length === problems.length ? 'button-primary' : ''}`}>
              <Icon name="check" />
              {t('quiz.open', { count: questions.length })}
            </Link>
          )}
        </div>
      )}
      <ol className="plain-list problem-list" aria-label={t('contest.tab.problems')}>
        {problems.map((entry) => (
          <li key={entry.problemId}>
            <ProblemRow contest={contest} entry={entry} state={user ? (states.get(entry.problemId) ?? { status: 'untouched', attempts: 0 }) : undefined} />
          </li>
        ))}
      </ol>
    </>
  )
}

function Solved({ count, of }: { readonly count: number; readonly of: number }) {
  const { t } = useTranslation()
  return (
    <div className="grow problem-solved">
      <span className="number">{t('room.solvedOf', { count, of })}</span>
      <progress aria-hidden="true" max={of} value={count} />
    </div>
  )
}

const kindIcon: Readonly<Record<ContestProblem['kind'], IconName>> = { choice: 'menu', numeric: 'mathematics', program: 'computer-science' }

function ProblemRow({ contest, entry, state }: { readonly contest: Contest; readonly entry: ContestProblem; readonly state: ProblemState | undefined }) {
  const { t } = useTranslation()
  const left = state && attemptsLeft(entry.maxAttempts, state)
  return (
    <div className="problem-row">
      <span className="problem-label" aria-hidden="true">
        {entry.label}
      </span>
      <div className="grow">
        <Link href={`/contests/${contest.id}/problems/${entry.label}`} className="problem-link">
          <span className="sr-only">{entry.label}. </span>
          {entry.title}
        </Link>
        <div className="small muted">
          <Icon name={kindIcon[entry.kind]} size={14} /> {t(`kind.${entry.kind}`)}
          {contest.format === 'points' && ` · ${t('contest.points', { count: entry.points })}`}
          {state && state.attempts > 0 && state.status !== 'solved' && ` · ${t('room.tries', { count: state.attempts })}`}
          {state?.status === 'partial' && state.bestScore !== undefined && ` · ${t('solve.score', { score: state.bestScore })}`}
          {left !== undefined && maySubmit(contest) && state?.status !== 'solved' && ` · ${t('solve.attemptsLeft', { count: left })}`}
        </div>
      </div>
      {state?.status === 'untouched' ? <span className="small muted problem-untouched">{t('own.untouched')}</span> : state && <StateBadge state={state} />}
    </div>
  )
}
