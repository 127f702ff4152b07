import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { DueMail } from './domain/mail.ts'
import { type AccountTemplate, type BulkTemplate, type MailParams, preferenceOf } from './domain/mail-kinds.ts'

/** What is left of a mail that is settled says that there was one, to whom, and what became of it. */
const contentsGone = 'params = null, sealed = null, recipient = null, name = null, language = null'

// ---- queueing -------------------------------------------------------------------------------------------------------

/** One kind of mail for one user or many thousands: one statement. `params` of each win over the shared ones; together they are all the kind needs. */
export type MailBatch<T extends BulkTemplate> = {
  readonly template: T
  readonly at: Instant
  /** Not sent from then on: what nobody wants late. */
  readonly expiresAt?: Instant
  readonly params: Partial<MailParams[T]>
  /** `id` makes it one mail, however often it is queued. */
  readonly each: readonly { readonly id: string; readonly userId: string; readonly params?: Partial<MailParams[T]> }[]
}

/**
 * Queues mail to users, each to their address at the time of sending. Who has no proven address or has turned the kind off gets none; this is looked at
 * again when the mail is sent. @returns how many were queued.
 */
export async function queueMails<T extends BulkTemplate>(tx: Tx, { template, at, expiresAt, params, each }: MailBatch<T>): Promise<number> {
  if (each.length === 0) return 0
  const { rowCount } = await tx.query(
    `insert into mails (id, user_id, template, urgent, params, due_at, expires_at, queued_at)
     select one.id, one.user_id, $1, false, $2::jsonb || coalesce(one.params, '{}'), $3, $4, $3
     from unnest($5::uuid[], $6::uuid[], $7::jsonb[]) as one (id, user_id, params)
     left join users u on u.user_id = one.user_id
     left join mail_preferences p on p.user_id = one.user_id
     where (u.user_id is null or (u.email is not null and u.email_verified and not u.disabled)) and not coalesce($8 = any(p.off), false)
     on conflict do nothing`,
    [
      template,
      JSON.stringify(params),
      toDate(at),
      expiresAt === undefined ? null : toDate(expiresAt),
      each.map(({ id }) => id),
      each.map(({ userId }) => userId),
      each.map((one) => (one.params === undefined ? null : JSON.stringify(one.params))),
      preferenceOf[template],
    ],
  )
  return rowCount
}

export type AccountMail = {
  readonly id: string
  readonly userId: string
  readonly template: AccountTemplate
  readonly recipient: string
  readonly name: string
  readonly language: string
  readonly sealed: string
  readonly expiresAt: Instant
}
/** Before all other mail, and to an address that need not be proven. A newer one of its kind takes the place of those that still wait: their links are dead. */
export async function queueAccountMail(tx: Tx, mail: AccountMail, at: Instant): Promise<void> {
  await tx.query(
    `update mails set state = 'not-wanted', settled_at = $3, reason = 'a newer one was asked for', ${contentsGone}
     where urgent and user_id = $1 and template = $2 and state = 'waiting' and id < $4`,
    [mail.userId, mail.template, toDate(at), mail.id],
  )
  await tx.query(
    `insert into mails (id, user_id, template, urgent, recipient, name, language, sealed, params, due_at, expires_at, queued_at)
     values ($1, $2, $3, true, $4, $5, $6, $7, $8::jsonb, $9, $10, $9) on conflict do nothing`,
    [
      mail.id,
      mail.userId,
      mail.template,
      mail.recipient,
      mail.name,
      mail.language,
      mail.sealed,
      JSON.stringify({ expiresAt: toDate(mail.expiresAt).toISOString() }),
      toDate(at),
      toDate(mail.expiresAt),
    ],
  )
}

// ---- sending --------------------------------------------------------------------------------------------------------

/** A mail that this process has until its lease ends. `attempt` fences: whoever takes it later gets a higher one. */
export type ClaimedMail = DueMail & {
  readonly id: string
  readonly attempt: number
  readonly userId: string
  readonly urgent: boolean
  readonly failures: number
  readonly name: string
  readonly language: string
  readonly sealed: string | null
  readonly params: unknown
}
type ClaimedRecord = {
  id: string
  attempt: number
  user_id: string
  template: string
  urgent: boolean
  failures: number
  recipient: string | null
  sealed: string | null
  params: unknown
  expires_at: Date | null
  name: string | null
  language: string | null
  known: boolean
  email: string | null
  email_verified: boolean | null
  disabled: boolean | null
  off: string[]
}

/**
 * Takes what is due, urgent mail first, until `leaseEnd`. A mail whose process died with it is due again after that, unless the mail server may have it and
 * it is not urgent: see `settleInDoubt`.
 */
