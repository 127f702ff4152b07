import type { Currency, LedgerEntry, Receipt } from '#contracts/billing'
import { type Instant, toDate, toIso } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { Posting } from './domain/ledger.ts'

export type NewEntry = {
  readonly id: string
  readonly at: Instant
  readonly kind: LedgerEntry['kind']
  /** The fact it books, such as `payment:ID`: booked once. */
  readonly source: string
  readonly reference: string
  readonly postings: readonly Posting[]
}
/** @throws DbError 23505 where that fact is booked, 23514 at commit where it does not add up: both are faults of ours. */
export async function insertEntry(tx: Tx, entry: NewEntry): Promise<void> {
  await tx.query(
    `with entry as (insert into ledger_entries (id, at, kind, source, reference) values ($1, $2, $3, $4, $5) returning seq)
     insert into ledger_postings (entry_seq, line, account, currency, amount)
     select entry.seq, p.line, p.account, p.currency, p.amount
     from entry, unnest($6::text[], $7::text[], $8::bigint[]) with ordinality p (account, currency, amount, line)`,
    [
      entry.id,
      toDate(entry.at),
      entry.kind,
      entry.source,
      entry.reference,
      entry.postings.map(({ account }) => account),
      entry.postings.map(({ currency }) => currency),
      entry.postings.map(({ amount }) => amount),
    ],
  )
}
export async function listBalances(q: Queryable): Promise<{ account: string; currency: Currency; balance: number }[]> {
  const { rows } = await q.query<{ account: string; currency: Currency; balance: string }>(
    'select account, currency, sum(amount) as balance from ledger_postings group by account, currency order by account, currency',
  )
  return rows.map((row) => ({ ...row, balance: Number(row.balance) }))
}
/** Newest first; one more than `limit` when there are more. */
export async function listEntries(
  q: Queryable,
  { account, before, limit }: { account: string | undefined; before: number | undefined; limit: number },
): Promise<(LedgerEntry & { seq: number })[]> {
  const { rows } = await q.query<{ seq: string; id: string; at: Date; kind: LedgerEntry['kind']; reference: string; postings: LedgerEntry['postings'] }>(
    `select e.seq, e.id, e.at, e.kind, e.reference,
       (select jsonb_agg(jsonb_build_object('account', p.account, 'currency', p.currency, 'amount', p.amount) order by p.line)
        from ledger_postings p where p.entry_seq = e.seq) as postings
     from ledger_entries e
     where ($1::text is null or exists (select 1 from ledger_postings p where p.entry_seq = e.seq and p.account = $1)) and ($2::bigint is null or e.seq < $2)
     order by e.seq desc limit $3`,
    [account ?? null, before ?? null, limit + 1],
  )
  return rows.map((row) => ({ ...row, seq: Number(row.seq), at: row.at.toISOString() }))
}

// ---- receipts -------------------------------------------------------------------------------------------------------

export type NewReceipt = Omit<Receipt, 'number' | 'issuedAt'> & {
  readonly paymentId: string
  readonly refundId: string | undefined
  readonly holderId: string
  readonly issuedAt: Instant
}
/** Gives the next number: the counter's row is locked until this transaction ends, so it comes as late in it as can be. */
export async function insertReceipt(tx: Tx, { paymentId, refundId, holderId, issuedAt, ...content }: NewReceipt): Promise<Receipt> {
  const { rows } = await tx.query<{ last: string }>('update receipt_counter set last = last + 1 returning last')
  const receipt: Receipt = { ...content, number: Number(rows[0]?.last), issuedAt: toIso(issuedAt) }
  await tx.query(
    `insert into receipts (number, kind, of_number, payment_id, refund_id, subscription_id, holder_id, issued_at, document)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)`,
    [
      receipt.number,
      receipt.kind,
      receipt.of ?? null,
      paymentId,
      refundId ?? null,
      receipt.subscriptionId,
      holderId,
      toDate(issuedAt),
      JSON.stringify(receipt),
    ],
  )
  return receipt
}
export async function findReceiptOf(q: Queryable, paymentId: string): Promise<Receipt | undefined> {
  const { rows } = await q.query<{ document: Receipt }>(`select document from receipts where payment_id = $1 and kind = 'receipt'`, [paymentId])
  return rows[0]?.document
}
export async function findReceipt(q: Queryable, number: number): Promise<{ receipt: Receipt; holderId: string } | undefined> {
  const { rows } = await q.query<{ document: Receipt; holder_id: string }>('select document, holder_id from receipts where number = $1', [number])
  return rows[0] && { receipt: rows[0].document, holderId: rows[0].holder_id }
}
/** Newest first; one more than `limit` when there are more. */
export async function listReceipts(q: Queryable, holderId: string, page: { before: number | undefined; limit: number }): Promise<Receipt[]> {
  const { rows } = await q.query<{ document: Receipt }>(
    'select document from receipts where holder_id = $1 and ($2::bigint is null or number < $2) order by number desc limit $3',
    [holderId, page.before ?? null, page.limit + 1],
  )
  return rows.map(({ document }) => document)
}
