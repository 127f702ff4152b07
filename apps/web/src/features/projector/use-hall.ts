import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

/** Halls are dark: while the page is shown, whatever was chosen for the rest. */
export function useDarkHall(): void {
  useLayoutEffect(() => {
    const root = document.documentElement
    const chosen = root.dataset.theme
    root.dataset.theme = 'dark'
    return () => {
      if (chosen === undefined) delete root.dataset.theme
      else root.dataset.theme = chosen
    }
  }, [])
}

/** The screen does not go to sleep over the board, where the browser can see to it (not on plain http). */
export function useScreenAwake(): void {
  useEffect(() => {
    let held: WakeLockSentinel | undefined
    let isOver = false
    const hold = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      const lock = await navigator.wakeLock.request('screen').catch(() => undefined) // a machine that saves its battery may refuse
      if (isOver) await lock?.release()
      else held = lock
    }
    const again = () => void hold()
    again()
    document.addEventListener('visibilitychange', again)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', again)
      void held?.release()
    }
  }, [])
}

/** Of the screen's height, as in projector.css. */
const rowShare = 0.078
const headShare = 0.055

/** How many whole rows the place takes, below the names of its columns. */
export function useRowsThatFit(place: RefObject<HTMLElement | null>): number {
  const [rows, setRows] = useState(8)
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => setRows(Math.max(1, Math.floor((element.clientHeight - headShare * window.innerHeight) / (rowShare * window.innerHeight) + 0.01)))
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(element)
    return () => resized.disconnect()
  }, [place])
  return rows
}
