import type { Role } from '#contracts/common'
import type { ContestSnapshot } from '#contracts/contest'
import type { UserSnapshot } from '#contracts/user'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { Kept, Notice } from './domain/messages.ts'

type MessageRecord = { seq: string; code: Notice['code']; params: Record<string, unknown>; message: string; at: Date }
const keptOf = (record: MessageRecord): Kept => ({
  seq: Number(record.seq),
  code: record.code,
  params: record.params,
  message: record.message,
  at: record.at.toISOString(),
})

// ---- inbox ----------------------------------------------------------------------------------------------------------

/** Appends to one user's inbox. @returns the number it got; no other message of that user gets one until this transaction has ended. */
export async function insertMessage(tx: Tx, userId: string, notice: Notice, at: Instant): Promise<Kept> {
  const { rows } = await tx.query<{ last_seq: string }>(
    `insert into mailboxes (user_id, last_seq) values ($1, 1)
     on conflict (user_id) do update set last_seq = mailboxes.last_seq + 1 returning last_seq`,
    [userId],
  )
  const seq = Number(rows[0]?.last_seq)
  await tx.query('insert into messages (user_id, seq, code, params, message, at) values ($1, $2, $3, $4::jsonb, $5, $6)', [
    userId,
    seq,
    notice.code,
    JSON.stringify(notice.params),
    notice.message,
    toDate(at),
  ])
  return { ...notice, seq, at: toDate(at).toISOString() }
}

/** To everybody who joined the contest, in one statement; locks are taken in order of user, so that two of these do not block each other for ever. */
export async function insertForParticipants(tx: Tx, batch: { id: string; contestId: string; notice: Notice; at: Instant }): Promise<number> {
  const { rowCount } = await tx.query(
    `with numbered as (
       insert into mailboxes (user_id, last_seq)
       select user_id, 1 from (select user_id from registrations where contest_id = $1 order by user_id) as participants
       on conflict (user_id) do update set last_seq = mailboxes.last_seq + 1
       returning user_id, last_seq
     )
     insert into messages (user_id, seq, code, params, message, at, batch_id)
     select user_id, last_seq, $2, $3::jsonb, $4, $5, $6 from numbered`,
    [batch.contestId, batch.notice.code, JSON.stringify(batch.notice.params), batch.notice.message, toDate(batch.at), batch.id],
  )
  return rowCount
}

/** To each of some users their own message, in one statement; locks in order of user, as above. Each user once. */
export async function insertForEach(tx: Tx, batch: { id: string; at: Instant; each: readonly { userId: string; notice: Notice }[] }): Promise<void> {
  const notices = batch.each.map(({ notice }) => notice)
  await tx.query(
    `with given as (
       select * from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[]) as t (user_id, code, params, message)
     ), numbered as (
       insert into mailboxes (user_id, last_seq)
       select user_id, 1 from (select user_id from given order by user_id) as receivers
       on conflict (user_id) do update set last_seq = mailboxes.last_seq + 1
       returning user_id, last_seq
     )
     insert into messages (user_id, seq, code, params, message, at, batch_id)
     select user_id, last_seq, code, params, message, $5, $6 from numbered join given using (user_id)`,
    [
      batch.each.map(({ userId }) => userId),
      notices.map(({ code }) => code),
      notices.map(({ params }) => JSON.stringify(params)),
      notices.map(({ message }) => message),
      toDate(batch.at),
      batch.id,
    ],
  )
}

/** A batch's messages for those of `userIds` that got one. */
export async function listBatch(db: Queryable, batchId: string, userIds: readonly string[]): Promise<(Kept & { userId: string })[]> {
  const { rows } = await db.query<MessageRecord & { user_id: string }>(
    'select user_id, seq, code, params, message, at from messages where batch_id = $1 and user_id = any($2::uuid[])',
    [batchId, userIds],
  )
  return rows.map((row) => ({ ...keptOf(row), userId: row.user_id }))
}

