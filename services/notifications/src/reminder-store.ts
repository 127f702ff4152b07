import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import { dueAt, type Reminder, type ReminderKind } from './domain/reminders.ts'

export type PlannedReminder = Reminder & { readonly contestId: string }
type ReminderRow = { contest_id: string; kind: ReminderKind; starts_at: Date }

/** The contest's reminders from now on: those of other starts go unless they were told, and what was told stays told. */
export async function planReminders(tx: Tx, contestId: string, reminders: readonly Reminder[]): Promise<void> {
  const starts = reminders.map(({ startsAt }) => toDate(startsAt))
  await tx.query('delete from reminders where contest_id = $1 and told_at is null and starts_at <> all($2::timestamptz[])', [contestId, starts])
  await tx.query(
    `insert into reminders (contest_id, kind, starts_at, due_at)
     select $1, kind, starts_at, due_at from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as t (kind, starts_at, due_at) on conflict do nothing`,
    [contestId, reminders.map(({ kind }) => kind), starts, reminders.map((one) => toDate(dueAt(one)))],
  )
}

/** Oldest first, at most a hundred. */
export async function listDueReminders(db: Queryable, now: Instant): Promise<PlannedReminder[]> {
  const { rows } = await db.query<ReminderRow>(
    'select contest_id, kind, starts_at from reminders where told_at is null and due_at <= $1 order by due_at, contest_id limit 100',
    [toDate(now)],
  )
  return rows.map((row) => ({ contestId: row.contest_id, kind: row.kind, startsAt: instantOf(row.starts_at) }))
}

/** Takes one for good. @returns false when another replica has it, has told it, or it is planned no longer. */
export async function claimReminder(tx: Tx, { contestId, kind, startsAt }: PlannedReminder, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update reminders set told_at = $4 where (contest_id, kind, starts_at) in (
       select contest_id, kind, starts_at from reminders
       where contest_id = $1 and kind = $2 and starts_at = $3 and told_at is null for update skip locked)`,
    [contestId, kind, toDate(startsAt), toDate(now)],
  )
  return rowCount === 1
}

/** How many of a kind were taken since, this one included. */
export async function countTaken(tx: Tx, { contestId, kind }: PlannedReminder, since: Instant): Promise<number> {
  const { rows } = await tx.query<{ count: number }>('select count(*)::integer as count from reminders where contest_id = $1 and kind = $2 and told_at > $3', [
    contestId,
    kind,
    toDate(since),
  ])
  return rows[0]?.count ?? 0
}

/** Who joined a contest, behind `after` in order of the id, `limit` at most. */
export async function listParticipants(db: Queryable, contestId: string, page: { after: string | undefined; limit: number }): Promise<string[]> {
  const { rows } = await db.query<{ user_id: string }>(
    'select user_id from registrations where contest_id = $1 and ($2::uuid is null or user_id > $2) order by user_id limit $3',
    [contestId, page.after ?? null, page.limit],
  )
  return rows.map((row) => row.user_id)
}
