import type { PaymentStatus, ProviderName } from '#contracts/billing'
import { decimalText, type Money } from '#kernel/money'
import { type Instant, instant } from '#kernel/time'
import { dayMs } from './calendar.ts'
import type { Terms } from './terms.ts'

export type Payment = {
  readonly id: string
  readonly subscriptionId: string
  readonly reference: string
  readonly provider: ProviderName
  readonly terms: Terms
  readonly asked: Money
  readonly status: PaymentStatus
  readonly createdAt: Instant
  readonly page: { readonly url: string | undefined; readonly instructions: readonly string[] | undefined } | undefined
  readonly expiresAt: Instant
  readonly providerRef: string | undefined
  readonly received: Money | undefined
  readonly paidAt: Instant | undefined
  readonly earned: number
  readonly credit: number
  readonly trouble: string | undefined
  readonly checks: number
}
export type Refund = {
  readonly id: string
  readonly paymentId: string
  readonly amount: number
  readonly reason: string
  readonly askedAt: Instant
  readonly status: 'asked' | 'done' | 'refused'
  readonly origin: 'admin' | 'provider'
  readonly tries: number
}

/** How a payment stands at its provider, as the port says it. */
type PaymentStanding =
  | { readonly state: 'unknown' | 'open' | 'failed' | 'expired' }
  | { readonly state: 'paid'; readonly money: Money; readonly paidAt: Instant; readonly providerRef: string; readonly refunded: number }

/** What the provider's word changes about a payment. */
export type Finding =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'paid'; readonly money: Money; readonly paidAt: Instant; readonly providerRef: string }
  | { readonly kind: 'unpaid'; readonly status: 'failed' | 'expired' }
  /** Somebody gave so much back by the provider's own page. */
  | { readonly kind: 'returned'; readonly amount: number }

/**
 * Money is a fact and stays one: once `succeeded` always so, and `failed` or `expired` becomes `succeeded` when it comes after all. A payment whose time
 * is over and which the provider does not have is expired.
 */
export function findingOf(payment: Payment, refunds: readonly Refund[], standing: PaymentStanding, now: Instant): Finding {
  if (standing.state === 'paid') {
    if (payment.status !== 'succeeded') return { kind: 'paid', money: standing.money, paidAt: standing.paidAt, providerRef: standing.providerRef }
    // what we asked for and do not know the end of may be among it
    const known = sumOf(refunds.filter(({ status }) => status !== 'refused'))
    const amount = Math.min(standing.refunded, payment.received?.amount ?? 0) - known
    return amount > 0 ? { kind: 'returned', amount } : { kind: 'nothing' }
  }
  if (payment.status !== 'pending') return { kind: 'nothing' }
  if (standing.state === 'failed' || standing.state === 'expired') return { kind: 'unpaid', status: standing.state }
  return now >= payment.expiresAt ? { kind: 'unpaid', status: 'expired' } : { kind: 'nothing' }
}

export const sumOf = (refunds: readonly Refund[]): number => refunds.reduce((sum, { amount }) => sum + amount, 0)
/** What can still be given back: all that came, but for what is on its way back. */
export const refundable = (payment: Payment, refunds: readonly Refund[]): number =>
  (payment.received?.amount ?? 0) - sumOf(refunds.filter(({ status }) => status !== 'refused'))

/** Enough, and in the right currency. */
export const fits = ({ asked, received }: Pick<Payment, 'asked' | 'received'>): boolean =>
  received !== undefined && received.currency === asked.currency && received.amount >= asked.amount

/** When nothing of it was ours any more; undefined while something is, or on its way. */
export function returnedAt(payment: Payment, refunds: readonly Refund[]): Instant | undefined {
  const done = refunds.filter(({ status }) => status === 'done')
  if (payment.received === undefined || sumOf(done) < payment.received.amount) return undefined
  return instant(Math.max(...done.map(({ askedAt }) => askedAt)))
}

/** What an admin has to look at, in English; undefined: all is well. Follows from the facts: it goes away when the money is applied or given back. */
export function troubleOf(payment: Payment, isApplied: boolean, refunds: readonly Refund[]): string | undefined {
  const refused = refunds.find(({ status }) => status === 'refused')
  const left = payment.earned + payment.credit
  if (payment.received === undefined || left === 0) return undefined
  const asked = decimalText(payment.asked)
  const came = decimalText(payment.received)
  if (!fits(payment)) return `${came} ${payment.received.currency} came, ${asked} ${payment.asked.currency} were asked: kept as the customer's credit`
  if (!isApplied) return `${came} ${payment.received.currency} came for a subscription that was over: kept as the customer's credit`
  if (payment.credit > 0) return `${came} ${payment.received.currency} came, ${asked} were asked: the rest is kept as the customer's credit`
  if (refused && refundable(payment, refunds) > 0)
    return `the provider refused to give ${decimalText({ ...payment.received, amount: refused.amount })} ${payment.received.currency} back`
  return undefined
}

/** Asked again after growing times; by the day once it is a day old, and not any more after a month past its end. */
const checkPauses = [20, 40, 60, 120, 300, 600, 1_800, 3_600, 10_800, 21_600].map((seconds) => seconds * 1_000)
const askedAfterEndMs = 30 * dayMs

export function nextCheckAt({ status, checks, expiresAt }: Pick<Payment, 'status' | 'checks' | 'expiresAt'>, now: Instant): Instant | undefined {
  if (status === 'succeeded' || now > expiresAt + askedAfterEndMs) return undefined
  const pause = checkPauses[checks] ?? dayMs
  // its end is a moment to ask at
  return instant(now < expiresAt ? Math.min(now + pause, Math.max(expiresAt, now + 1_000)) : now + Math.max(pause, 3_600_000))
}

/** Before a further try of what a provider did not answer; never given up: money is at stake. */
export const retryPauseMs = (tries: number): number => Math.min(2 ** Math.min(tries, 20) * 1_000, 3_600_000)

/** Where the provider names no end. */
export const standardLifeMs = (provider: ProviderName): number => (provider === 'manual' ? 30 * dayMs : 2 * dayMs)
