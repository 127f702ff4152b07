import { type Instant, toDate } from '#kernel/time'
import type { Ms } from '#kernel/units'
import type { Queryable, Tx } from '#ports/db'
import type { MailText } from './domain/mail.ts'

export type WaitingMail = { readonly id: string; readonly recipient: string; readonly subject: string; readonly body: string; readonly tries: number }

/** The same id twice is one mail. */
export async function insertMail(tx: Tx, mail: MailText & { id: string; recipient: string }, at: Instant): Promise<void> {
  await tx.query('insert into mails (id, recipient, subject, body, next_try_at) values ($1, $2, $3, $4, $5) on conflict do nothing', [
    mail.id,
    mail.recipient,
    mail.subject,
    mail.body,
    toDate(at),
  ])
}

/** Takes due mails for `lease`: when this process dies with them, they are due again after it. The try is counted when it begins. */
export async function claimMails(db: Queryable, now: Instant, lease: Ms, limit: number): Promise<WaitingMail[]> {
  const { rows } = await db.query<WaitingMail>(
    `update mails set tries = tries + 1, next_try_at = $2
     where id in (select id from mails where sent_at is null and given_up_at is null and next_try_at <= $1
                  order by next_try_at limit $3 for update skip locked)
     returning id, recipient, subject, body, tries`,
    [toDate(now), new Date(now + lease), limit],
  )
  return rows
}
export async function markSent(db: Queryable, id: string, at: Instant): Promise<void> {
  await db.query('update mails set sent_at = $2, last_error = null where id = $1', [id, toDate(at)])
}
/** `nextTryAt` undefined: given up at `now`. */
export async function markFailed(db: Queryable, id: string, failure: { now: Instant; nextTryAt: Instant | undefined; reason: string }): Promise<void> {
  await db.query(
    'update mails set next_try_at = coalesce($2, next_try_at), given_up_at = case when $2::timestamptz is null then $3::timestamptz end, last_error = $4 where id = $1',
    [id, failure.nextTryAt === undefined ? null : toDate(failure.nextTryAt), toDate(failure.now), failure.reason.slice(0, 500)],
  )
}
