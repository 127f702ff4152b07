import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import type { Submission } from '#contracts/submission'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { SubmissionTable } from '../../ui/submissions/submission-table.tsx'

const pageSize = 50

/** Everybody's submissions, for those who run the contest. Names come from the unfrozen board: a submission itself carries the id only. */
export function StaffSubmissions({ contest, beside }: { readonly contest: Contest; readonly beside: (submission: Submission) => ReactNode }) {
  const { t } = useTranslation()
  const [problemId, setProblemId] = useState('')
  const names = useQuery({
    queryKey: keys.board(contest.id, { staff: true }),
    queryFn: async ({ signal }) => {
      const board = await api.call('GET /api/leaderboard/:contestId', { params: { contestId: contest.id }, query: { top: 10_000, unfrozen: true } }, { signal })
      return new Map(board.rows.map((row) => [row.userId, row.school ? `${row.name} (${row.school})` : row.name]))
    },
    staleTime: 30_000,
  })
  const list = useInfiniteQuery({
    queryKey: keys.submissions({ contestId: contest.id, problemId, everybody: true }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        'GET /api/submissions',
        { query: { contestId: contest.id, everybody: true, limit: pageSize, ...(problemId && { problemId }), ...(pageParam && { before: pageParam }) } },
        { signal },
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  })
  const labels = new Map(contest.problems?.map((each) => [each.problemId, `${each.label}. ${each.title}`]))
  return (
    <section aria-label={t('contest.tab.everybody')}>
      <div style={{ maxWidth: '22rem' }}>
        <SelectField
          label={t('submission.problem')}
          value={problemId}
          options={[{ value: '', label: t('staff.allProblems') }, ...[...labels].map(([value, label]) => ({ value, label }))]}
          onPick={setProblemId}
        />
      </div>
      <Shown read={list}>
        {(data) => {
          const submissions = data.pages.flatMap((page) => page.submissions)
          if (submissions.length === 0) return <Empty>{t('staff.none')}</Empty>
          return (
            <SubmissionTable
              submissions={submissions}
              problemOf={(id) => contest.problems?.find((each) => each.problemId === id)?.problem}
              problemName={(id) => labels.get(id) ?? '–'}
              beside={beside}
              userName={(id) => names.data?.get(id) ?? <code title={id}>{id.slice(-8)}</code>}
            />
          )
        }}
      </Shown>
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </section>
  )
}
