import type { Payment as PaymentAnswer, PaymentStatus, ProviderName } from '#contracts/billing'
import { toIso } from '#kernel/time'
import type { Queryable } from '#ports/db'
import { refundable } from './domain/payment.ts'
import { listPaymentsOf, listRefundsOf } from './store-payments.ts'

/** Payments as admins see them. */
export type PaymentFilter = {
  readonly id?: string | undefined
  readonly status?: PaymentStatus | undefined
  readonly provider?: ProviderName | undefined
  readonly troubled?: boolean | undefined
  readonly text?: string | undefined
  readonly before?: string | undefined
  readonly limit: number
}
type Found = { id: string; subscription_id: string; holder_id: string; holder_name: string | null; receipt: string | null }

/** Newest first (ids are ordered by time); one more than `limit` when there are more. */
export async function listPaymentAnswers(q: Queryable, filter: PaymentFilter): Promise<PaymentAnswer[]> {
  const pattern = filter.text === undefined || filter.text.trim() === '' ? null : `%${filter.text.trim().replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await q.query<Found>(
    `select p.id, p.subscription_id, s.holder_id, u.name as holder_name,
       (select r.number from receipts r where r.payment_id = p.id and r.kind = 'receipt') as receipt
     from payments p join subscriptions s on s.id = p.subscription_id left join users u on u.user_id = s.holder_id
     where ($1::uuid is null or p.id = $1) and ($2::text is null or p.status = $2) and ($3::text is null or p.provider = $3)
       and ($4::boolean is null or (p.trouble is not null) = $4)
       and ($5::text is null or p.reference ilike $5 or p.provider_ref ilike $5 or u.name ilike $5)
       and ($6::uuid is null or p.id < $6)
     order by p.id desc limit $7`,
    [filter.id ?? null, filter.status ?? null, filter.provider ?? null, filter.troubled ?? null, pattern, filter.before ?? null, filter.limit + 1],
  )
  const payments = new Map((await listPaymentsOf(q, [...new Set(rows.map((row) => row.subscription_id))])).map((each) => [each.id, each]))
  const refunds = await listRefundsOf(
    q,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const payment = payments.get(row.id)
    if (!payment) throw new Error(`payment ${row.id} is gone between two statements`)
    const { id, subscriptionId, status, asked, received, provider, reference, providerRef, createdAt, paidAt, trouble, terms } = payment
    const own = refunds.filter(({ paymentId }) => paymentId === id)
    return {
      id,
      subscriptionId,
      holderId: row.holder_id,
      holderName: row.holder_name ?? '',
      planName: terms.planName,
      status,
      ...(received ?? asked),
      refundedAmount: received ? received.amount - refundable(payment, own) : 0,
      provider,
      reference,
      ...(providerRef === undefined ? {} : { providerRef }),
      createdAt: toIso(createdAt),
      ...(paidAt === undefined ? {} : { paidAt: toIso(paidAt) }),
      ...(row.receipt === null ? {} : { receiptNumber: Number(row.receipt) }),
      ...(trouble === undefined ? {} : { trouble }),
    }
  })
}
