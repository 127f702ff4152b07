import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable } from '#ports/db'

/** Of users in a statement. */
const batch = 2_000

/** These users have a socket at `now`. In order of user, so that replicas do not wait for each other in a circle; a later time stays. */
export async function noteSeen(db: Queryable, userIds: readonly string[], now: Instant): Promise<void> {
  const sorted = [...userIds].sort()
  for (let from = 0; from < sorted.length; from += batch)
    await db.query(
      `insert into presence (user_id, seen_at) select u, $2 from unnest($1::uuid[]) as t (u)
       on conflict (user_id) do update set seen_at = excluded.seen_at where presence.seen_at < excluded.seen_at`,
      [sorted.slice(from, from + batch), toDate(now)],
    )
}

export type Seen = { readonly userId: string; readonly seenAt: Instant }
/** Participants of a contest that were seen since, the last seen first. */
export async function listSeen(db: Queryable, contestId: string, { since, limit }: { since: Instant; limit: number }): Promise<Seen[]> {
  const { rows } = await db.query<{ user_id: string; seen_at: Date }>(
    `select user_id, seen_at from registrations join presence using (user_id)
     where contest_id = $1 and seen_at >= $2 order by seen_at desc, user_id limit $3`,
    [contestId, toDate(since), limit],
  )
  return rows.map((row) => ({ userId: row.user_id, seenAt: instantOf(row.seen_at) }))
}

export async function forgetSeen(db: Queryable, before: Instant): Promise<void> {
  await db.query('delete from presence where seen_at < $1', [toDate(before)])
}

/** @returns undefined when this service knows no such contest, or it was deleted. */
export async function findContestOwner(db: Queryable, contestId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ owner_id: string }>(
    `select snapshot ->> 'ownerId' as owner_id from contests where contest_id = $1 and not (snapshot ->> 'deleted')::boolean`,
    [contestId],
  )
  return rows[0]?.owner_id
}
