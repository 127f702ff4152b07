import { hash } from 'node:crypto'
import type { ApiFailure } from '#contracts/errors'
import { decimalText } from '#kernel/money'
import { fail, ok, type Result } from '#kernel/result'
import { instant } from '#kernel/time'
import { seconds } from '#kernel/units'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type Payment, type Refund, refundable, retryPauseMs, sumOf } from '../domain/payment.ts'
import { refundsOf } from '../domain/subscription.ts'
import {
  claimRefund,
  findPayment,
  findRefund,
  findRefundByKey,
  insertRefund,
  listRefundsOf,
  listUnderWay,
  saveRefundedBefore,
  saveRefundRetry,
  settleRefund,
} from '../store-payments.ts'
import { findWhole } from '../store-subscriptions.ts'
import { lockUser } from '../store-users.ts'
import { completeRefund } from './complete-refund.ts'
import { keepStanding } from './keep-standing.ts'
import { found, type SettleDeps } from './settle-payment.ts'

/** Longer than a call to a provider may take: meanwhile nobody else tries the same. */
const lease = seconds(60)
/** Tried by one run of the job at most; and after so many tries in vain it ends, so that a dead provider does not keep the others' waiting. */
const atMost = 100
const faultsMost = 5

type Code = 'PAYMENT_NOT_FOUND' | 'REFUND_TOO_LARGE' | 'PAYMENT_NOT_PAID' | 'PROVIDER_FAILED' | 'IDEMPOTENCY_MISMATCH'
type Wish = { readonly id: string; readonly amount: number | undefined; readonly reason: string; readonly key: string; readonly caller: UserCaller }

/**
 * Gives money back. What is asked for is stored under its own id first, and the provider is shown the same id at every try: here at once, and by the job
 * until it is taken or refused for good. @returns the payment's id, for the answer.
 */
export async function refund(deps: SettleDeps, wish: Wish): Promise<Result<string, ApiFailure<Code>>> {
  const asked = await deps.db.transaction((tx) => askRefund(tx, deps, wish))
  if (!asked.ok) return asked
  const { refund: wanted, isNew } = asked.value
  // who asks again while it is being tried, or before its next try, waits for that: a provider that is asked twice at once may give twice
  const inHand = isNew ? wanted : await claimRefund(deps.db, { now: deps.clock.now(), lease, id: wanted.id })
  const status = inHand ? await tryRefund(deps, inHand) : ((await findRefund(deps.db, wanted.id)) ?? wanted).status
  return status === 'done' ? ok(wanted.paymentId) : fail({ code: 'PROVIDER_FAILED', details: { refund: status } })
}

type Asked = { readonly refund: Refund; readonly isNew: boolean }

async function askRefund(tx: Tx, deps: SettleDeps, { id, amount, reason, key, caller }: Wish): Promise<Result<Asked, ApiFailure<Code>>> {
  await lockUser(tx, caller.userId, caller.name) // a key is one admin's: with two payments at once, too, it is good for one refund
  const payment = await findPayment(tx, id)
  const whole = payment && (await findWhole(tx, payment.subscriptionId, 'update'))
  const locked = whole?.payments.find((each) => each.id === id)
  if (!whole || !locked) return fail({ code: 'PAYMENT_NOT_FOUND' })
  const digest = hash('sha256', JSON.stringify([id, amount ?? null, reason]), 'buffer')
  const same = await findRefundByKey(tx, caller.userId, key)
  if (same) return Buffer.compare(same.digest, digest) === 0 ? ok({ refund: same.refund, isNew: false }) : fail({ code: 'IDEMPOTENCY_MISMATCH' })
  if (!locked.received) return fail({ code: 'PAYMENT_NOT_PAID' })
  const left = refundable(locked, refundsOf(whole, id))
  const wanted = amount ?? left
  if (wanted > left || left === 0) {
    const { currency } = locked.received
    return fail({ code: 'REFUND_TOO_LARGE', details: { left: decimalText({ amount: left, currency }), leftAmount: left, currency } })
  }
  const now = deps.clock.now()
  const asked = { id: deps.ids.next(), paymentId: id, amount: wanted, reason, askedAt: now, origin: 'admin', status: 'asked', tries: 1 } as const
  await insertRefund(tx, { ...asked, nextTryAt: instant(now + lease), asked: { by: caller.userId, key, digest } })
  return ok({ refund: asked, isNew: true })
}

/** One try at the provider; a failure is remembered with the time of the next. */
async function tryRefund(deps: SettleDeps, { id, paymentId, amount, tries }: Refund): Promise<Refund['status']> {
  const payment = await findPayment(deps.db, paymentId)
  if (!payment?.received) throw new Error(`refund ${id} is of a payment that never came`)
  const { reference, received } = payment
  const later = (problem: string) => saveRefundRetry(deps.db, id, instant(deps.clock.now() + retryPauseMs(tries)), problem)
  const refundedBefore = await deps.db.transaction((tx) => beginTry(tx, payment, id))
  const provider = deps.providers.get(payment.provider)
  if (refundedBefore === undefined || !provider) {
    await later(provider ? 'waits for the refund before it' : `${payment.provider} is not offered any more`)
    return 'asked'
  }
  const request = { reference, providerRef: payment.providerRef ?? reference, refundId: id, amount, currency: received.currency, refundedBefore }
  const answer = await found(() => provider.refund(request))
  if (answer.ok) {
    await deps.db.transaction((tx) => completeRefund(tx, deps, id))
    return 'done'
  }
  deps.log.warn({ err: answer.error, refund: id, provider: payment.provider }, 'money was not given back yet')
  if (answer.error.retry === 'never') {
    await deps.db.transaction((tx) => refuseRefund(tx, deps, { id, payment, problem: answer.error.message }))
    return 'refused'
  }
  await later(answer.error.message)
  return 'asked'
}

/**
 * Refunds of one payment are asked for one after another, and each says what had been given back before it, the same at every try: a provider without
 * idempotency keys can tell by that whether it has given this one. Under way is which was tried first, whatever the ids say: replicas need not agree on the
 * time. @returns undefined where another one is under way.
 */
async function beginTry(tx: Tx, { id: paymentId, subscriptionId }: Payment, id: string): Promise<number | undefined> {
  await findWhole(tx, subscriptionId, 'update')
  const underWay = await listUnderWay(tx, paymentId)
  if (underWay.some((each) => each !== id)) return undefined
  const given = (await listRefundsOf(tx, [paymentId])).filter((each) => each.id !== id && each.status === 'done')
  return saveRefundedBefore(tx, id, sumOf(given))
}

async function refuseRefund(tx: Tx, deps: SettleDeps, { id, payment, problem }: { id: string; payment: Payment; problem: string }): Promise<void> {
  await findWhole(tx, payment.subscriptionId, 'update')
  await settleRefund(tx, id, { status: 'refused', at: deps.clock.now(), error: problem })
  await keepStanding(tx, deps, payment.subscriptionId)
}

/** What could not be given back when it was asked, or was under way when a process died. */
export async function retryRefunds(deps: SettleDeps & Pick<Deps, 'clock'>): Promise<void> {
  for (let count = 0, faults = 0; count < atMost && faults < faultsMost; count++) {
    const next = await claimRefund(deps.db, { now: deps.clock.now(), lease })
    if (!next) return
    if ((await tryRefund(deps, next)) === 'asked') faults++
  }
}
