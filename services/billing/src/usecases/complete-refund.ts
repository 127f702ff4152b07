import { receiptIssued } from '#contracts/billing'
import type { Tx } from '#ports/db'
import { refundOf } from '../domain/ledger.ts'
import type { Payment, Refund } from '../domain/payment.ts'
import type { Whole } from '../domain/subscription.ts'
import { findReceiptOf, insertEntry, insertReceipt } from '../store-ledger.ts'
import { findPayment, findRefund, saveSplit, settleRefund } from '../store-payments.ts'
import { findWhole } from '../store-subscriptions.ts'
import { findUser } from '../store-users.ts'
import { type KeepDeps, keepStanding } from './keep-standing.ts'

/** The provider has given it back: booked, credited, and the period ended where nothing of its money is left. Once, however often it is told. */
export async function completeRefund(tx: Tx, deps: KeepDeps, id: string): Promise<void> {
  const known = await findRefund(tx, id)
  const before = known && (await findPayment(tx, known.paymentId))
  const whole = before && (await findWhole(tx, before.subscriptionId, 'update'))
  const payment = whole?.payments.find((each) => each.id === before?.id)
  if (!known || !whole || !payment?.received) throw new Error(`refund ${id} has nothing to be of`)
  const now = deps.clock.now()
  if (!(await settleRefund(tx, id, { status: 'done', at: now }))) return
  const { after, postings } = refundOf(payment, { amount: known.amount, currency: payment.received.currency }, payment.provider)
  await saveSplit(tx, payment.id, after)
  await insertEntry(tx, { id: deps.ids.next(), at: now, kind: 'refund', source: `refund:${id}`, reference: payment.reference, postings })
  await giveCreditNote(tx, deps, { whole, payment, refund: known })
  await keepStanding(tx, deps, payment.subscriptionId)
}

/** Takes back from the receipt, where there is one. */
async function giveCreditNote(tx: Tx, deps: KeepDeps, { whole, payment, refund: given }: { whole: Whole; payment: Payment; refund: Refund }): Promise<void> {
  const receipt = await findReceiptOf(tx, payment.id)
  if (!receipt) return
  const { number, issuedAt: _, ...content } = receipt
  const { holderId } = whole.record
  const holder = await findUser(tx, holderId)
  const note = await insertReceipt(tx, {
    ...content,
    kind: 'credit-note',
    of: number,
    payerName: holder?.name ?? content.payerName,
    amount: given.amount,
    paymentId: payment.id,
    refundId: given.id,
    holderId,
    issuedAt: deps.clock.now(),
  })
  await deps.outbox.add(tx, receiptIssued, { holderId, receipt: note })
}
