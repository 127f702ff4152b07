import type { Instant } from '#kernel/time'
import { instant } from '#kernel/time'
import type { Ms } from '#kernel/units'
import type { Clock } from '#ports/clock'

export type FakeClock = Clock & {
  /** Moves time on and fires, in order, what falls due on the way (also what those acts ask for in turn). */
  advance(by: Ms): void
  /** Jumps to a moment without firing anything that is due before it. */
  set(now: Instant): void
}

type Alarm = { readonly at: number; readonly order: number; readonly act: () => void }

export function fakeClock(startsAt: string | Instant = '2026-03-01T08:00:00.000Z'): FakeClock {
  let now = typeof startsAt === 'string' ? Date.parse(startsAt) : startsAt
  let order = 0
  const alarms = new Set<Alarm>()
  const nextDue = (until: number) => [...alarms].filter((alarm) => alarm.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]
  return {
    now: () => instant(now),
    after: (delay, act) => {
      const alarm = { at: now + delay, order: order++, act }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    advance: (by) => {
      const until = now + by
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        alarms.delete(due)
        now = Math.max(now, due.at)
        due.act()
      }
      now = until
    },
    set: (at) => {
      now = at
    },
  }
}
