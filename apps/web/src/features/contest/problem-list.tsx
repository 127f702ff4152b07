import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Contest } from '#contracts/contest'
import { ownSubmissionsQuery } from '../../lib/queries.ts'
import { attemptsLeft, type ProblemState, problemStates } from '../../lib/submission-state.ts'
import { useUser } from '../../lib/use-session.ts'
import { Html } from '../../ui/html.tsx'
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
  const own = useQuery({ ...ownSubmissionsQuery({ contestId: contest.id }), enabled: user !== undefined })
  const states = problemStates(own.data ?? [])
  if (problems.length === 0) return <Empty>{t('contest.noProblems')}</Empty>
  return (
    <ol className="plain-list problem-list" aria-label={t('contest.tab.problems')}>
      {problems.map((entry) => (
        <li key={entry.problemId}>
          <ProblemRow contest={contest} entry={entry} state={user ? (states.get(entry.problemId) ?? { status: 'untouched', attempts: 0 }) : undefined} />
        </li>
      ))}
    </ol>
  )
}

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
          {t(`kind.${entry.kind}`)}
          {contest.format === 'points' && ` · ${t('contest.points', { count: entry.points })}`}
          {left !== undefined && maySubmit(contest) && state?.status !== 'solved' && ` · ${t('solve.attemptsLeft', { count: left })}`}
        </div>
      </div>
      {state && <StateBadge state={state} />}
    </div>
  )
}
