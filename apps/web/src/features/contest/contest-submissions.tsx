import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Contest } from '#contracts/contest'
import { ownSubmissionsQuery } from '../../lib/queries.ts'
import { useUser } from '../../lib/use-session.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { SubmissionTable } from '../../ui/submissions/submission-table.tsx'

/** `A. Sum` of a problem of this contest. */
const problemNamer = (contest: Contest) => (problemId: string) => {
  const entry = contest.problems?.find((each) => each.problemId === problemId)
  return entry ? `${entry.label}. ${entry.title}` : '–'
}

export function ContestSubmissions({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  const user = useUser()
  const own = useQuery({ ...ownSubmissionsQuery({ contestId: contest.id }), enabled: user !== undefined })
  if (!user) return <Link href={`/login?next=/contests/${contest.id}/submissions`}>{t('action.logIn')}</Link>
  return (
    <section aria-label={t('contest.tab.mine')}>
      <Shown read={own}>
        {(submissions) =>
          submissions.length === 0 ? (
            <Empty>{t('contest.noSubmissions')}</Empty>
          ) : (
            <SubmissionTable
              submissions={submissions}
              problemOf={(id) => contest.problems?.find((each) => each.problemId === id)?.problem}
              problemName={problemNamer(contest)}
            />
          )
        }
      </Shown>
    </section>
  )
}
