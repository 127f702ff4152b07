import { useQuery } from '@tanstack/react-query'
import { useEffect, useReducer } from 'react'
import type { Board } from '#contracts/leaderboard'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useChannel, useLive, useLiveState } from '../../lib/use-live.ts'
import { useUser } from '../../lib/use-session.ts'
import { applyToBoard, emptyBoard } from './apply-to-board.ts'

const topRows = 100
const aroundRows = 3
/** A board held in part asks again this long after a change, spread so that a nation's phones do not ask together. */
const soonMs = 4_000
const nowMs = 300
const pollMs = 10_000

/** The board as it stands, moved by pushes; polled while there is no socket (nobody logged in, or the line is down). */
export function useLiveBoard(contestId: string, unfrozen: boolean) {
  const isLive = useLiveState() === 'ready'
  const user = useUser()
  const read = useQuery<Board>({
    queryKey: keys.board(contestId, { unfrozen }),
    queryFn: ({ signal }) =>
      api.call(
        'GET /api/leaderboard/:contestId',
        { params: { contestId }, query: { top: topRows, ...(user && { around: aroundRows }), ...(unfrozen && { unfrozen }) } },
        { signal },
      ),
    staleTime: 0,
    refetchInterval: isLive && !unfrozen ? 60_000 : pollMs,
  })
  const [live, apply] = useReducer(applyToBoard, emptyBoard)
  useEffect(() => {
    if (read.data) apply({ type: 'snapshot', board: read.data })
  }, [read.data])
  useChannel(`leaderboard:${contestId}`)
  useLive((event) => {
    if (event.type !== 'leaderboard.changed' || event.contestId !== contestId) return
    // Pushes tell the public board; the one behind the freeze is read again instead.
    apply(unfrozen ? { ...event, type: 'changed', refetch: true } : { ...event, type: 'changed' })
  })
  const { refetch } = read
  useEffect(() => {
    if (live.refetch === 'no') return
    const timer = setTimeout(() => void refetch(), live.refetch === 'now' ? nowMs : soonMs * (0.5 + Math.random()))
    return () => clearTimeout(timer)
  }, [live.refetch, refetch])
  return { read, board: live.board?.contestId === contestId ? live.board : read.data, isLive }
}
