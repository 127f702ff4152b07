import type { Subscription as Answered, ProviderName, SubscriptionSnapshot } from '#contracts/billing'
import { type Instant, toIso } from '#kernel/time'
import { fits, type Payment, type Refund, returnedAt } from './payment.ts'
import type { Terms } from './terms.ts'
import { type Facts, isOver, type PaidFact, type Standing } from './timeline.ts'

/** A subscription's own row. */
export type Record = {
  readonly id: string
  readonly holderId: string
  readonly planId: string
  readonly terms: Terms
  readonly school: string | undefined
  readonly joinCode: string | undefined
  readonly provider: ProviderName
  readonly createdAt: Instant
  readonly trialEndsAt: Instant | undefined
  readonly sponsoredUntil: Instant | undefined
  readonly cancelledAt: Instant | undefined
  readonly revision: number
  /** What others were told last; undefined: nothing yet. */
  readonly told: SubscriptionSnapshot | undefined
  /** The ends of which the holder was told already. */
  readonly toldSoonOf: Instant | undefined
  readonly toldGraceOf: Instant | undefined
}
/** A subscription with all that it stands on. */
export type Whole = { readonly record: Record; readonly payments: readonly Payment[]; readonly refunds: readonly Refund[]; readonly memberCount: number }

export const refundsOf = ({ refunds }: Pick<Whole, 'refunds'>, paymentId: string): Refund[] => refunds.filter((each) => each.paymentId === paymentId)

export function factsOf(whole: Whole): Facts {
  const { createdAt, terms, trialEndsAt, sponsoredUntil, cancelledAt } = whole.record
  const payments = whole.payments.flatMap((payment): PaidFact[] => {
    if (payment.paidAt === undefined || !fits(payment)) return []
    const { id, paidAt } = payment
    return [{ id, paidAt, askedAt: payment.createdAt, terms: payment.terms, returnedAt: returnedAt(payment, refundsOf(whole, id)) }]
  })
  return { createdAt, terms, trialEndsAt, sponsoredUntil, cancelledAt, payments }
}

const isoOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : toIso(at))

export function snapshotOf({ record }: Whole, standing: Standing): Omit<SubscriptionSnapshot, 'revision'> {
  const { terms, status } = standing
  return {
    subscriptionId: record.id,
    holderId: record.holderId,
    audience: terms.audience,
    school: record.school ?? null,
    planId: record.planId,
    planName: terms.planName,
    grants: [...terms.grants],
    status,
    openUntil: isoOrNull(standing.openUntil),
    cancelsAtPeriodEnd: standing.cancelsAtPeriodEnd,
    sponsored: record.sponsoredUntil !== undefined,
  }
}
/** Whether others have to be told: something in the snapshot is another than they know. */
export function isNews(told: SubscriptionSnapshot | undefined, now: Omit<SubscriptionSnapshot, 'revision'>): boolean {
  return told === undefined || Object.entries(now).some(([key, value]) => JSON.stringify(told[key as keyof SubscriptionSnapshot]) !== JSON.stringify(value))
}

/** As one user may see it: who pays sees the code and what is due, a member does not. */
export function answeredTo(viewerId: string, whole: Whole, { standing, now }: { standing: Standing; now: Instant }): Answered {
  const { record } = whole
  const { terms, status, period } = standing
  const isHolder = record.holderId === viewerId
  const due = isHolder && !isOver(status) ? duePayment(whole, standing, now) : undefined
  return {
    id: record.id,
    planId: record.planId,
    planName: terms.planName,
    audience: terms.audience,
    grants: [...terms.grants],
    school: record.school ?? null,
    status,
    isHolder,
    price: { amount: terms.amount, currency: terms.currency },
    provider: record.provider,
    createdAt: toIso(record.createdAt),
    periodStartsAt: isoOrNull(period?.startsAt),
    periodEndsAt: isoOrNull(period?.endsAt),
    openUntil: isoOrNull(standing.openUntil),
    cancelsAtPeriodEnd: standing.cancelsAtPeriodEnd,
    sponsored: record.sponsoredUntil !== undefined,
    seats: terms.seats,
    memberCount: whole.memberCount,
    ...(isHolder && record.joinCode !== undefined && !isOver(status) ? { joinCode: record.joinCode } : {}),
    ...(due ? { due: checkoutOf(due) } : {}),
  }
}

/**
 * The newest payment that waits for the holder and can still be made. A page from before what was paid last asks for that same period: who paid it at another
 * page is not shown it any more.
 */
export function duePayment({ payments }: Pick<Whole, 'payments'>, { appliedIds }: Pick<Standing, 'appliedIds'>, now: Instant): Payment | undefined {
  const paidLast = Math.max(0, ...payments.filter(({ id }) => appliedIds.includes(id)).map(({ paidAt }) => paidAt ?? 0))
  return [...payments]
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .find(({ status, page, createdAt, expiresAt }) => status === 'pending' && page !== undefined && paidLast < createdAt && now < expiresAt)
}

export const checkoutOf = ({ id, provider, asked, page, reference, expiresAt }: Payment) => ({
  paymentId: id,
  provider,
  amount: asked.amount,
  currency: asked.currency,
  ...(page?.url === undefined ? {} : { url: page.url }),
  ...(page?.instructions === undefined ? {} : { instructions: [...page.instructions] }),
  reference,
  expiresAt: toIso(expiresAt),
})
