import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Contest } from '#contracts/contest'
import { ownSubmissionsQuery } from '../../lib/queries.ts'
import { type ProblemState, problemStates } from '../../lib/submission-state.ts'
import { useUser } from '../../lib/use-session.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'

const signs: Readonly<Record<ProblemState['status'], IconName | undefined>> = {
  untouched: undefined,
  pending: 'wait',
  tried: 'cross',
  partial: 'half',
  solved: 'check',
  held: 'lock',
}

/** All problems of the contest in one row, each with how far one is with it; the one at hand is scrolled into sight. */
export function ProblemNav({ contest, label }: { readonly contest: Contest; readonly label: string }) {
  const { t } = useTranslation()
  const user = useUser()
  const own = useQuery({ ...ownSubmissionsQuery({ contestId: contest.id }), enabled: user !== undefined })
  const states = problemStates(own.data ?? [])
  const row = useRef<HTMLElement>(null)
  useEffect(() => row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [label])
  return (
    <nav className="problem-nav" aria-label={t('contest.tab.problems')} ref={row}>
      {contest.problems?.map((each) => {
        const status = states.get(each.problemId)?.status ?? 'untouched'
        const sign = signs[status]
        return (
          <Link
            key={each.problemId}
            href={`/contests/${contest.id}/problems/${each.label}`}
            aria-current={each.label === label ? 'page' : undefined}
            title={each.title}
            aria-label={`${each.label}. ${each.title}${sign ? ` (${t(`own.${status}`)})` : ''}`}
            className={`state-${status}`}
          >
            {each.label}
            {sign && <Icon name={sign} size={14} />}
          </Link>
        )
      })}
    </nav>
  )
}

/** Where to go on once this one is solved: the next that is not, from here round. */
export function NextProblem({ contest, label }: { readonly contest: Contest; readonly label: string }) {
  const { t } = useTranslation()
  const own = useQuery(ownSubmissionsQuery({ contestId: contest.id }))
  const states = problemStates(own.data ?? [])
  const problems = contest.problems ?? []
  const at = problems.findIndex((each) => each.label === label)
  const next = [...problems.slice(at + 1), ...problems.slice(0, at)].find(({ problemId }) => states.get(problemId)?.status !== 'solved')
  if (!next) return problems.length > 1 ? <p>{t('room.allSolved')}</p> : null
  return (
    <p>
      <Link href={`/contests/${contest.id}/problems/${next.label}`} className="button button-small">
        {t('room.next', { label: next.label, title: next.title })}
      </Link>
    </p>
  )
}
