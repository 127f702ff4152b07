import { queryOptions } from '@tanstack/react-query'
import type { Submission } from '#contracts/submission'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { isPending } from '../../lib/submission-state.ts'

/** One submission. While it is pending it is asked for again: seldom when the socket would tell, often when it is down. */
export const submissionQuery = (id: string, isLive: boolean) =>
  queryOptions<Submission>({
    queryKey: keys.submission(id),
    queryFn: async ({ signal }) => (await api.call('GET /api/submissions/:id', { params: { id } }, { signal })).submission,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !isPending(state.data) ? false : isLive ? 4_000 : 1_500),
  })
