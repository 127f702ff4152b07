import type { SubscriptionStatus } from '#contracts/billing'
import type { Instant } from '#kernel/time'
import { addDays, addMonths, earliest, latest } from './calendar.ts'
import type { Terms } from './terms.ts'

/**
 * How a subscription stands: a pure function of its facts and the time. Facts come in any order (a webhook is late, a payment is found by asking days
 * later), so nothing here depends on when we learned of one: payments are taken in the order in which they were *paid*.
 *
 *   pending → trialing | active          trialing → active | expired         active → grace → expired
 *   trialing, active → cancelled (at the end of what is tried or paid)       pending, grace → cancelled (at once)       active → cancelled (money back: at once)
 *
 * Each payment that fits covers one period. It begins where the one before ends if it was paid by then (grace included), else when it was paid. Money
 * for what is over at that moment covers nothing: it stays the customer's (ledger.ts).
 */
export type Facts = {
  readonly createdAt: Instant
  /** As bought. */
  readonly terms: Terms
  readonly trialEndsAt: Instant | undefined
  readonly sponsoredUntil: Instant | undefined
  readonly cancelledAt: Instant | undefined
  /** Those whose money came in full and in the right currency; in any order. */
  readonly payments: readonly PaidFact[]
}
export type PaidFact = {
  readonly id: string
  readonly askedAt: Instant
  readonly paidAt: Instant
  readonly terms: Terms
  /** When the last of it was given back; undefined while some of it is ours. */
  readonly returnedAt: Instant | undefined
}
export type Period = {
  readonly kind: 'trial' | 'paid' | 'sponsored' | 'free'
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly terms: Terms
  readonly paymentId: string | undefined
  /** Money back: it ended before its time, and nothing follows from it, no grace either. */
  readonly isCut: boolean
}
export type Standing = {
  readonly status: SubscriptionStatus
  /** The one under way, or the last one; undefined while pending. */
  readonly period: Period | undefined
  /** When all that is paid, tried or given is over. */
  readonly coveredUntil: Instant | undefined
  /** The same and the days of grace; undefined: it opens nothing. */
  readonly openUntil: Instant | undefined
  readonly cancelsAtPeriodEnd: boolean
  readonly terms: Terms
  readonly periods: readonly Period[]
  /** The payments that fit: all others are the customer's credit. */
  readonly appliedIds: readonly string[]
  /** The next moment at which something here changes without a new fact. */
  readonly nextChangeAt: Instant | undefined
}

/** How long somebody who has not paid anything may come back and pay. */
export const pendingDays = 30
/** Money asked for while it ran is taken for it so long, though it has run out meanwhile: a bank transfer takes days. */
const lateDays = 30

export const isOver = (status: SubscriptionStatus): boolean => status === 'expired' || status === 'cancelled'
export const isOpen = (status: SubscriptionStatus): boolean => status === 'trialing' || status === 'active' || status === 'grace'

export function standingAt(facts: Facts, now: Instant): Standing {
  const applied = appliedOf(facts)
  const periods = periodsOf(facts, applied, now)
  const last = periods.at(-1)
  const period = periods.find(({ endsAt }) => now < endsAt) ?? last
  const status = statusAt(facts, { period, last, hasPaid: applied.length > 0 }, now)
  const coveredUntil = last?.endsAt
  const openUntil = last && isOpen(status) ? endOfGrace(last, facts) : undefined
  const isCancelled = facts.cancelledAt !== undefined && (status === 'trialing' || status === 'active')
  const terms = period?.terms ?? facts.terms
  return {
    status,
    period,
    coveredUntil,
    openUntil,
    cancelsAtPeriodEnd: isCancelled,
    terms,
    periods,
    appliedIds: applied.map(({ id }) => id),
    nextChangeAt: nextChange(facts, { status, period, coveredUntil, openUntil }, now),
  }
}

function statusAt(facts: Facts, known: { period: Period | undefined; last: Period | undefined; hasPaid: boolean }, now: Instant): SubscriptionStatus {
  const { period, last } = known
  const isCancelled = facts.cancelledAt !== undefined
  if (!period || !last) {
    if (isCancelled || known.hasPaid) return 'cancelled'
    return now < addDays(facts.createdAt, pendingDays) ? 'pending' : 'expired'
  }
  if (period.kind === 'sponsored' && isCancelled) return 'cancelled'
  if (now < last.endsAt) return period.kind === 'trial' ? 'trialing' : 'active'
  if (isCancelled || last.isCut) return 'cancelled'
  return now < endOfGrace(last, facts) ? 'grace' : 'expired'
}

