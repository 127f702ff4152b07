/** Reads that more than one feature shows. */
import { queryOptions } from '@tanstack/react-query'
import { api } from './arena.ts'
import { keys } from './query-keys.ts'

export const contestQuery = (id: string) =>
  queryOptions({ queryKey: keys.contest(id), queryFn: async ({ signal }) => (await api.call('GET /api/contests/:id', { params: { id } }, { signal })).contest })

export const problemQuery = (id: string) =>
  queryOptions({ queryKey: keys.problem(id), queryFn: async ({ signal }) => (await api.call('GET /api/problems/:id', { params: { id } }, { signal })).problem })

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
