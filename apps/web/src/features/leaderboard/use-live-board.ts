import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer, useRef, useState } from 'react'
import { clock } from '../../lib/arena.ts'
import { boardQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useDataSaver } from '../../lib/use-data-saver.ts'
import { useLiveState } from '../../lib/use-live.ts'
import { applyToBoard, type BoardAction, emptyBoard } from './apply-to-board.ts'
import { useBoardChannel } from './use-board-channel.ts'

/** Others moved: asked again this long after, spread so that a nation's phones do not ask together. */
const soonMs = 4_000
const nowMs = 300
/** Between two snapshots, however much is missed. */
const restMs = 2_500
const pollMs = 15_000
/** What was asked for while the page came is not asked for again. */
const freshMs = 3_000
const sparingMs = 60_000
/** The server says at most two a second what moved; what comes together after a pause of the line is shown as one move, which the eye can follow. */
const gatherMs = 200
/** Without a push for so long, the board is asked for: a push may have been lost, and the next one that would tell may be far. */
const quietMs = 300_000

/** The board as it stands, moved by pushes; polled while there is no socket (nobody logged in, the line is down, or data is spared). */
export function useLiveBoard(contestId: string, unfrozen: boolean) {
  const sparesData = useDataSaver()
  const isLive = useLiveState() === 'ready' && !sparesData && !unfrozen
  const client = useQueryClient()
  const read = useQuery({
    ...boardQuery(contestId, unfrozen),
    staleTime: isLive ? quietMs : freshMs,
    refetchInterval: isLive ? false : sparesData ? sparingMs : pollMs,
  })
  const [live, apply] = useReducer(applyToBoard, emptyBoard)
  const [heardAt, setHeardAt] = useState(0)
  const pushed = useGathered((actions) => {
    for (const action of actions) apply(action)
    setHeardAt(clock.now())
  })
  const [snapshotSeenAt, setSnapshotSeenAt] = useState(0)
  useEffect(() => {
    if (!read.data) return
    apply({ type: 'snapshot', board: read.data })
    setSnapshotSeenAt(clock.now())
  }, [read.data])
  useBoardChannel(contestId, isLive, pushed)
  const snapshotAt = useRef(0)
  useEffect(() => {
    if (live.refetch === 'no') return
    const wait = live.refetch === 'now' ? nowMs : soonMs * (0.5 + Math.random())
    const rested = snapshotAt.current + restMs - Date.now()
    const timer = setTimeout(
      () => {
        snapshotAt.current = Date.now()
        void client.invalidateQueries({ queryKey: keys.board(contestId, { unfrozen }) })
        void client.invalidateQueries({ queryKey: keys.board(contestId, { part: 'range' }) })
      },
      Math.max(wait, rested),
    )
    return () => clearTimeout(timer)
  }, [live, client, contestId, unfrozen])
  useEffect(() => {
    if (!isLive) return
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: keys.board(contestId) }), quietMs)
    return () => clearTimeout(timer)
  }, [isLive, client, contestId, heardAt, snapshotSeenAt])
  const board = live.board?.contestId === contestId ? live.board : read.data
  return { read, board, isLive, updatedAt: Math.max(heardAt, snapshotSeenAt) }
}

/** The first at once, what follows within `gatherMs` together. */
function useGathered(give: (actions: readonly BoardAction[]) => void): (action: BoardAction) => void {
  const state = useRef({ waiting: [] as BoardAction[], timer: 0, give })
  state.current.give = give
  useEffect(() => () => clearTimeout(state.current.timer), [])
  const later = () => {
    const held = state.current
    held.timer = 0
    if (held.waiting.length === 0) return
    held.give(held.waiting.splice(0))
    held.timer = window.setTimeout(later, gatherMs)
  }
  return (action) => {
    const held = state.current
    held.waiting.push(action)
    if (held.timer === 0) later()
  }
}
