import { randomBytes } from 'node:crypto'
import type { ProviderName } from '#contracts/billing'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type Due, dueAt } from '../domain/due.ts'
import { codeOf } from '../domain/join-code.ts'
import { factsOf, type Whole } from '../domain/subscription.ts'
import { isOver, type Standing, standingAt } from '../domain/timeline.ts'
import type { Providers } from '../providers.ts'
import { findPlan } from '../store-plans.ts'
import { findWhole, saveCancelledAt, saveJoinCode, saveProvider } from '../store-subscriptions.ts'
import { budgets, spend } from './budgets.ts'
import { type CheckoutDeps, openCheckout, preparePayment } from './checkout.ts'
import { type KeepDeps, keepStanding } from './keep-standing.ts'
import { type Answer, answerOf } from './read-subscriptions.ts'
import { withFreshCodes } from './subscribe.ts'

type ChangeDeps = Pick<Deps, 'db'> & KeepDeps
type Which = { readonly id: string; readonly caller: UserCaller }
type Changed<Code extends 'SUBSCRIPTION_OVER' | never = never> = Promise<Result<Answer, ApiFailure<'SUBSCRIPTION_NOT_FOUND' | Code>>>
type Locked = { readonly whole: Whole; readonly standing: Standing }

/** Locks the subscription for who may change it; another's is not there. */
async function lockFor(tx: Tx, { clock }: ChangeDeps, { id, caller }: Which, who: 'holder' | 'holder or admin'): Promise<Locked | undefined> {
  const whole = await findWhole(tx, id, 'update')
  const may = whole?.record.holderId === caller.userId || (who === 'holder or admin' && caller.role === 'admin')
  return whole && may ? { whole, standing: standingAt(factsOf(whole), clock.now()) } : undefined
}

/** Loads and locks, lets `change` write, and brings what follows in line, in one transaction. What is over can no longer be changed. */
async function changing(
  deps: ChangeDeps,
  which: Which,
  who: 'holder' | 'holder or admin',
  change: (tx: Tx, locked: Locked) => Promise<void>,
): Changed<'SUBSCRIPTION_OVER'> {
  const done = await deps.db.transaction(async (tx) => {
    const locked = await lockFor(tx, deps, which, who)
    if (!locked) return fail({ code: 'SUBSCRIPTION_NOT_FOUND' })
    if (isOver(locked.standing.status)) return fail({ code: 'SUBSCRIPTION_OVER' })
    await change(tx, locked)
    await keepStanding(tx, deps, which.id)
    return ok(which.id)
  })
  return done.ok ? ok(await answerOf(deps, which.id, { viewerId: which.caller.userId })) : done
}

/** At the end of what is paid or tried; at once where nothing is. Again changes nothing. */
export const cancel = (deps: ChangeDeps, which: Which) =>
  changing(deps, which, 'holder or admin', async (tx, { whole }) => {
    if (whole.record.cancelledAt === undefined) await saveCancelledAt(tx, which.id, deps.clock.now())
  })

/** Takes a cancellation back before it takes effect. */
export const resume = (deps: ChangeDeps, which: Which) => changing(deps, which, 'holder', (tx) => saveCancelledAt(tx, which.id, undefined))

/** Another code for joining; the old one is good no more. */
export async function renewCode(deps: ChangeDeps, which: Which): Changed<'SUBSCRIPTION_OVER'> {
  const held = await findWhole(deps.db, which.id)
  // a person's has no code to renew
  if (held?.record.joinCode === undefined) return fail({ code: 'SUBSCRIPTION_NOT_FOUND' })
  return withFreshCodes(() => changing(deps, which, 'holder', (tx) => saveJoinCode(tx, which.id, codeOf(randomBytes(10)))))
}

type PayCode = 'TOO_MANY_REQUESTS' | 'SUBSCRIPTION_NOT_FOUND' | 'SUBSCRIPTION_OVER' | 'NOTHING_DUE' | 'PROVIDER_NOT_OFFERED' | 'PROVIDER_FAILED'

/** Where to pay what is due. Who asks for it wants to go on: a cancellation that has not taken effect is taken back. */
export async function pay(
  deps: ChangeDeps & CheckoutDeps & Pick<Deps, 'cache'>,
  { id, caller, provider }: Which & { readonly provider: ProviderName | undefined },
): Promise<Result<Answer, ApiFailure<PayCode>>> {
  const admitted = await spend(deps, [`checkout:${caller.userId}`, budgets.checkoutByUser])
  if (!admitted.ok) return admitted
  const prepared = await deps.db.transaction(async (tx): Promise<Result<string, ApiFailure<PayCode>>> => {
    const locked = await lockFor(tx, deps, { id, caller }, 'holder')
    if (!locked) return fail({ code: 'SUBSCRIPTION_NOT_FOUND' })
    const due = await dueOf(tx, deps, locked)
    if (due.kind === 'over') return fail({ code: 'SUBSCRIPTION_OVER' })
    if (due.kind === 'later') return fail({ code: 'NOTHING_DUE', details: { from: toIso(due.from) } })
    const chosen = chooseFor(deps.providers, { wanted: provider, whole: locked.whole, currency: due.terms.currency })
    if (!chosen) return fail({ code: 'PROVIDER_NOT_OFFERED', details: { provider: provider ?? locked.whole.record.provider } })
    const paymentId = await preparePayment(tx, deps, { whole: locked.whole, terms: due.terms, provider: chosen, now: deps.clock.now() })
    await saveProvider(tx, id, chosen.name)
    if (locked.whole.record.cancelledAt !== undefined) await saveCancelledAt(tx, id, undefined)
    await keepStanding(tx, deps, id)
    return ok(paymentId)
  })
  if (!prepared.ok) return prepared
  const opened = await openCheckout(deps, prepared.value)
  return opened.ok ? ok(await answerOf(deps, id, { viewerId: caller.userId, checkout: opened.value })) : opened
}

async function dueOf(tx: Tx, { clock }: ChangeDeps, { whole, standing }: Locked): Promise<Due> {
  const plan = await findPlan(tx, whole.record.planId)
  if (!plan) throw new Error(`plan ${whole.record.planId} is gone`)
  return dueAt(factsOf(whole), standing, { plan, now: clock.now() })
}

type Choice = { readonly wanted: ProviderName | undefined; readonly whole: Whole; readonly currency: 'RWF' | 'USD' | 'EUR' }
/** The one named and no other; else the one of last time, or whichever takes the currency. */
function chooseFor(providers: Providers, { wanted, whole, currency }: Choice) {
  if (wanted === undefined) return providers.choose(currency, whole.record.provider)
  const named = providers.get(wanted)
  return named?.currencies.includes(currency) ? named : undefined
}
