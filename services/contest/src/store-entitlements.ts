import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { Known } from './domain/entitlement.ts'

/** All SQL on what is known of subscriptions. */
export async function findEntitlement(db: Queryable, userId: string): Promise<Known | undefined> {
  const { rows } = await db.query<{ until: Date; asked_at: Date; stale: boolean; tellings: number }>(
    'select until, asked_at, stale, tellings from entitlements where user_id = $1',
    [userId],
  )
  return rows[0] && { until: instantOf(rows[0].until), askedAt: instantOf(rows[0].asked_at), isStale: rows[0].stale, tellings: rows[0].tellings }
}

/** `tellings`: as it was before billing was asked. Was a change told meanwhile, or was it asked later than this, then the answer is not kept. */
type Asked = { readonly userId: string; readonly askedAt: Instant; readonly tellings: number }
export async function keepYes(db: Queryable, { userId, askedAt, tellings }: Asked, said: { until: Instant; subscriptionId: string | null }): Promise<void> {
  await db.query(
    `insert into entitlements (user_id, until, subscription_id, asked_at) values ($1, $2, $3, $4)
     on conflict (user_id) do update set until = excluded.until, subscription_id = excluded.subscription_id, asked_at = excluded.asked_at, stale = false,
       revision = case when entitlements.subscription_id = excluded.subscription_id then entitlements.revision end
     where entitlements.tellings = $5 and entitlements.asked_at <= excluded.asked_at`,
    [userId, toDate(said.until), said.subscriptionId, toDate(askedAt), tellings],
  )
}
/** Of who never had a subscription nothing is kept. */
export async function keepNo(db: Queryable, { userId, askedAt, tellings }: Asked): Promise<void> {
  await db.query(`update entitlements set until = least(until, $2), asked_at = $2, stale = false where user_id = $1 and tellings = $3 and asked_at <= $2`, [
    userId,
    toDate(askedAt),
    tellings,
  ])
}

/**
 * A subscription has changed: all who are known to have it are asked for anew. Until then it is good `until` the moment told (null: no longer than `at`, when
 * it changed), unless a newer revision was told, or billing was asked later than that.
 */
export async function tellSubscription(tx: Tx, told: { subscriptionId: string; revision: number; until: Instant | null; at: Instant }): Promise<void> {
  await tx.query(
    `update entitlements set stale = true, tellings = tellings + 1, revision = greatest(revision, $2),
       until = case when $4 >= asked_at and (revision is null or revision < $2) then coalesce($3, least(until, $4)) else until end
     where subscription_id = $1`,
    [told.subscriptionId, told.revision, told.until === null ? null : toDate(told.until), toDate(told.at)],
  )
}
/** A school has one member less. */
export async function tellLeft(tx: Tx, { subscriptionId, userId, at }: { subscriptionId: string; userId: string; at: Instant }): Promise<void> {
  await tx.query(
    `update entitlements set stale = true, tellings = tellings + 1, until = case when $3 >= asked_at then least(until, $3) else until end
     where user_id = $1 and subscription_id = $2`,
    [userId, subscriptionId, toDate(at)],
  )
}
