import type { Lane } from '#contracts/common'
import { type Instant, instantOf } from '#kernel/time'
import type { Queryable } from '#ports/db'

/** What has no result yet in one lane; `since` is the hand-in of the oldest (of a rejudge too: its author has waited since then). */
export type WaitingLane = { readonly lane: Lane; readonly count: number; readonly since: Instant }

/** Lanes in which something waits. By the small index of what is queued: its cost grows with what waits, not with what was ever handed in. */
export async function listWaiting(db: Queryable): Promise<WaitingLane[]> {
  const { rows } = await db.query<{ lane: Lane; count: number; since: Date }>(
    `select lane, count(*)::int as count, min(submitted_at) as since from submissions where status = 'queued' group by lane
     union all
     select 'run', count(*)::int, min(created_at) from runs where status = 'queued' having count(*) > 0`,
  )
  return rows.map(({ lane, count, since }) => ({ lane, count, since: instantOf(since) }))
}