export async function claimMails(db: Queryable, { now, leaseEnd, limit }: { now: Instant; leaseEnd: Instant; limit: number }): Promise<ClaimedMail[]> {
  const { rows } = await db.query<ClaimedRecord>(
    `with taken as (
       update mails set state = 'sending', attempt = attempt + 1, due_at = $2, handed_over_at = null
       where id in (select id from mails where state in ('waiting', 'sending') and due_at <= $1 and (urgent or handed_over_at is null)
                    order by urgent desc, due_at limit $3 for update skip locked)
       returning *
     )
     select t.id, t.attempt, t.user_id, t.template, t.urgent, t.failures, t.recipient, t.sealed, t.params, t.expires_at, coalesce(t.name, u.name) as name,
            coalesce(t.language, u.language) as language, u.user_id is not null as known, u.email, u.email_verified, u.disabled, coalesce(p.off, '{}') as off
     from taken t left join users u on u.user_id = t.user_id left join mail_preferences p on p.user_id = t.user_id`,
    [toDate(now), toDate(leaseEnd), limit],
  )
  return rows.map((row) => ({
    id: row.id,
    attempt: row.attempt,
    userId: row.user_id,
    template: row.template,
    urgent: row.urgent,
    failures: row.failures,
    recipient: row.recipient,
    sealed: row.sealed,
    params: row.params,
    expiresAt: row.expires_at === null ? undefined : instantOf(row.expires_at),
    name: row.name ?? '',
    language: row.language ?? 'en',
    user: row.known ? { email: row.email, isProven: row.email_verified === true, isDisabled: row.disabled === true } : undefined,
    off: row.off,
  }))
}

type Held = Pick<ClaimedMail, 'id' | 'attempt'>
const isHeld = "id = $1 and attempt = $2 and state = 'sending'"

/** The mail server is about to get the text. @returns false when somebody else has the mail by now. */
export async function markHandedOver(db: Queryable, { id, attempt }: Held, at: Instant): Promise<boolean> {
  const { rowCount } = await db.query(`update mails set handed_over_at = $3 where ${isHeld}`, [id, attempt, toDate(at)])
  return rowCount === 1
}

export type SettledState = 'sent' | 'given-up' | 'in-doubt' | 'not-wanted'
/** The end of a mail; what it said is forgotten. @returns false, and does nothing, when somebody else has it by now. */
export async function settleMail(db: Queryable, { id, attempt }: Held, end: { state: SettledState; at: Instant; reason?: string }): Promise<boolean> {
  const { rowCount } = await db.query(`update mails set state = $3, settled_at = $4, reason = $5, ${contentsGone} where ${isHeld}`, [
    id,
    attempt,
    end.state,
    toDate(end.at),
    end.reason?.slice(0, 500) ?? null,
  ])
  return rowCount === 1
}
/** Back into the queue; `failures` as they are counted now. */
export async function returnMail(db: Queryable, { id, attempt }: Held, back: { dueAt: Instant; failures: number; reason: string }): Promise<void> {
  await db.query(`update mails set state = 'waiting', due_at = $3, failures = $4, reason = $5, handed_over_at = null where ${isHeld}`, [
    id,
    attempt,
    toDate(back.dueAt),
    back.failures,
    back.reason.slice(0, 500),
  ])
}

/** What a process that is gone had handed over, or was about to, and never heard of again: nobody knows whether it arrived. @returns how many. */
export async function settleInDoubt(db: Queryable, now: Instant): Promise<number> {
  const { rowCount } = await db.query(
    `update mails set state = 'in-doubt', settled_at = $1, reason = 'the process that sent it ended before the mail server answered', ${contentsGone}
     where state = 'sending' and not urgent and handed_over_at is not null and due_at <= $1`,
    [toDate(now)],
  )
  return rowCount
}

/** Mails that wait or are on their way, and those of the last day by what became of them. */
export async function countMails(db: Queryable, now: Instant): Promise<Readonly<Record<string, number>>> {
  // each half by its own index: the table holds the mails of months
  const { rows } = await db.query<{ state: string; count: number }>(
    `select state, count(*)::integer as count
     from (select state from mails where state in ('waiting', 'sending') union all select state from mails where settled_at > $1) as mails group by state`,
    [new Date(now - 86_400_000)],
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
export async function countWaiting(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>("select count(*)::integer as count from mails where state in ('waiting', 'sending')")
  return rows[0]?.count ?? 0
}

// ---- preferences ----------------------------------------------------------------------------------------------------

export async function listOff(db: Queryable, userId: string): Promise<string[]> {
  const { rows } = await db.query<{ off: string[] }>('select off from mail_preferences where user_id = $1', [userId])
  return rows[0]?.off ?? []
}
/** Turns some kinds on and others off, and leaves the rest. Idempotent. @returns all that are off then. */
export async function savePreferences(db: Queryable, userId: string, { on, off }: { on: readonly string[]; off: readonly string[] }): Promise<string[]> {
  const { rows } = await db.query<{ off: string[] }>(
    `insert into mail_preferences (user_id, off) values ($1, $3)
     on conflict (user_id) do update
       set off = array(select kind from unnest(mail_preferences.off || excluded.off) as kind where kind <> all($2::text[]) group by kind order by kind)
     returning off`,
    [userId, on, off],
  )
  return rows[0]?.off ?? []
}
