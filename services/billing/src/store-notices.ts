import type { ProviderName } from '#contracts/billing'
import { type Instant, toDate } from '#kernel/time'
import type { Ms } from '#kernel/units'
import type { Queryable } from '#ports/db'

/** What providers told, before anything is made of it. */
export type Notice = { readonly provider: ProviderName; readonly eventId: string; readonly reference: string; readonly tries: number }

/** The same event again is nothing new. One that names no payment of ours is kept, and done. */
export async function insertNotice(
  q: Queryable,
  notice: { provider: ProviderName; eventId: string; reference: string | undefined },
  at: Instant,
): Promise<void> {
  const isForUs = notice.reference !== undefined
  await q.query(
    `insert into notices (provider, event_id, reference, received_at, next_try_at, done_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [notice.provider, notice.eventId, notice.reference ?? null, toDate(at), isForUs ? toDate(at) : null, isForUs ? null : toDate(at)],
  )
}
/** Takes one due notice for `lease`: when this process dies with it, it is due again after that. */
export async function claimNotice(q: Queryable, now: Instant, lease: Ms): Promise<Notice | undefined> {
  const { rows } = await q.query<{ provider: ProviderName; event_id: string; reference: string; tries: number }>(
    `update notices set tries = tries + 1, next_try_at = $2
     where (provider, event_id) = (select provider, event_id from notices where next_try_at <= $1 order by next_try_at limit 1 for update skip locked)
     returning provider, event_id, reference, tries`,
    [toDate(now), new Date(now + lease)],
  )
  const [row] = rows
  return row && { provider: row.provider, eventId: row.event_id, reference: row.reference, tries: row.tries }
}
export async function saveNoticeDone(q: Queryable, { provider, eventId }: Notice, at: Instant, note?: string): Promise<void> {
  await q.query('update notices set done_at = $3, next_try_at = null, last_error = $4 where provider = $1 and event_id = $2', [
    provider,
    eventId,
    toDate(at),
    note ?? null,
  ])
}
export async function saveNoticeRetry(q: Queryable, { provider, eventId }: Notice, at: Instant, error: string): Promise<void> {
  await q.query('update notices set next_try_at = $3, last_error = $4 where provider = $1 and event_id = $2 and done_at is null', [
    provider,
    eventId,
    toDate(at),
    error.slice(0, 500),
  ])
}
/** Longer than any provider repeats itself (Stripe: three days by itself, thirty by hand). */
export async function purgeNotices(q: Queryable, before: Instant): Promise<void> {
  await q.query('delete from notices where (provider, event_id) in (select provider, event_id from notices where done_at < $1 limit 5000)', [toDate(before)])
}
/** For the operator's page. */
export async function countWork(q: Queryable): Promise<{ waitingNotices: number; troubledPayments: number; waitingRefunds: number }> {
  const { rows } = await q.query<{ notices: string; troubled: string; refunds: string }>(
    `select (select count(*) from notices where next_try_at is not null) as notices, (select count(*) from payments where trouble is not null) as troubled,
            (select count(*) from refunds where next_try_at is not null) as refunds`,
  )
  return { waitingNotices: Number(rows[0]?.notices), troubledPayments: Number(rows[0]?.troubled), waitingRefunds: Number(rows[0]?.refunds) }
}
