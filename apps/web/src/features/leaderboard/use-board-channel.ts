import { useEffect, useRef } from 'react'
import { live } from '../../lib/arena.ts'
import { useLive } from '../../lib/use-live.ts'
import type { BoardAction } from './apply-to-board.ts'

/** These rows and one's own move at once; the rest within a minute: a five-hour contest followed so costs a phone a quarter of a megabyte. */
const followedRows = 20

/** The board's pushes while `isOn`. */
export function useBoardChannel(contestId: string, isOn: boolean, pushed: (action: BoardAction) => void): void {
  const latest = useRef(pushed)
  latest.current = pushed
  useEffect(() => (isOn ? live.subscribe(`leaderboard:${contestId}`, followedRows) : undefined), [contestId, isOn])
  useLive((event) => {
    if (event.type === 'moved' && event.board === contestId.slice(-12) && isOn) latest.current(event)
  })
}