function endOfGrace(last: Period, { cancelledAt }: Pick<Facts, 'cancelledAt'>): Instant {
  if (last.kind !== 'paid' || last.isCut || cancelledAt !== undefined) return last.endsAt
  return addDays(last.endsAt, last.terms.graceDays)
}

function nextChange(facts: Facts, at: Pick<Standing, 'status' | 'period' | 'coveredUntil' | 'openUntil'>, now: Instant): Instant | undefined {
  if (isOver(at.status)) return undefined
  const ends = at.status === 'pending' ? [addDays(facts.createdAt, pendingDays)] : [at.period?.endsAt, at.coveredUntil, at.openUntil]
  const coming = ends.filter((each) => each !== undefined && each > now) as Instant[]
  return coming.length > 0 ? earliest(...coming) : undefined
}

/** Payments that cover something, in the order in which they were paid. */
function appliedOf(facts: Facts): PaidFact[] {
  const inOrder = [...facts.payments].sort((a, b) => a.paidAt - b.paidAt || (a.id < b.id ? -1 : 1))
  const applied: PaidFact[] = []
  for (const payment of inOrder) if (isFor(asOf(facts, payment.paidAt), applied, payment)) applied.push(payment)
  return applied
}

/** Facts as they were at a moment: what was cancelled later was not cancelled; in the same millisecond, money came first. */
const asOf = (facts: Facts, at: Instant): Facts => ({
  ...facts,
  cancelledAt: facts.cancelledAt !== undefined && facts.cancelledAt < at ? facts.cancelledAt : undefined,
})

/**
 * Was the subscription still to be paid for when this was paid? What was given back meanwhile does not matter: who pays once more, on a page that was open
 * still, wants it.
 */
function isFor(facts: Facts, before: readonly PaidFact[], { paidAt, askedAt }: PaidFact): boolean {
  if (facts.sponsoredUntil !== undefined || facts.terms.amount === 0) return false
  const kept = before.map((each) => ({ ...each, returnedAt: undefined }))
  const last = periodsOf(facts, kept, paidAt).at(-1)
  if (facts.cancelledAt !== undefined) return paidAt < latest(facts.cancelledAt, last?.endsAt ?? facts.cancelledAt)
  const over = last ? endOfGrace(last, facts) : addDays(facts.createdAt, pendingDays)
  return paidAt < over || (askedAt < over && paidAt < addDays(askedAt, lateDays))
}

/** Lays the periods one after another. `now` matters to what is free alone: that renews itself. */
function periodsOf(facts: Facts, applied: readonly PaidFact[], now: Instant): Period[] {
  const { terms, createdAt } = facts
  const whole = { terms, paymentId: undefined, isCut: false }
  if (facts.sponsoredUntil !== undefined) return [{ ...whole, kind: 'sponsored', startsAt: createdAt, endsAt: facts.sponsoredUntil }]
  if (terms.amount === 0) return [{ ...whole, kind: 'free', ...freePeriod(facts, now) }]
  const periods: Period[] = facts.trialEndsAt === undefined ? [] : [{ ...whole, kind: 'trial', startsAt: createdAt, endsAt: facts.trialEndsAt }]
  let anchor: { at: Instant; months: number } | undefined
  for (const payment of applied) {
    const last = periods.at(-1)
    const isInTime = last !== undefined && payment.paidAt <= (last.isCut ? last.endsAt : addDays(last.endsAt, last.kind === 'paid' ? last.terms.graceDays : 0))
    const startsAt = isInTime ? last.endsAt : latest(payment.paidAt, createdAt)
    const from = isInTime && anchor !== undefined && !last.isCut ? anchor : { at: startsAt, months: 0 }
    const months = from.months + payment.terms.periodMonths
    const fullEnd = addMonths(from.at, months)
    const isCut = payment.returnedAt !== undefined && payment.returnedAt < fullEnd
    const endsAt = isCut ? latest(startsAt, payment.returnedAt ?? startsAt) : fullEnd
    if (endsAt <= startsAt) continue // given back before it began
    periods.push({ kind: 'paid', startsAt, endsAt, terms: payment.terms, paymentId: payment.id, isCut })
    anchor = { at: from.at, months }
  }
  return periods
}

/** A free plan's period goes over into the next by itself until it is cancelled. */
function freePeriod({ createdAt, terms, cancelledAt }: Facts, now: Instant): { startsAt: Instant; endsAt: Instant } {
  const until = cancelledAt === undefined ? now : earliest(now, cancelledAt)
  for (let count = 0; ; count++) {
    const endsAt = addMonths(createdAt, (count + 1) * terms.periodMonths)
    if (until < endsAt) return { startsAt: addMonths(createdAt, count * terms.periodMonths), endsAt }
  }
}
