import type { Grant } from '#contracts/billing'
import { ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import { factsOf } from '../domain/subscription.ts'
import { standingAt } from '../domain/timeline.ts'
import { listPlans } from '../store-plans.ts'
import { listOf } from '../store-subscriptions.ts'
import { findUser } from '../store-users.ts'

/** The subscription that opens this for the longest, as holder, as member of a school, or sponsored; else what is sold that would. */
export async function readEntitlement({ db, clock }: Pick<Deps, 'db' | 'clock'>, userId: string, grant: Grant) {
  const now = clock.now()
  const user = await findUser(db, userId)
  const all = user?.disabled ? [] : await listOf(db, userId, 'without counts')
  const opening = all
    .map((whole) => ({ id: whole.record.id, standing: standingAt(factsOf(whole), now) }))
    .flatMap(({ id, standing: { openUntil, terms } }) => (openUntil !== undefined && terms.grants.includes(grant) ? [{ id, until: openUntil }] : []))
    .sort((a, b) => b.until - a.until)[0]
  const plans = opening ? [] : (await listPlans(db, 'on sale')).filter((plan) => plan.grants.includes(grant))
  return ok({
    active: opening !== undefined,
    until: opening ? toIso(opening.until) : null,
    subscriptionId: opening?.id ?? null,
    plans,
    serverNow: toIso(now),
  })
}
