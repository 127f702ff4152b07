import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Board } from '#contracts/leaderboard'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useDataSaver } from '../../lib/use-data-saver.ts'
import { useLive } from '../../lib/use-live.ts'
import { type Standing, standingOf } from './standing.ts'

/** The board hears of a verdict a moment after its author: asked soon, and once more for a board that lags. */
const afterVerdictMs = [800, 4_000] as const
/** Others' moves are seen within this: a line that a whole contest keeps open must cost little, so the bar does not hear the board's pushes. */
const pollMs = 60_000

/** One's own rank and score; undefined while unknown. */
export function useStanding(contestId: string, userId: string | undefined): Standing | undefined {
  const client = useQueryClient()
  const sparesData = useDataSaver()
  const key = keys.board(contestId, { own: userId })
  const read = useQuery<Board>({
    queryKey: key,
    queryFn: ({ signal }) => api.call('GET /api/leaderboard/:contestId', { params: { contestId }, query: { top: 0, around: 1 } }, { signal }),
    enabled: userId !== undefined,
    staleTime: 10_000,
    refetchInterval: sparesData ? 3 * pollMs : pollMs,
  })
  const timers = useRef(new Set<number>())
  useLive((event) => {
    if (event.type !== 'submission.judged') return
    for (const ms of afterVerdictMs) {
      const timer = window.setTimeout(() => {
        timers.current.delete(timer)
        void client.invalidateQueries({ queryKey: key })
      }, ms)
      timers.current.add(timer)
    }
  })
  useEffect(() => {
    const waiting = timers.current
    return () => {
      for (const timer of waiting) clearTimeout(timer)
    }
  }, [])
  return userId === undefined || !read.data ? undefined : standingOf(read.data, userId)
}
