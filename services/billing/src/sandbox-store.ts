import type { CurrencyCode } from '#kernel/money'
import { instantOf, toDate } from '#kernel/time'
import type { Db, Queryable } from '#ports/db'
import type { SandboxBooks, SandboxPayment } from '#ports/payment-provider'

type SandboxRow = {
  reference: string
  amount: string
  currency: CurrencyCode
  description: string
  payer_name: string
  payer_email: string | null
  return_url: string
  state: SandboxPayment['state']
  paid_at: Date | null
  refunded: string
  refund_ids: string[]
}
const columns = 'reference, amount, currency, description, payer_name, payer_email, return_url, state, paid_at, refunded, refund_ids'

const paymentOf = (row: SandboxRow): SandboxPayment => ({
  reference: row.reference,
  amount: Number(row.amount),
  currency: row.currency,
  description: row.description,
  payer: { name: row.payer_name, email: row.payer_email ?? undefined },
  returnUrl: row.return_url,
  state: row.state,
  paidAt: row.paid_at === null ? undefined : instantOf(row.paid_at),
  refunded: Number(row.refunded),
  refundIds: row.refund_ids,
})

async function findRow(q: Queryable, reference: string, lock: '' | 'for update'): Promise<SandboxPayment | undefined> {
  const { rows } = await q.query<SandboxRow>(`select ${columns} from sandbox_payments where reference = $1 ${lock}`, [reference])
  return rows[0] && paymentOf(rows[0])
}

/** The sandbox provider's books in the service's database: they outlive the process, and replicas share them. */
export const openSandboxBooks = (db: Db): SandboxBooks => ({
  findPayment: (reference) => findRow(db, reference, ''),
  async insertPayment(payment) {
    await db.query(`insert into sandbox_payments (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (reference) do nothing`, [
      payment.reference,
      payment.amount,
      payment.currency,
      payment.description,
      payment.payer.name,
      payment.payer.email ?? null,
      payment.returnUrl,
      payment.state,
      payment.paidAt === undefined ? null : toDate(payment.paidAt),
      payment.refunded,
      payment.refundIds,
    ])
  },
  changePayment: (reference, change) =>
    db.transaction(async (tx) => {
      const before = await findRow(tx, reference, 'for update')
      const after = before && change(before)
      if (after === undefined || after === before) return before
      await tx.query('update sandbox_payments set state = $2, paid_at = $3, refunded = $4, refund_ids = $5 where reference = $1', [
        reference,
        after.state,
        after.paidAt === undefined ? null : toDate(after.paidAt),
        after.refunded,
        after.refundIds,
      ])
      return after
    }),
})
