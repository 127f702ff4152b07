import type { Checkout, Subscription } from '#contracts/billing'
import { ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Payment } from '../domain/payment.ts'
import { answeredTo, checkoutOf, factsOf } from '../domain/subscription.ts'
import { standingAt } from '../domain/timeline.ts'
import { findWhole, listOf } from '../store-subscriptions.ts'

type ReadDeps = Pick<Deps, 'db' | 'clock'>
export type Answer = { subscription: Subscription; checkout?: Checkout; serverNow: string }

/** A subscription as one user may see it, as it stands now. */
export async function answerOf({ db, clock }: ReadDeps, id: string, { viewerId, checkout }: { viewerId: string; checkout?: Payment }): Promise<Answer> {
  const whole = await findWhole(db, id)
  if (!whole) throw new Error(`subscription ${id} is gone`)
  const now = clock.now()
  const subscription = answeredTo(viewerId, whole, { standing: standingAt(factsOf(whole), now), now })
  return { subscription, ...(checkout?.page ? { checkout: checkoutOf(checkout) } : {}), serverNow: toIso(now) }
}

export async function readMine({ db, clock }: ReadDeps, { userId }: UserCaller) {
  const all = await listOf(db, userId, 'with counts')
  const now = clock.now()
  const subscriptions = all.map((whole) => answeredTo(userId, whole, { standing: standingAt(factsOf(whole), now), now }))
  return ok({ subscriptions, serverNow: toIso(now) })
}
