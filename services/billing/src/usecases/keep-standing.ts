import { receiptIssued, renewalDue, type SubscriptionSnapshot, subscriptionChanged } from '#contracts/billing'
import { type Instant, instant, toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { remindersOf } from '../domain/due.ts'
import { applicationPostings, paymentPostings, splitOf } from '../domain/ledger.ts'
import { fits, type Payment, troubleOf } from '../domain/payment.ts'
import { factsOf, isNews, refundsOf, snapshotOf, type Whole } from '../domain/subscription.ts'
import { nextTerms } from '../domain/terms.ts'
import { type Standing, standingAt } from '../domain/timeline.ts'
import { findReceiptOf, insertEntry, insertReceipt } from '../store-ledger.ts'
import { saveApplication, saveSplit, saveTrouble } from '../store-payments.ts'
import { findPlan } from '../store-plans.ts'
import { findWhole, saveTold } from '../store-subscriptions.ts'
import { findUser } from '../store-users.ts'

export type KeepDeps = Pick<Deps, 'outbox' | 'clock' | 'ids'>
type Kept = { readonly whole: Whole; readonly standing: Standing }

/**
 * Brings everything that follows from a subscription's facts in line with them: books, receipts, what an admin has to look at, what others were told, and
 * when to look again. Every change of a fact ends here, in its own transaction, and so does the mere passing of time. Running it again changes nothing.
 * The caller has locked the subscription. `freshPaymentId`: money of it came in this transaction and is not in the books yet.
 */
export async function keepStanding(tx: Tx, deps: KeepDeps, id: string, freshPaymentId?: string): Promise<Kept> {
  const before = await findWhole(tx, id)
  if (!before) throw new Error(`subscription ${id} is gone while it is locked`)
  const now = deps.clock.now()
  const standing = standingAt(factsOf(before), now)
  for (const payment of before.payments) await keepMoney(tx, deps, { whole: before, payment, standing, isFresh: payment.id === freshPaymentId })
  const whole = (await findWhole(tx, id)) ?? before
  await tell(tx, deps, { whole, standing }, now)
  return { whole, standing }
}

type Money = { readonly whole: Whole; readonly payment: Payment; readonly standing: Standing; readonly isFresh: boolean }

/** Books what came (or what turned out to fit after all), gives the receipt, and says what does not fit. */
async function keepMoney(tx: Tx, deps: KeepDeps, { whole, payment, standing, isFresh }: Money): Promise<void> {
  const { id, received, reference, provider } = payment
  if (received === undefined) return
  const isApplied = fits(payment) && standing.appliedIds.includes(id)
  const split = splitOf(payment.earned + payment.credit, payment.asked.amount, isApplied)
  const gained = split.earned - payment.earned
  const entry = { id: deps.ids.next(), at: deps.clock.now(), reference }
  if (isFresh) {
    await saveSplit(tx, id, split)
    await insertEntry(tx, { ...entry, kind: 'payment', source: `payment:${id}`, postings: paymentPostings(provider, received, split) })
  } else if (gained !== 0) {
    const count = await saveApplication(tx, id, split)
    const postings = applicationPostings(received.currency, gained)
    await insertEntry(tx, { ...entry, kind: 'application', source: `application:${id}:${count}`, postings })
  }
  if (gained > 0 && !(await findReceiptOf(tx, id))) await giveReceipt(tx, deps, { whole, payment, standing, amount: split.earned + split.credit })
  await saveTrouble(tx, id, troubleOf({ ...payment, ...split }, isApplied, refundsOf(whole, id)))
}

async function giveReceipt(tx: Tx, deps: KeepDeps, given: Omit<Money, 'isFresh'> & { readonly amount: number }): Promise<void> {
  const { whole, payment, standing, amount } = given
  const { record } = whole
  const period = standing.periods.find(({ paymentId }) => paymentId === payment.id)
  if (!period || !payment.received) throw new Error(`payment ${payment.id} is applied and covers nothing`)
  const holder = await findUser(tx, record.holderId)
  const receipt = await insertReceipt(tx, {
    kind: 'receipt',
    payerName: holder?.name ?? '',
    school: record.school ?? null,
    planName: payment.terms.planName,
    periodStartsAt: toIso(period.startsAt),
    periodEndsAt: toIso(period.endsAt),
    amount,
    currency: payment.received.currency,
    provider: payment.provider,
    reference: payment.reference,
    subscriptionId: record.id,
    paymentId: payment.id,
    refundId: undefined,
    holderId: record.holderId,
    issuedAt: deps.clock.now(),
  })
  await deps.outbox.add(tx, receiptIssued, { holderId: record.holderId, receipt })
}

/** Tells what is news, reminds once of each end, and remembers both with when to look again. */
async function tell(tx: Tx, deps: KeepDeps, { whole, standing }: Kept, now: Instant): Promise<void> {
  const { record } = whole
  const snapshot = snapshotOf(whole, standing)
  const news = isNews(record.told, snapshot)
  const told: SubscriptionSnapshot = { ...snapshot, revision: news ? record.revision + 1 : record.revision }
  if (news) await deps.outbox.add(tx, subscriptionChanged, told)
  const reminders = remindersOf(factsOf(whole), standing)
  let { toldSoonOf, toldGraceOf } = record
  for (const { stage, of, at } of reminders) {
    const isTold = of === (stage === 'soon' ? toldSoonOf : toldGraceOf)
    if (at > now || isTold) continue
    if (stage === 'soon') toldSoonOf = of
    else toldGraceOf = of
    // the end that is coming is no news any more when it is there
    if (stage === 'grace' || now < of) await remind(tx, deps, { whole, standing, stage, of })
  }
  const coming = [standing.nextChangeAt, ...reminders.map(({ at }) => at)].filter((at) => at !== undefined && at > now) as Instant[]
  const nextTurnAt = coming.length > 0 ? instant(Math.min(...coming)) : undefined
  await saveTold(tx, record.id, { told, toldSoonOf, toldGraceOf, nextTurnAt })
}

async function remind(tx: Tx, deps: KeepDeps, { whole, standing, stage, of }: Kept & { stage: 'soon' | 'grace'; of: Instant }): Promise<void> {
  const { record } = whole
  const plan = await findPlan(tx, record.planId)
  const last = standing.periods.findLast(({ kind }) => kind === 'paid')
  const terms = last && plan ? nextTerms(last.terms, plan) : record.terms
  await deps.outbox.add(tx, renewalDue, {
    subscriptionId: record.id,
    holderId: record.holderId,
    planName: terms.planName,
    amount: terms.amount,
    currency: terms.currency,
    endsAt: toIso(of),
    openUntil: toIso(standing.openUntil ?? of),
    stage,
  })
}
