import type { PaymentStatus, ProviderName } from '#contracts/billing'
import type { CurrencyCode, Money } from '#kernel/money'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Ms } from '#kernel/units'
import type { Queryable, Tx } from '#ports/db'
import type { Payment, Refund } from './domain/payment.ts'
import type { Terms } from './domain/terms.ts'

type PaymentRow = {
  id: string
  subscription_id: string
  reference: string
  provider: ProviderName
  terms: Terms
  amount: string
  currency: CurrencyCode
  status: PaymentStatus
  created_at: Date
  page: { url?: string; instructions?: string[] } | null
  expires_at: Date
  provider_ref: string | null
  received_amount: string | null
  received_currency: CurrencyCode | null
  paid_at: Date | null
  earned_amount: string
  credit_amount: string
  trouble: string | null
  checks: number
}
const columns = `id, subscription_id, reference, provider, terms, amount, currency, status, created_at, page, expires_at, provider_ref, received_amount,
  received_currency, paid_at, earned_amount, credit_amount, trouble, checks`

/** Minor units are bounded by the contract far below 2^53; what is not could only be a fault of ours. */
function exact(text: string): number {
  const amount = Number(text)
  if (text === '' || !Number.isSafeInteger(amount)) throw new Error(`an amount of ${text} minor units cannot be`)
  return amount
}
export const paymentOf = (row: PaymentRow): Payment => ({
  id: row.id,
  subscriptionId: row.subscription_id,
  reference: row.reference,
  provider: row.provider,
  terms: row.terms,
  asked: { amount: exact(row.amount), currency: row.currency },
  status: row.status,
  createdAt: instantOf(row.created_at),
  page: row.page === null ? undefined : { url: row.page.url, instructions: row.page.instructions },
  expiresAt: instantOf(row.expires_at),
  providerRef: row.provider_ref ?? undefined,
  received:
    row.received_amount === null || row.received_currency === null ? undefined : { amount: exact(row.received_amount), currency: row.received_currency },
  paidAt: row.paid_at === null ? undefined : instantOf(row.paid_at),
  earned: exact(row.earned_amount),
  credit: exact(row.credit_amount),
  trouble: row.trouble ?? undefined,
  checks: row.checks,
})

export async function listPaymentsOf(q: Queryable, subscriptionIds: readonly string[]): Promise<Payment[]> {
  const { rows } = await q.query<PaymentRow>(`select ${columns} from payments where subscription_id = any($1::uuid[]) order by id`, [subscriptionIds])
  return rows.map(paymentOf)
}
export async function findPayment(q: Queryable, id: string): Promise<Payment | undefined> {
  const { rows } = await q.query<PaymentRow>(`select ${columns} from payments where id = $1`, [id])
  return rows[0] && paymentOf(rows[0])
}
export async function findPaymentByReference(q: Queryable, provider: ProviderName, reference: string): Promise<Payment | undefined> {
  const { rows } = await q.query<PaymentRow>(`select ${columns} from payments where provider = $1 and reference = $2`, [provider, reference])
  return rows[0] && paymentOf(rows[0])
}

