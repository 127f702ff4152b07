import type { AllRoutes } from '#contracts/all'
import { memberChanged, subscriptionChanged } from '#contracts/billing'
import type { ApiFailure } from '#contracts/errors'
import type { RouteOutput } from '#contracts/route'
import { fail, ok, type Result } from '#kernel/result'
import { instantOf, parseIso, toIso } from '#kernel/time'
import { type Deps, on, type Subscription } from '#kit/define-service'
import type { Queryable } from '#ports/db'
import { closedBreaker, failed, hasJustOpened, mayTry, trying } from './domain/breaker.ts'
import type { Contest } from './domain/contest.ts'
import { isFresh, isGood, type Known, opensUntil } from './domain/entitlement.ts'
import { isStaff, type Viewer } from './domain/visibility.ts'
import { findEntitlement, keepNo, keepYes, tellLeft, tellSubscription } from './store-entitlements.ts'

/**
 * Whether somebody may enter a premium contest: the only place of this service that knows of subscriptions. A free contest asks nobody anything.
 *
 * Billing is asked, unless it said yes within the last minute and has told of no change since. When it does not answer within two seconds, what it said last
 * holds for as long as it was good then; who is not known is refused politely, since a wrong yes gives away what others pay for, and a wrong no is put
 * right by trying again. One question at a time for each user; a billing that is down costs its deadline to the first few callers alone (domain/breaker.ts).
 */
export type EntryFailure = ApiFailure<'SUBSCRIPTION_NEEDED' | 'ENTITLEMENT_UNKNOWN'>
export type Entitlements = {
  /**
   * Ok: enter. SUBSCRIPTION_NEEDED has in its details `contestId`, `plans` (Plan of the billing contract: what would open it) and `until`, the end of the
   * last subscription known. Asks a peer: not inside a transaction.
   */
  mayEnter(viewer: Viewer, contest: Pick<Contest, 'id' | 'premium'>): Promise<Result<true, EntryFailure>>
  /** What billing tells, so that a change is heard before the minute is over. */
  readonly subscriptions: readonly Subscription[]
}

const deadlineMs = 2_000
const route = 'GET /internal/entitlements/:userId'
type Answer = RouteOutput<AllRoutes[typeof route]>

export function openEntitlements({ db, peers, clock, log }: Pick<Deps, 'peers' | 'clock' | 'log'> & { readonly db: Queryable }): Entitlements {
  const asking = new Map<string, Promise<Answer | undefined>>()
  let breaker = closedBreaker

  /** @returns undefined when billing did not answer. */
  async function ask(userId: string, known: Known | undefined): Promise<Answer | undefined> {
    const askedAt = clock.now()
    if (!mayTry(breaker, askedAt)) return undefined
    breaker = trying(breaker, askedAt)
    const answer = await peers.call(route, { params: { userId }, query: { grant: 'premium-contests' } }, { deadlineMs })
    if (!answer.ok) {
      breaker = failed(breaker, clock.now())
      if (hasJustOpened(breaker)) log.warn({ error: answer.error }, 'billing does not answer: premium contests go by what it said last')
      return undefined
    }
    breaker = closedBreaker
    const { active, until, subscriptionId } = answer.value
    const asked = { userId, askedAt, tellings: known?.tellings ?? 0 }
    const end = until === null ? undefined : parseIso(until)
    if (!active) await keepNo(db, asked)
    else if (end !== undefined) await keepYes(db, asked, { until: end, subscriptionId })
    return answer.value
  }
  /** Who asks after a change was told does not get the answer to a question from before. */
  function askOnce(userId: string, known: Known | undefined): Promise<Answer | undefined> {
    const key = `${userId} ${known?.tellings ?? 0}`
    const asked = asking.get(key) ?? ask(userId, known).finally(() => asking.delete(key))
    asking.set(key, asked)
    return asked
  }

  return {
    async mayEnter(viewer, contest) {
      if (!contest.premium || isStaff(viewer)) return ok(true)
      const known = await findEntitlement(db, viewer.userId)
      if (known && isFresh(known, clock.now())) return ok(true)
      const answer = await askOnce(viewer.userId, known)
      if (!answer) return known && isGood(known, clock.now()) ? ok(true) : fail({ code: 'ENTITLEMENT_UNKNOWN' })
      if (answer.active) return ok(true)
      const ended = known && !isGood(known, clock.now()) ? { until: toIso(known.until) } : {}
      return fail({ code: 'SUBSCRIPTION_NEEDED', details: { contestId: contest.id, plans: answer.plans, ...ended } })
    },
    subscriptions: [
      on(subscriptionChanged, (tx, { subscriptionId, revision, ...told }, { occurredAt }) =>
        tellSubscription(tx, { subscriptionId, revision, until: opensUntil(told), at: instantOf(new Date(occurredAt)) }),
      ),
      on(memberChanged, async (tx, { subscriptionId, userId, isMember }, { occurredAt }) => {
        if (!isMember) await tellLeft(tx, { subscriptionId, userId, at: instantOf(new Date(occurredAt)) })
      }),
    ],
  }
}
