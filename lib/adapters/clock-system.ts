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

/** Randomness for so many ids at once: fetched for each, it takes three quarters of the time that making one takes. */
const idsAhead = 256
const randomBytesEach = 16

/** Version 7, in the order they are made within a process, also within a millisecond and when the clock is set back (RFC 9562 §6.2, method 1). */
export function openIds(now: () => number = Date.now): Ids {
  const random = Buffer.alloc(idsAhead * randomBytesEach)
  let used = random.length
  let msecs = 0
  let seq = 0
  const take = () => {
    if (used === random.length) {
      crypto.getRandomValues(random)
      used = 0
    }
    used += randomBytesEach
    return random.subarray(used - randomBytesEach, used)
  }
  return {
    next() {
      const bytes = take()
      const at = now()
      if (at > msecs) {
        msecs = at
        seq = bytes.readUInt32BE(6) >>> 1 // the highest bit is free, so that counting on does not overflow
      } else seq += 1
      return v7({ random: bytes, msecs, seq })
    },
  }
}

export const systemIds: Ids = openIds()