/** Oldest first. */
export async function listAfter(db: Queryable, userId: string, after: number, limit: number): Promise<Kept[]> {
  const { rows } = await db.query<MessageRecord>('select seq, code, params, message, at from messages where user_id = $1 and seq > $2 order by seq limit $3', [
    userId,
    after,
    limit,
  ])
  return rows.map(keptOf)
}
export type InboxPage = {
  readonly limit: number
  /** Numbers below this one. */
  readonly before?: number | undefined
  readonly unread?: boolean | undefined
  /** Codes to be found, or (`others`) all but those. */
  readonly about?: { readonly codes: readonly string[]; readonly others: boolean } | undefined
}
/** Newest first. */
export async function listNewest(db: Queryable, userId: string, { limit, before, unread, about }: InboxPage): Promise<Kept[]> {
  const { rows } = await db.query<MessageRecord>(
    `select seq, code, params, message, at from messages m
     where user_id = $1 and ($3::bigint is null or seq < $3)
       and (not $4::boolean or seq > (select read_seq from mailboxes b where b.user_id = m.user_id))
       and ($5::text[] is null or (code = any($5)) is distinct from $6::boolean)
     order by seq desc limit $2`,
    [userId, limit, before ?? null, unread ?? false, about?.codes ?? null, about?.others ?? false],
  )
  return rows.map(keptOf)
}
export async function findRead(db: Queryable, userId: string): Promise<{ readSeq: number; unread: number }> {
  const { rows } = await db.query<{ read_seq: string; unread: string }>(
    `select read_seq, (select count(*) from messages m where m.user_id = b.user_id and m.seq > b.read_seq) as unread
     from mailboxes b where user_id = $1`,
    [userId],
  )
  return { readSeq: Number(rows[0]?.read_seq ?? 0), unread: Number(rows[0]?.unread ?? 0) }
}
/** Never takes back what was read before, and never marks what is not there yet. */
export async function saveRead(db: Queryable, userId: string, seq: number): Promise<void> {
  await db.query('update mailboxes set read_seq = greatest(read_seq, least($2, last_seq)) where user_id = $1', [userId, seq])
}

// ---- what others told -----------------------------------------------------------------------------------------------

export type KeptUser = { readonly revision: number; readonly role: Role; readonly disabled: boolean; readonly sessionsValidFrom: Instant }
type UserRecord = { revision: string; role: Role; disabled: boolean; sessions_valid_from: Date }
const userOf = (record: UserRecord): KeptUser => ({
  revision: Number(record.revision),
  role: record.role,
  disabled: record.disabled,
  sessionsValidFrom: instantOf(record.sessions_valid_from),
})
export async function findUserLocked(tx: Tx, userId: string): Promise<KeptUser | undefined> {
  const { rows } = await tx.query<UserRecord>('select revision, role, disabled, sessions_valid_from from users where user_id = $1 for update', [userId])
  return rows[0] && userOf(rows[0])
}
export async function saveUser(tx: Tx, user: UserSnapshot): Promise<void> {
  await tx.query(
    `insert into users (user_id, revision, name, role, disabled, sessions_valid_from, email, email_verified, language) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (user_id) do update set revision = excluded.revision, name = excluded.name, role = excluded.role, disabled = excluded.disabled,
       sessions_valid_from = excluded.sessions_valid_from, email = excluded.email, email_verified = excluded.email_verified, language = excluded.language
     where users.revision < excluded.revision`,
    [user.userId, user.revision, user.name, user.role, user.disabled, user.sessionsValidFrom, user.email ?? null, user.emailVerified ?? false, user.language],
  )
}
/** @returns false when the user was welcomed before. */
export async function markWelcomed(tx: Tx, userId: string, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query('update users set welcomed_at = $2 where user_id = $1 and welcomed_at is null', [userId, toDate(at)])
  return rowCount === 1
}

