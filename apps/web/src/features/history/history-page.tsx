import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'wouter'
import type { Submission } from '#contracts/submission'
import { api } from '../../lib/arena.ts'
import { titlesQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { isPending } from '../../lib/submission-state.ts'
import { Button } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { SubmissionTable } from '../../ui/submissions/submission-table.tsx'
import { HistoryFilters } from './filters.tsx'
import { filterOf, type HistoryFilter, isNarrowed, queryOf, searchOf } from './history-filter.ts'
import { SinceBefore } from './since-before.tsx'
import './history.css'

const pageSize = 30

function useHistory(filter: HistoryFilter) {
  return useInfiniteQuery({
    queryKey: keys.submissions({ history: searchOf(filter) }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /api/submissions', { query: { limit: pageSize, ...queryOf(filter), ...(pageParam && { before: pageParam }) } }, { signal }),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.submissions.some(isPending)) ? 4_000 : false),
  })
}

/** All that one has handed in, in contests and practice. What may be seen of each is the server's word, as on every page. */
export function HistoryPage() {
  const { t } = useTranslation()
  usePageTitle(t('history.title'))
  const [search, setSearch] = useSearchParams()
  const filter = filterOf(search)
  const history = useHistory(filter)
  const submissions = history.data?.pages.flatMap((page) => page.submissions) ?? []
  const change = (next: HistoryFilter) => setSearch(searchOf(next), { replace: true })
  return (
    <>
      <h1>{t('history.title')}</h1>
      <p className="muted">{t('history.lead')}</p>
      <HistoryFilters filter={filter} submissions={submissions} onChange={change} />
      <Shown read={history} lines={8}>
        {() => (submissions.length === 0 ? <Nothing isNarrowed={isNarrowed(filter)} onClear={() => change({})} /> : <List submissions={submissions} />)}
      </Shown>
      {history.hasNextPage && (
        <Button busy={history.isFetchingNextPage} onPress={() => void history.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </>
  )
}

function Nothing({ isNarrowed: isFiltered, onClear }: { readonly isNarrowed: boolean; readonly onClear: () => void }) {
  const { t } = useTranslation()
  if (isFiltered) {
    return (
      <Empty>
        <p>{t('history.noneFits')}</p>
        <Button onPress={onClear}>{t('history.clear')}</Button>
      </Empty>
    )
  }
  return (
    <Empty>
      <p>{t('history.none')}</p>
      <Link href="/practice" className="button button-primary">
        {t('history.toPractice')}
      </Link>
    </Empty>
  )
}

function List({ submissions }: { readonly submissions: readonly Submission[] }) {
  const { t } = useTranslation()
  const titles = useQuery({ ...titlesQuery(submissions.map(({ problemId }) => problemId).slice(0, 100)), placeholderData: keepPreviousData })
  const contestOf = new Map(submissions.map(({ id, contestId }) => [id, contestId]))
  return (
    <SubmissionTable
      submissions={submissions}
      problemOf={() => undefined}
      problemName={(problemId, submissionId) => {
        const title = titles.data?.find((each) => each.id === problemId)?.title
        const contestId = contestOf.get(submissionId)
        if (title === undefined) return titles.isSuccess ? <span className="muted">{t('history.unknown')}</span> : '…'
        return <Link href={contestId ? `/contests/${contestId}` : `/practice/${problemId}`}>{title}</Link>
      }}
      beside={(submission) => <SinceBefore submission={submission} />}
    />
  )
}
