import { randomBytes } from 'node:crypto'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { parseIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { addDays } from '../domain/calendar.ts'
import { codeOf } from '../domain/join-code.ts'
import { factsOf } from '../domain/subscription.ts'
import { termsOf } from '../domain/terms.ts'
import { isOver, standingAt } from '../domain/timeline.ts'
import { findPlan } from '../store-plans.ts'
import { insertSubscription, listHeld } from '../store-subscriptions.ts'
import { findUser, lockUser } from '../store-users.ts'
import { type KeepDeps, keepStanding } from './keep-standing.ts'
import { type Answer, answerOf } from './read-subscriptions.ts'
import { withFreshCodes } from './subscribe.ts'

const longestDays = 3_660
type Gift = { readonly planId: string; readonly holderId: string; readonly school?: string; readonly until: string; readonly reason: string }
type Code = 'PLAN_NOT_FOUND' | 'USER_NOT_FOUND' | 'SCHOOL_MISSING' | 'TIMES_INVALID' | 'ALREADY_SUBSCRIBED'

/** A plan without payment until a day. No money moves, so nothing is booked; who gave it, and why, is kept. A plan that is off sale will do. */
export async function sponsor(deps: Pick<Deps, 'db'> & KeepDeps, body: Gift, caller: UserCaller): Promise<Result<Answer, ApiFailure<Code>>> {
  const until = parseIso(body.until)
  const now = deps.clock.now()
  if (until === undefined || until <= now || until > addDays(now, longestDays)) {
    const problem =
      until === undefined ? 'until is no date of the calendar' : until <= now ? 'until is in the past' : `until is more than ${longestDays} days away`
    return fail({ code: 'TIMES_INVALID', details: { field: 'until', problem } })
  }
  const given = await withFreshCodes(() =>
    deps.db.transaction(async (tx): Promise<Result<string, ApiFailure<Code>>> => {
      const plan = await findPlan(tx, body.planId)
      const price = plan?.prices[0]
      const terms = plan && price ? termsOf(plan, price.currency) : undefined
      if (!plan || !terms) return fail({ code: 'PLAN_NOT_FOUND' })
      if (!(await findUser(tx, body.holderId))) return fail({ code: 'USER_NOT_FOUND' })
      if (terms.audience === 'school' && body.school === undefined) return fail({ code: 'SCHOOL_MISSING' })
      await lockUser(tx, body.holderId, '')
      const live = (await listHeld(tx, body.holderId, plan.id)).find((each) => !isOver(standingAt(factsOf(each), now).status))
      if (live) return fail({ code: 'ALREADY_SUBSCRIBED', details: { subscriptionId: live.record.id } })
      const id = deps.ids.next()
      await insertSubscription(tx, {
        id,
        holderId: body.holderId,
        planId: plan.id,
        terms: { ...terms, amount: 0 },
        school: terms.audience === 'school' ? body.school?.trim() : undefined,
        joinCode: terms.audience === 'school' ? codeOf(randomBytes(10)) : undefined,
        provider: 'manual',
        createdAt: now,
        trialEndsAt: undefined,
        sponsoredUntil: until,
        sponsor: { adminId: caller.userId, reason: body.reason },
      })
      await keepStanding(tx, deps, id)
      return ok(id)
    }),
  )
  return given.ok ? ok(await answerOf(deps, given.value, { viewerId: body.holderId })) : given
}
