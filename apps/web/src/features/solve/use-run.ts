import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NewRun, Run } from '#contracts/runs'
import { api, sleep } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { randomId } from '../../lib/random-id.ts'
import { useLive, useLiveState } from '../../lib/use-live.ts'
import { askForRun } from './try-run.ts'

/** While it waits it is asked for again: seldom when the socket would tell, often when that is away. */
const runQuery = (id: string | undefined, isLive: boolean) =>
  queryOptions<Run>({
    queryKey: keys.run(id ?? ''),
    queryFn: async ({ signal }) => (await api.call('GET /api/runs/:id', { params: { id: id ?? '' } }, { signal })).run,
    enabled: id !== undefined,
    staleTime: Infinity,
    refetchOnWindowFocus: false, // the arena forgets it after an hour; the page need not
    refetchInterval: ({ state }) => (state.error || (state.data && state.data.status !== 'queued') ? false : isLive ? 4_000 : 800),
  })

/** The last run of this page. */
export function useRun() {
  const client = useQueryClient()
  const isLive = useLiveState() === 'ready'
  const asked = useMutation({ mutationFn: (body: NewRun) => askForRun({ api, sleep, random: Math.random, key: randomId() }, body) })
  const id = asked.data
  const read = useQuery(runQuery(id, isLive))
  useLive((event) => {
    if (event.type === 'run.finished' && event.id === id) void client.invalidateQueries({ queryKey: keys.run(id) })
  })
  const run = id === undefined ? undefined : read.data
  const error = asked.error ?? (id !== undefined && !run ? read.error : null)
  return {
    start: (body: NewRun) => asked.mutate(body),
    isRunning: asked.isPending || (id !== undefined && !error && (run === undefined || run.status === 'queued')),
    /** Once it is over. */
    run: run?.status === 'queued' ? undefined : run,
    /** What it was given. */
    input: asked.variables?.input,
    error,
  }
}
