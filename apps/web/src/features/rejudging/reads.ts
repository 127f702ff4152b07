/** What the pages of rejudging ask for. */
import { queryOptions } from '@tanstack/react-query'
import type { RejudgedSubmission, Rejudging } from '#contracts/rejudging'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import type { Scope } from './rejudging-form.ts'

const everyMs = 2_000
/** Nobody reads more in a list; the counts of a set are of all. */
export const mostChanges = 5_000

export const rejudgingKeys = { all: ['rejudgings'] as const, one: (id: string) => ['rejudgings', 'one', id] as const }

/** Newest first, at most 100; while one is judged it is asked for again and again. */
export const listQuery = (scope: Scope) =>
  queryOptions({
    queryKey: [...rejudgingKeys.all, scope],
    queryFn: async ({ signal }) => (await api.call('GET /api/rejudgings', { query: { ...scope, limit: 100 } }, { signal })).rejudgings,
    refetchInterval: ({ state }) => (state.data?.some((each) => each.state === 'judging') ? everyMs : 30_000),
  })

export const rejudgingQuery = (id: string) =>
  queryOptions<Rejudging>({
    queryKey: rejudgingKeys.one(id),
    queryFn: async ({ signal }) => (await api.call('GET /api/rejudgings/:id', { params: { id } }, { signal })).rejudging,
    refetchInterval: ({ state }) => (state.data?.state === 'judging' ? everyMs : state.data?.state === 'ready' ? 15_000 : false),
  })

/** Verdicts that would be, or were, others, newest submission first. */
export const changesQuery = (id: string) =>
  queryOptions({
    queryKey: [...rejudgingKeys.one(id), 'changes'],
    queryFn: async ({ signal }) => {
      const found: RejudgedSubmission[] = []
      let before: string | undefined
      do {
        const page = await api.call('GET /api/rejudgings/:id/changes', { params: { id }, query: { limit: 500, ...(before && { before }) } }, { signal })
        found.push(...page.submissions)
        before = page.next
      } while (before && found.length < mostChanges)
      return found
    },
    staleTime: 60_000,
  })

/** Rows of the board that would move, as it stands now: it goes on moving by itself. */
export const movedQuery = (id: string, contestId: string) =>
  queryOptions({
    queryKey: [...rejudgingKeys.one(id), 'board', contestId],
    queryFn: ({ signal }) => api.call('GET /api/rejudgings/:id/board', { params: { id }, query: { contestId } }, { signal }),
    refetchInterval: 15_000,
  })

/** Names by user, of the full board of a contest. */
export const namesQuery = (contestId: string) =>
  queryOptions<ReadonlyMap<string, string>>({
    queryKey: keys.board(contestId, { staff: true }),
    queryFn: async ({ signal }) => {
      const board = await api.call('GET /api/leaderboard/:contestId', { params: { contestId }, query: { top: 10_000, unfrozen: true } }, { signal })
      return new Map(board.rows.map((row) => [row.userId, row.school ? `${row.name} (${row.school})` : row.name]))
    },
    staleTime: 30_000,
  })

export const judgementsQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.submission(id), 'judgements'],
    queryFn: async ({ signal }) => (await api.call('GET /api/submissions/:id/judgements', { params: { id } }, { signal })).judgements,
  })
