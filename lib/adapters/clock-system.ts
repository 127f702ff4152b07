import { v7 } from 'uuid'
import { instant } from '#kernel/time'
import type { Clock, Ids } from '#ports/clock'

/** `setTimeout` fires at once for more than this (24.8 days); longer waits are taken in steps. */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => instant(Date.now()),
  after: (delay, act) => {
    const dueAt = Date.now() + delay
    let timer: NodeJS.Timeout
    const arm = () => {
      const left = dueAt - Date.now()
      timer = setTimeout(() => (left > longestTimerMs ? arm() : act()), Math.min(Math.max(left, 0), longestTimerMs))
      timer.unref()
    }
    arm()
    return () => clearTimeout(timer)
  },
}

export const systemIds: Ids = { next: () => v7() }
