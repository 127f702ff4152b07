import { contestEnded, contestFrozen, contestStarted, contestStarting } from '#contracts/contest'
import { toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import { isWorthTelling, type Moment, toldTime } from '../domain/moments.ts'
import { takeDueMoments } from '../store-contests.ts'

const events = { starting: contestStarting, started: contestStarted, frozen: contestFrozen, ended: contestEnded } as const satisfies Record<Moment, unknown>

/** Tells what has fallen due, each moment once: the mark and the event commit together. */
export function tellMoments({ db, clock, outbox }: Pick<Deps, 'db' | 'clock' | 'outbox'>): Promise<void> {
  return db.transaction(async (tx) => {
    const now = clock.now()
    const due = await takeDueMoments(tx, now)
    const told = due.filter((moment) => !moment.archived && isWorthTelling(moment, now))
    await outbox.addAll(
      tx,
      told.map((moment) => ({
        topic: events[moment.moment].topic,
        payload: { contestId: moment.contestId, title: moment.title, at: toIso(toldTime(moment)) },
      })),
    )
  })
}