export type NewPayment = Pick<Payment, 'id' | 'subscriptionId' | 'reference' | 'provider' | 'terms' | 'createdAt' | 'expiresAt'> & {
  readonly nextCheckAt: Instant | undefined
}
export async function insertPayment(tx: Tx, row: NewPayment): Promise<void> {
  await tx.query(
    `insert into payments (id, subscription_id, reference, provider, terms, amount, currency, status, created_at, expires_at, next_check_at)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, 'pending', $8, $9, $10)`,
    [
      row.id,
      row.subscriptionId,
      row.reference,
      row.provider,
      JSON.stringify(row.terms),
      row.terms.amount,
      row.terms.currency,
      toDate(row.createdAt),
      toDate(row.expiresAt),
      row.nextCheckAt === undefined ? null : toDate(row.nextCheckAt),
    ],
  )
}
type Page = { readonly url: string | undefined; readonly instructions: readonly string[] | undefined }
/** What the provider answered: where to pay. */
export async function savePage(q: Queryable, id: string, found: Page & { expiresAt: Instant; providerRef: string | undefined }): Promise<void> {
  await q.query('update payments set page = $2::jsonb, expires_at = $3, provider_ref = coalesce(provider_ref, $4), last_error = null where id = $1', [
    id,
    JSON.stringify({ url: found.url, instructions: found.instructions }),
    toDate(found.expiresAt),
    found.providerRef ?? null,
  ])
}
export async function saveUnpaid(q: Queryable, id: string, status: 'failed' | 'expired', reason?: string): Promise<void> {
  await q.query(`update payments set status = $2, last_error = coalesce($3, last_error) where id = $1 and status <> 'succeeded'`, [id, status, reason ?? null])
}
export type Came = {
  readonly money: Money
  readonly paidAt: Instant
  readonly providerRef: string | undefined
  readonly confirmedBy?: string
  readonly note?: string
}
/** @returns false when it was kept before. */
export async function savePaid(tx: Tx, id: string, came: Came): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update payments set status = 'succeeded', received_amount = $2, received_currency = $3, paid_at = $4, provider_ref = coalesce($5, provider_ref),
       confirmed_by = $6, note = $7, credit_amount = $2, next_check_at = null, last_error = null where id = $1 and status <> 'succeeded'`,
    [id, came.money.amount, came.money.currency, toDate(came.paidAt), came.providerRef ?? null, came.confirmedBy ?? null, came.note ?? null],
  )
  return rowCount === 1
}
export async function saveSplit(tx: Tx, id: string, split: { earned: number; credit: number }): Promise<void> {
  await tx.query('update payments set earned_amount = $2, credit_amount = $3 where id = $1', [id, split.earned, split.credit])
}
/** The same, where money goes from the one to the other. @returns how often it did, this time included. */
export async function saveApplication(tx: Tx, id: string, split: { earned: number; credit: number }): Promise<number> {
  const { rows } = await tx.query<{ applications: number }>(
    'update payments set earned_amount = $2, credit_amount = $3, applications = applications + 1 where id = $1 returning applications',
    [id, split.earned, split.credit],
  )
  return rows[0]?.applications ?? 0
}
export async function saveTrouble(tx: Tx, id: string, trouble: string | undefined): Promise<void> {
  await tx.query('update payments set trouble = $2 where id = $1 and trouble is distinct from $2', [id, trouble ?? null])
}

// ---- asked about again ----------------------------------------------------------------------------------------------

/** Takes one due payment for `lease`: when this process dies with it, it is due again after that. */
export async function claimCheck(q: Queryable, now: Instant, lease: Ms): Promise<Payment | undefined> {
  const { rows } = await q.query<PaymentRow>(
    `update payments set checks = checks + 1, next_check_at = $2
     where id = (select id from payments where next_check_at <= $1 order by next_check_at limit 1 for update skip locked) returning ${columns}`,
    [toDate(now), new Date(now + lease)],
  )
  return rows[0] && paymentOf(rows[0])
}
export async function saveNextCheck(q: Queryable, id: string, at: Instant | undefined, error?: string): Promise<void> {
  await q.query(`update payments set next_check_at = $2, last_error = $3 where id = $1 and status <> 'succeeded'`, [
    id,
    at === undefined ? null : toDate(at),
    error?.slice(0, 500) ?? null,
  ])
}

// ---- refunds --------------------------------------------------------------------------------------------------------

type RefundRow = {
  id: string
  payment_id: string
  amount: string
  reason: string
  asked_at: Date
  status: Refund['status']
  origin: Refund['origin']
  tries: number
}
const refundColumns = 'id, payment_id, amount, reason, asked_at, status, origin, tries'
const refundOf = (row: RefundRow): Refund => ({
  id: row.id,
  paymentId: row.payment_id,
  amount: exact(row.amount),
  reason: row.reason,
  askedAt: instantOf(row.asked_at),
  status: row.status,
  origin: row.origin,
  tries: row.tries,
})
export async function listRefundsOf(q: Queryable, paymentIds: readonly string[]): Promise<Refund[]> {
  if (paymentIds.length === 0) return []
  const { rows } = await q.query<RefundRow>(`select ${refundColumns} from refunds where payment_id = any($1::uuid[]) order by id`, [paymentIds])
  return rows.map(refundOf)
}
export async function findRefund(q: Queryable, id: string): Promise<Refund | undefined> {
  const { rows } = await q.query<RefundRow>(`select ${refundColumns} from refunds where id = $1`, [id])
  return rows[0] && refundOf(rows[0])
}
export async function findRefundByKey(q: Queryable, askedBy: string, key: string): Promise<{ refund: Refund; digest: Uint8Array } | undefined> {
  const { rows } = await q.query<RefundRow & { body_digest: Uint8Array }>(
    `select ${refundColumns}, body_digest from refunds where asked_by = $1 and idempotency_key = $2`,
    [askedBy, key],
  )
  return rows[0] && { refund: refundOf(rows[0]), digest: rows[0].body_digest }
}
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'amount' | 'reason' | 'askedAt' | 'origin' | 'status'> & {
  readonly nextTryAt: Instant | undefined
  readonly asked?: { readonly by: string; readonly key: string; readonly digest: Uint8Array }
}
export async function insertRefund(tx: Tx, row: NewRefund): Promise<void> {
  await tx.query(
    `insert into refunds (id, payment_id, amount, reason, origin, asked_by, asked_at, idempotency_key, body_digest, status, next_try_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.id,
      row.paymentId,
      row.amount,
      row.reason,
      row.origin,
      row.asked?.by ?? null,
      toDate(row.askedAt),
      row.asked?.key ?? null,
      row.asked?.digest ?? null,
      row.status,
      row.nextTryAt === undefined ? null : toDate(row.nextTryAt),
    ],
  )
}
/** Takes one that is due, or this one if it is, for `lease`: when this process dies with it, it is due again after that. */
export async function claimRefund(q: Queryable, { now, lease, id }: { now: Instant; lease: Ms; id?: string }): Promise<Refund | undefined> {
  const { rows } = await q.query<RefundRow>(
    `update refunds set tries = tries + 1, next_try_at = $2
     where id = (select id from refunds where next_try_at <= $1 and ($3::uuid is null or id = $3) order by next_try_at limit 1 for update skip locked)
     returning ${refundColumns}`,
    [toDate(now), new Date(now + lease), id ?? null],
  )
  return rows[0] && refundOf(rows[0])
}
export async function saveRefundRetry(q: Queryable, id: string, at: Instant, error: string): Promise<void> {
  await q.query(`update refunds set next_try_at = $2, last_error = $3 where id = $1 and status = 'asked'`, [id, toDate(at), error.slice(0, 500)])
}
/** Those of a payment that a provider was asked for and that are not settled. */
export async function listUnderWay(q: Queryable, paymentId: string): Promise<string[]> {
  const { rows } = await q.query<{ id: string }>(`select id from refunds where payment_id = $1 and status = 'asked' and refunded_before is not null`, [
    paymentId,
  ])
  return rows.map(({ id }) => id)
}
/** @returns what was kept at the first try. */
export async function saveRefundedBefore(tx: Tx, id: string, sum: number): Promise<number> {
  const { rows } = await tx.query<{ refunded_before: string }>(
    'update refunds set refunded_before = coalesce(refunded_before, $2) where id = $1 returning refunded_before',
    [id, sum],
  )
  return exact(rows[0]?.refunded_before ?? '')
}
/** @returns false when it was settled before. */
export async function settleRefund(tx: Tx, id: string, settled: { status: 'done' | 'refused'; at: Instant; error?: string }): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update refunds set status = $2, done_at = $3, next_try_at = null, last_error = coalesce($4, last_error) where id = $1 and status = 'asked'`,
    [id, settled.status, toDate(settled.at), settled.error?.slice(0, 500) ?? null],
  )
  return rowCount === 1
}
