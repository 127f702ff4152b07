import type { notificationsRoutes } from '#contracts/notifications'
import { fail, ok } from '#kernel/result'
import { type Instant, instant, toIso } from '#kernel/time'
import { minutes, seconds } from '#kernel/units'
import type { Handler } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import * as store from '../presence-store.ts'
import type { Hub } from '../sockets/hub.ts'

type Deps = { readonly db: Db; readonly clock: Clock }

/** How often a replica looks whom it holds: who has just come is noted then. */
export const lookEvery = seconds(5)
/** Who stays is noted this often, so that a class that sits there all day is written three times a minute and not twelve. */
const noteEvery = seconds(20)
/** Two notes may be late, or fall between two replicas, before somebody counts as gone. */
const hereFor = seconds(60)
const rememberedFor = minutes(24 * 60)
const mostPeople = 5_000

/** Notes who is here, each when it is due; what does not come through is due again at the next look. */
export function openPresence({ db, clock, hub }: Deps & { readonly hub: Pick<Hub, 'usersHere'> }) {
  let notedAt = new Map<string, Instant>()
  return {
    async note() {
      const now = clock.now()
      const here = hub.usersHere()
      const due = here.filter((userId) => now - (notedAt.get(userId) ?? Number.NEGATIVE_INFINITY) >= noteEvery)
      if (due.length > 0) await store.noteSeen(db, due, now)
      // only who is here is remembered
      const before = notedAt
      notedAt = new Map(here.map((userId) => [userId, before.get(userId) ?? now]))
      for (const userId of due) notedAt.set(userId, now)
    },
  }
}

export const forgetWhoWasHere = ({ db, clock }: Deps) => store.forgetSeen(db, instant(clock.now() - rememberedFor))

/** Which participants have the page open: for the staff of that contest, since nobody else's business is who sits at a computer. */
export const readPresence =
  ({ db, clock }: Deps): Handler<(typeof notificationsRoutes)['GET /api/notifications/presence/:contestId']> =>
  async ({ params: { contestId }, caller }) => {
    const ownerId = await store.findContestOwner(db, contestId)
    if (ownerId === undefined) return fail({ code: 'CONTEST_NOT_FOUND' })
    if (caller.role !== 'admin' && ownerId !== caller.userId) return fail({ code: 'FORBIDDEN' })
    const now = clock.now()
    const seen = await store.listSeen(db, contestId, { since: instant(now - rememberedFor), limit: mostPeople })
    return ok({
      people: seen.map(({ userId, seenAt }) => ({ userId, seenAt: toIso(seenAt), here: now - seenAt <= hereFor })),
      serverNow: toIso(now),
    })
  }
