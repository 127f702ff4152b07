import { useEffect, useRef } from 'react'
import { live, liveState } from './arena.ts'
import type { LiveEvent } from './live-socket.ts'
import { useStore } from './use-store.ts'

/** Hears all events while mounted; the newest `listener` is the one called. */
export function useLive(listener: (event: LiveEvent) => void): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => live.listen((event) => latest.current(event)), [])
}

export const useLiveState = () => useStore(liveState)
