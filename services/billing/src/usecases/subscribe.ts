import { hash, randomBytes } from 'node:crypto'
import type { Currency, ProviderName } from '#contracts/billing'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import type { PaymentProvider } from '#ports/payment-provider'
import { addDays } from '../domain/calendar.ts'
import { codeOf } from '../domain/join-code.ts'
import { factsOf, type Whole } from '../domain/subscription.ts'
import { areSameTerms, type Terms, termsOf } from '../domain/terms.ts'
import { isOver, standingAt } from '../domain/timeline.ts'
import { findPlan } from '../store-plans.ts'
import { findByIdempotencyKey, findWhole, hasTried, insertSubscription, isCodeTaken, listHeld } from '../store-subscriptions.ts'
import { lockUser } from '../store-users.ts'
import { budgets, spend } from './budgets.ts'
import { type CheckoutDeps, openCheckout, preparePayment } from './checkout.ts'
import { keepStanding } from './keep-standing.ts'
import { type Answer, answerOf } from './read-subscriptions.ts'

export type SubscribeDeps = CheckoutDeps & Pick<Deps, 'outbox' | 'cache'>
type Wish = {
  readonly planId: string
  readonly currency: Currency
  readonly provider?: ProviderName
  readonly school?: string
  readonly withoutTrial?: boolean
}
type Asked = { readonly body: Wish; readonly caller: UserCaller; readonly idempotencyKey: string | undefined }
type Code =
  | 'PLAN_NOT_FOUND'
  | 'CURRENCY_NOT_OFFERED'
  | 'PROVIDER_NOT_OFFERED'
  | 'PROVIDER_FAILED'
  | 'ALREADY_SUBSCRIBED'
  | 'SCHOOL_MISSING'
  | 'IDEMPOTENCY_MISMATCH'
  | 'TOO_MANY_REQUESTS'
type Begun = { readonly id: string; readonly paymentId: string | undefined }

/**
 * Begins the trial where there is one, else asks for the first payment. The subscription and its payment are stored before the provider is asked for a
 * page: where that fails, the same request again goes on from there.
 */
export async function subscribe(deps: SubscribeDeps, asked: Asked): Promise<Result<Answer, ApiFailure<Code>>> {
  const admitted = await spend(deps, [`checkout:${asked.caller.userId}`, budgets.checkoutByUser])
  if (!admitted.ok) return admitted
  const begun = await withFreshCodes(() => deps.db.transaction((tx) => begin(tx, deps, asked)))
  if (!begun.ok) return begun
  const opened = begun.value.paymentId === undefined ? undefined : await openCheckout(deps, begun.value.paymentId)
  if (opened && !opened.ok) return opened
  return ok(await answerOf(deps, begun.value.id, { viewerId: asked.caller.userId, ...(opened ? { checkout: opened.value } : {}) }))
}

/** Two schools with one code, once in 2^50: the transaction is done again with another. */
export async function withFreshCodes<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (cause) {
      if (!isCodeTaken(cause) || tries === 3) throw cause
    }
  }
}

async function begin(tx: Tx, deps: SubscribeDeps, { body, caller, idempotencyKey }: Asked): Promise<Result<Begun, ApiFailure<Code>>> {
  await lockUser(tx, caller.userId, caller.name)
  const digest = digestOf(body)
  const same = idempotencyKey === undefined ? undefined : await findByIdempotencyKey(tx, caller.userId, idempotencyKey)
  if (same) {
    if (Buffer.compare(same.digest, digest) !== 0) return fail({ code: 'IDEMPOTENCY_MISMATCH' })
    const whole = await findWhole(tx, same.id, 'update')
    return whole ? goOn(tx, deps, whole, body) : fail({ code: 'PLAN_NOT_FOUND' })
  }
  const plan = await findPlan(tx, body.planId)
  if (!plan?.active) return fail({ code: 'PLAN_NOT_FOUND' })
  const terms = termsOf(plan, body.currency)
  const chosen = chooseProvider(deps, body)
  if (!chosen.ok) return chosen
  if (!terms) return fail({ code: 'CURRENCY_NOT_OFFERED', details: { currency: body.currency } })
  if (terms.audience === 'school' && body.school === undefined) return fail({ code: 'SCHOOL_MISSING' })
  const now = deps.clock.now()
  const live = (await listHeld(tx, caller.userId, plan.id)).find((each) => !isOver(standingAt(factsOf(each), now).status))
  const school = terms.audience === 'school' ? body.school?.trim() : undefined
  if (live && !isTheSame(live, terms, { school, now })) return fail({ code: 'ALREADY_SUBSCRIBED', details: { subscriptionId: live.record.id } })
  if (live) return goOn(tx, deps, (await findWhole(tx, live.record.id, 'update')) ?? live, body)
  const mayTry = terms.trialDays > 0 && body.withoutTrial !== true && !(await hasTried(tx, caller.userId, plan.id))
  const id = deps.ids.next()
  await insertSubscription(tx, {
    id,
    holderId: caller.userId,
    planId: plan.id,
    terms,
    school,
    joinCode: terms.audience === 'school' ? codeOf(randomBytes(10)) : undefined,
    provider: chosen.value.name,
    createdAt: now,
    trialEndsAt: mayTry ? addDays(now, terms.trialDays) : undefined,
    sponsoredUntil: undefined,
    idempotency: idempotencyKey === undefined ? undefined : { key: idempotencyKey, digest },
  })
  const { whole } = await keepStanding(tx, deps, id)
  return goOn(tx, deps, whole, body)
}

/** One that waits for its first payment and is asked for once more, in the same way: then it is that one. */
function isTheSame(live: Whole, terms: Terms, { school, now }: { school: string | undefined; now: Instant }): boolean {
  return standingAt(factsOf(live), now).status === 'pending' && areSameTerms(live.record.terms, terms) && live.record.school === school
}

/** From wherever it stands: prepares the first payment when one is due. */
async function goOn(tx: Tx, deps: SubscribeDeps, whole: Whole, body: Wish): Promise<Result<Begun, ApiFailure<Code>>> {
  const now = deps.clock.now()
  const { id, terms } = whole.record
  if (standingAt(factsOf(whole), now).status !== 'pending') return ok({ id, paymentId: undefined })
  const chosen = chooseProvider(deps, { ...body, currency: terms.currency })
  if (!chosen.ok) return chosen
  return ok({ id, paymentId: await preparePayment(tx, deps, { whole, terms, provider: chosen.value, now }) })
}

function chooseProvider(
  { providers }: SubscribeDeps,
  { provider: wanted, currency }: Pick<Wish, 'provider' | 'currency'>,
): Result<PaymentProvider, ApiFailure<'PROVIDER_NOT_OFFERED' | 'CURRENCY_NOT_OFFERED'>> {
  const named = wanted === undefined ? undefined : providers.get(wanted)
  if (wanted !== undefined && !named) return fail({ code: 'PROVIDER_NOT_OFFERED', details: { provider: wanted } })
  const able = named ? [named] : providers.all
  const provider = able.find(({ currencies }) => currencies.includes(currency))
  return provider ? ok(provider) : fail({ code: 'CURRENCY_NOT_OFFERED', details: { currency } })
}

/** SHA-256 of the body in one fixed order of fields, whatever order the client sent. */
const digestOf = ({ planId, currency, provider, school, withoutTrial }: Wish): Uint8Array =>
  hash('sha256', JSON.stringify([planId, currency, provider ?? null, school ?? null, withoutTrial ?? false]), 'buffer')
