/** Reads that more than one feature shows. */
import { queryOptions } from '@tanstack/react-query'
import type { ProblemKind, Subject } from '#contracts/common'
import { api } from './arena.ts'
import { keys } from './query-keys.ts'

export const contestQuery = (id: string) =>
  queryOptions({
    queryKey: keys.contest(id),
    queryFn: async ({ signal }) => (await api.call('GET /api/contests/:id', { params: { id }, query: {} }, { signal })).contest,
  })

/** Rows of a board that are held at once, and asked for together. */
export const pageRows = 100
/** The top of a board; `unfrozen`: as its staff see it. */
export const boardQuery = (contestId: string, unfrozen = false) =>
  queryOptions({
    queryKey: keys.board(contestId, { unfrozen }),
    queryFn: ({ signal }) =>
      api.call('GET /api/leaderboard/:contestId', { params: { contestId }, query: { top: pageRows, ...(unfrozen && { unfrozen }) } }, { signal }),
  })

/** The list of contests, for the pages that show many. */
export const contestsQuery = queryOptions({
  queryKey: keys.contests(),
  queryFn: async ({ signal }) => (await api.call('GET /api/contests', { query: { limit: 200 } }, { signal })).contests,
  refetchInterval: 60_000,
})

/** Public problems and one's own, narrowed on the server; at most 200. */
export const practiceQuery = (filter: { readonly query?: string; readonly subject?: Subject; readonly kind?: ProblemKind }) =>
  queryOptions({
    queryKey: keys.problems({ practice: true, ...filter }),
    queryFn: async ({ signal }) => (await api.call('GET /api/problems', { query: { limit: 200, ...filter } }, { signal })).problems,
    staleTime: 30_000,
  })

/** One's own, by the days of this device. */
export const progressQuery = queryOptions({
  queryKey: keys.progress(),
  queryFn: ({ signal }) => api.call('GET /api/submissions/progress', { query: { utcOffsetMinutes: -new Date().getTimezoneOffset() } }, { signal }),
})

/** Titles and subjects of problems by id, at most 100; those one may know of. */
export const titlesQuery = (ids: readonly string[]) => {
  const sorted = [...new Set(ids)].sort()
  return queryOptions({
    queryKey: keys.titles(sorted),
    queryFn: async ({ signal }) =>
      sorted.length === 0 ? [] : (await api.call('GET /api/problem-titles', { query: { ids: sorted.join(',') } }, { signal })).problems,
    staleTime: 5 * 60_000,
  })
}

export const problemQuery = (id: string) =>
  queryOptions({
    queryKey: keys.problem(id),
    queryFn: async ({ signal }) => (await api.call('GET /api/problems/:id', { params: { id }, query: {} }, { signal })).problem,
  })

export const languagesQuery = queryOptions({
  queryKey: keys.languages(),
  queryFn: ({ signal }) => api.call('GET /api/languages', undefined, { signal }),
  staleTime: 60_000,
  refetchInterval: ({ state }) => (state.data?.judge.state === 'waiting' ? 15_000 : false),
})

/** Own submissions, newest first; at most 200. */
export const ownSubmissionsQuery = (filter: { contestId?: string | undefined; problemId?: string | undefined }) =>
  queryOptions({
    queryKey: keys.submissions(filter),
    queryFn: async ({ signal }) => {
      const query = { limit: 200, ...(filter.contestId && { contestId: filter.contestId }), ...(filter.problemId && { problemId: filter.problemId }) }
      return (await api.call('GET /api/submissions', { query }, { signal })).submissions
    },
  })

export const plansQuery = queryOptions({
  queryKey: keys.plans(),
  queryFn: ({ signal }) => api.call('GET /api/plans', undefined, { signal }),
  staleTime: 60_000,
})

export const subscriptionsQuery = queryOptions({
  queryKey: keys.subscriptions(),
  queryFn: async ({ signal }) => (await api.call('GET /api/subscriptions/mine', undefined, { signal })).subscriptions,
})
