import { fail, ok } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { findReceipt, listBalances, listEntries, listReceipts } from '../store-ledger.ts'

type Db = Pick<Deps, 'db'>

export async function readReceipts({ db }: Db, { userId }: UserCaller, { before, limit = 50 }: { before?: number; limit?: number }) {
  const rows = await listReceipts(db, userId, { before, limit })
  const receipts = rows.slice(0, limit)
  const last = receipts.at(-1)
  return ok({ receipts, ...(rows.length > limit && last ? { next: last.number } : {}) })
}

/** Another's receipt is not there. */
export async function readReceipt({ db }: Db, caller: UserCaller, number: string) {
  const found = await findReceipt(db, Number(number))
  if (!found || (found.holderId !== caller.userId && caller.role !== 'admin')) return fail({ code: 'RECEIPT_NOT_FOUND' as const })
  return ok({ receipt: found.receipt })
}

export async function readLedger({ db }: Db, { account, after, limit = 50 }: { account?: string; after?: number; limit?: number }) {
  const rows = await listEntries(db, { account, before: after, limit })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const entries = page.map(({ seq: _, ...entry }) => entry)
  return ok({ accounts: await listBalances(db), entries, ...(rows.length > limit && last ? { next: last.seq } : {}) })
}
