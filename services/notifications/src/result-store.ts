import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Ms } from '#kernel/units'
import type { Queryable, Tx } from '#ports/db'

export type DueResults = { readonly contestId: string; readonly endsAt: Instant }

/** When the results of a contest are to be told; `undefined`: not any more. A new end is planned anew, also when those of the end before were told. */
export async function planResults(tx: Tx, contestId: string, plan: { endsAt: Instant; firstTryAt: Instant } | undefined): Promise<void> {
  if (plan === undefined) {
    await tx.query('delete from contest_results where contest_id = $1', [contestId])
    return
  }
  await tx.query(
    `insert into contest_results (contest_id, ends_at, next_try_at) values ($1, $2, $3)
     on conflict (contest_id) do update set ends_at = excluded.ends_at, next_try_at = excluded.next_try_at, done_at = null
     where contest_results.ends_at <> excluded.ends_at`,
    [contestId, toDate(plan.endsAt), toDate(plan.firstTryAt)],
  )
}

/** Takes one that is due, for `lease`: when this process dies with it, it is due again after that. */
export async function claimResults(db: Queryable, now: Instant, lease: Ms): Promise<DueResults | undefined> {
  const { rows } = await db.query<{ contest_id: string; ends_at: Date }>(
    `update contest_results set next_try_at = $2 where contest_id = (
       select contest_id from contest_results where done_at is null and next_try_at <= $1 order by next_try_at limit 1 for update skip locked)
     returning contest_id, ends_at`,
    [toDate(now), new Date(now + lease)],
  )
  const [row] = rows
  return row && { contestId: row.contest_id, endsAt: instantOf(row.ends_at) }
}
/** Nothing happens when the end has been moved meanwhile. */
export async function tryResultsAt(db: Queryable, { contestId, endsAt }: DueResults, at: Instant): Promise<void> {
  await db.query('update contest_results set next_try_at = $3 where contest_id = $1 and ends_at = $2 and done_at is null', [
    contestId,
    toDate(endsAt),
    toDate(at),
  ])
}
/** Likewise. */
export async function finishResults(db: Queryable, { contestId, endsAt }: DueResults, now: Instant): Promise<void> {
  await db.query('update contest_results set done_at = $3 where contest_id = $1 and ends_at = $2', [contestId, toDate(endsAt), toDate(now)])
}

/** Participants who were not told yet, behind `after` in order of the id. */
export async function listUntold(db: Queryable, contestId: string, page: { after: string | undefined; limit: number }): Promise<string[]> {
  const { rows } = await db.query<{ user_id: string }>(
    `select user_id from registrations r where contest_id = $1 and ($2::uuid is null or user_id > $2)
       and not exists (select 1 from told_results t where t.contest_id = r.contest_id and t.user_id = r.user_id)
     order by user_id limit $3`,
    [contestId, page.after ?? null, page.limit],
  )
  return rows.map((row) => row.user_id)
}
/** @returns those of them who were not told before. Another replica that is at the same ones waits here for the commit. */
export async function markResultsTold(tx: Tx, contestId: string, userIds: readonly string[], now: Instant): Promise<Set<string>> {
  const { rows } = await tx.query<{ user_id: string }>(
    `insert into told_results (contest_id, user_id, told_at) select $1, user_id, $3 from unnest($2::uuid[]) as t (user_id) order by user_id
     on conflict do nothing returning user_id`,
    [contestId, userIds, toDate(now)],
  )
  return new Set(rows.map((row) => row.user_id))
}

/** Long after a contest nobody is told anything of it any more (domain/results.ts, reminders.ts), so nobody needs to be remembered. */
export async function purgeNews(db: Queryable, before: Instant): Promise<void> {
  await db.query('delete from reminders where starts_at < $1', [toDate(before)])
  await db.query('delete from told_results where told_at < $1', [toDate(before)])
  await db.query('delete from contest_results where ends_at < $1', [toDate(before)])
}
