import type { Readings } from '#kit/metrics'
import type { Queryable } from '#ports/db'

/** How far what was pushed is behind what the public may see. Of all boards together: a label for each would tell which contest is busy. */
export async function boardLag(db: Queryable): Promise<Readings> {
  const { rows } = await db.query<{ boards: number; revisions: number }>(
    `select count(*)::int as boards, coalesce(max(public_revision - pushed_revision), 0)::int as revisions from contests
     where pushed_revision < public_revision`,
  )
  const { boards = 0, revisions = 0 } = rows[0] ?? {}
  return { arena_boards_unpushed: [{ labels: {}, value: boards }], arena_board_revision_lag: [{ labels: {}, value: revisions }] }
}