export async function insertEndedSession(tx: Tx, sessionId: string, at: Instant): Promise<void> {
  await tx.query('insert into ended_sessions (session_id, ended_at) values ($1, $2) on conflict do nothing', [sessionId, toDate(at)])
}
/** What a socket needs to begin: how far the inbox is, and whether its session still stands. */
export async function findSession(db: Queryable, userId: string, sessionId: string) {
  const { rows } = await db.query<{ last_seq: string; ended: boolean; disabled: boolean | null; sessions_valid_from: Date | null }>(
    `select coalesce((select last_seq from mailboxes where user_id = $1), 0) as last_seq,
            exists (select 1 from ended_sessions where session_id::text = $2) as ended, u.disabled, u.sessions_valid_from
     from (select 1) as one left join users u on u.user_id = $1`,
    [userId, sessionId],
  )
  const [row] = rows
  const account =
    row?.sessions_valid_from == null ? undefined : { role: undefined, disabled: row.disabled ?? false, sessionsValidFrom: instantOf(row.sessions_valid_from) }
  return { lastSeq: Number(row?.last_seq ?? 0), hasEnded: row?.ended ?? false, account }
}

/** @returns false when a snapshot as new is kept already. */
export async function saveContest(tx: Tx, snapshot: ContestSnapshot): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into contests (contest_id, snapshot, revision) values ($1, $2::jsonb, $3)
     on conflict (contest_id) do update set snapshot = excluded.snapshot, revision = excluded.revision where contests.revision < excluded.revision`,
    [snapshot.contestId, JSON.stringify(snapshot), snapshot.revision],
  )
  return rowCount === 1
}
export async function findContest(db: Queryable, contestId: string): Promise<ContestSnapshot | undefined> {
  const { rows } = await db.query<{ snapshot: ContestSnapshot }>('select snapshot from contests where contest_id = $1', [contestId])
  return rows[0]?.snapshot
}
export async function insertRegistration(tx: Tx, contestId: string, userId: string): Promise<void> {
  await tx.query('insert into registrations (contest_id, user_id) values ($1, $2) on conflict do nothing', [contestId, userId])
}
export async function listRegistered(db: Queryable, contestId: string, among: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ user_id: string }>('select user_id from registrations where contest_id = $1 and user_id = any($2::uuid[])', [
    contestId,
    among,
  ])
  return rows.map((row) => row.user_id)
}

/** @param news a number that grows with what may be told of one submission. @returns false when this, or later news, was told before. */
export async function markTold(tx: Tx, submissionId: string, news: number, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into told_attempts (submission_id, attempt, told_at) values ($1, $2, $3)
     on conflict (submission_id) do update set attempt = excluded.attempt, told_at = excluded.told_at where told_attempts.attempt < excluded.attempt`,
    [submissionId, news, toDate(at)],
  )
  return rowCount === 1
}

/** The same for many. @returns those submissions of which it is news. */
export async function markToldEach(
  tx: Tx,
  each: readonly { readonly submissionId: string; readonly news: number }[],
  at: Instant,
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ submission_id: string }>(
    `insert into told_attempts (submission_id, attempt, told_at) select id, news, $3 from unnest($1::uuid[], $2::integer[]) as told (id, news)
     on conflict (submission_id) do update set attempt = excluded.attempt, told_at = excluded.told_at where told_attempts.attempt < excluded.attempt
     returning submission_id`,
    [each.map(({ submissionId }) => submissionId), each.map(({ news }) => news), toDate(at)],
  )
  return new Set(rows.map((row) => row.submission_id))
}

/** @returns whether it is time to tell of a problem's fault (again). */
export async function markFaultTold(tx: Tx, problemId: string, { at, again }: { at: Instant; again: Instant }): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into told_faults (problem_id, told_at) values ($1, $2)
     on conflict (problem_id) do update set told_at = excluded.told_at where told_faults.told_at <= $3`,
    [problemId, toDate(at), toDate(again)],
  )
  return rowCount === 1
}

/** Messages are kept `keepDays`; ended sessions as long as a token of theirs could still be shown. */
export async function purge(db: Queryable, now: Instant, keepDays: number): Promise<void> {
  const old = new Date(now - keepDays * 86_400_000)
  await db.query('delete from messages where at < $1', [old])
  await db.query('delete from told_attempts where told_at < $1', [old])
  await db.query('delete from told_faults where told_at < $1', [old])
  await db.query('delete from ended_sessions where ended_at < $1', [new Date(now - 3_600_000)])
  await db.query('delete from mails where settled_at < $1', [old])
}
