import type { ProviderName, SubscriptionSnapshot } from '#contracts/billing'
import { type Instant, instantOf, toDate } from '#kernel/time'
import { DbError, type Queryable, type Tx } from '#ports/db'
import type { Record, Whole } from './domain/subscription.ts'
import type { Terms } from './domain/terms.ts'
import { listPaymentsOf, listRefundsOf } from './store-payments.ts'

type SubscriptionRow = {
  id: string
  holder_id: string
  plan_id: string
  terms: Terms
  school: string | null
  join_code: string | null
  provider: ProviderName
  created_at: Date
  trial_ends_at: Date | null
  sponsored_until: Date | null
  cancelled_at: Date | null
  revision: string
  told: SubscriptionSnapshot | null
  told_soon_of: Date | null
  told_grace_of: Date | null
}
const columns = `id, holder_id, plan_id, terms, school, join_code, provider, created_at, trial_ends_at, sponsored_until, cancelled_at, revision, told,
  told_soon_of, told_grace_of`
const at = (date: Date | null): Instant | undefined => (date === null ? undefined : instantOf(date))
const dateOrNull = (when: Instant | undefined): Date | null => (when === undefined ? null : toDate(when))

const recordOf = (row: SubscriptionRow): Record => ({
  id: row.id,
  holderId: row.holder_id,
  planId: row.plan_id,
  terms: row.terms,
  school: row.school ?? undefined,
  joinCode: row.join_code ?? undefined,
  provider: row.provider,
  createdAt: instantOf(row.created_at),
  trialEndsAt: at(row.trial_ends_at),
  sponsoredUntil: at(row.sponsored_until),
  cancelledAt: at(row.cancelled_at),
  revision: Number(row.revision),
  told: row.told ?? undefined,
  toldSoonOf: at(row.told_soon_of),
  toldGraceOf: at(row.told_grace_of),
})

export type NewSubscription = Pick<
  Record,
  'id' | 'holderId' | 'planId' | 'terms' | 'school' | 'joinCode' | 'provider' | 'createdAt' | 'trialEndsAt' | 'sponsoredUntil'
> & {
  readonly idempotency?: { readonly key: string; readonly digest: Uint8Array } | undefined
  readonly sponsor?: { readonly adminId: string; readonly reason: string }
}
/** @throws DbError 23505 where the code of a school is taken (`isCodeTaken`). */
export async function insertSubscription(tx: Tx, { idempotency, sponsor, ...row }: NewSubscription): Promise<void> {
  await tx.query(
    `insert into subscriptions (id, holder_id, plan_id, terms, school, join_code, provider, created_at, trial_ends_at, sponsored_until, sponsored_by,
       sponsored_reason, idempotency_key, body_digest)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      row.id,
      row.holderId,
      row.planId,
      JSON.stringify(row.terms),
      row.school ?? null,
      row.joinCode ?? null,
      row.provider,
      toDate(row.createdAt),
      dateOrNull(row.trialEndsAt),
      dateOrNull(row.sponsoredUntil),
      sponsor?.adminId ?? null,
      sponsor?.reason ?? null,
      idempotency?.key ?? null,
      idempotency?.digest ?? null,
    ],
  )
}
export const isCodeTaken = (cause: unknown): boolean => cause instanceof DbError && cause.constraint === 'subscriptions_join_code_unique'

export async function findByIdempotencyKey(q: Queryable, holderId: string, key: string): Promise<{ id: string; digest: Uint8Array } | undefined> {
  const { rows } = await q.query<{ id: string; body_digest: Uint8Array }>(
    'select id, body_digest from subscriptions where holder_id = $1 and idempotency_key = $2',
    [holderId, key],
  )
  return rows[0] && { id: rows[0].id, digest: rows[0].body_digest }
}

export async function hasTried(q: Queryable, holderId: string, planId: string): Promise<boolean> {
  const { rows } = await q.query('select 1 from subscriptions where holder_id = $1 and plan_id = $2 and trial_ends_at is not null limit 1', [holderId, planId])
  return rows.length > 0
}

/** With all it stands on. `lock`: nobody else changes it, or what it stands on, until the transaction ends. */
export async function findWhole(q: Queryable, id: string, lock: 'none' | 'update' = 'none'): Promise<Whole | undefined> {
  const { rows } = await q.query<SubscriptionRow>(`select ${columns} from subscriptions where id = $1 ${lock === 'update' ? 'for update' : ''}`, [id])
  return (await wholesOf(q, rows))[0]
}
export async function findIdByCode(q: Queryable, code: string): Promise<string | undefined> {
  const { rows } = await q.query<{ id: string }>('select id from subscriptions where join_code = $1', [code])
  return rows[0]?.id
}
/** As holder, newest first. */
export async function listHeld(q: Queryable, holderId: string, planId?: string): Promise<Whole[]> {
  const { rows } = await q.query<SubscriptionRow>(
    `select ${columns} from subscriptions where holder_id = $1 and ($2::uuid is null or plan_id = $2) order by id desc limit 200`,
    [holderId, planId ?? null],
  )
  return wholesOf(q, rows)
}
/** As holder or as member, newest first. `counts`: of members too, which is work where a school is large. */
export async function listOf(q: Queryable, userId: string, counts: 'with counts' | 'without counts'): Promise<Whole[]> {
  const { rows } = await q.query<SubscriptionRow>(
    `select ${columns} from subscriptions
     where id in (select id from subscriptions where holder_id = $1 union select subscription_id from members where user_id = $1) order by id desc limit 200`,
    [userId],
  )
  return wholesOf(q, rows, counts)
}
async function wholesOf(q: Queryable, rows: readonly SubscriptionRow[], counts: 'with counts' | 'without counts' = 'with counts'): Promise<Whole[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  // one after another: within a transaction there is one connection
  const payments = await listPaymentsOf(q, ids)
  const refunds = await listRefundsOf(
    q,
    payments.map(({ id }) => id),
  )
  const memberCounts = counts === 'with counts' ? await countMembers(q, ids) : new Map<string, number>()
  return rows.map((row) => {
    const own = payments.filter(({ subscriptionId }) => subscriptionId === row.id)
    return {
      record: recordOf(row),
      payments: own,
      refunds: refunds.filter(({ paymentId }) => own.some(({ id }) => id === paymentId)),
      memberCount: memberCounts.get(row.id) ?? 0,
    }
  })
}
async function countMembers(q: Queryable, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await q.query<{ subscription_id: string; count: string }>(
    'select subscription_id, count(*) from members where subscription_id = any($1::uuid[]) group by subscription_id',
    [ids],
  )
  return new Map(rows.map((row) => [row.subscription_id, Number(row.count)]))
}

export async function saveCancelledAt(tx: Tx, id: string, cancelledAt: Instant | undefined): Promise<void> {
  await tx.query('update subscriptions set cancelled_at = $2 where id = $1', [id, dateOrNull(cancelledAt)])
}
export async function saveProvider(tx: Tx, id: string, provider: ProviderName): Promise<void> {
  await tx.query('update subscriptions set provider = $2 where id = $1', [id, provider])
}
/** @throws DbError 23505 where the code is taken (`isCodeTaken`). */
export async function saveJoinCode(tx: Tx, id: string, code: string): Promise<void> {
  await tx.query('update subscriptions set join_code = $2 where id = $1', [id, code])
}

/** What was told, and when to look again (undefined: never). */
export async function saveTold(
  tx: Tx,
  id: string,
  state: { told: SubscriptionSnapshot; toldSoonOf: Instant | undefined; toldGraceOf: Instant | undefined; nextTurnAt: Instant | undefined },
): Promise<void> {
  await tx.query('update subscriptions set revision = $2, told = $3::jsonb, told_soon_of = $4, told_grace_of = $5, next_turn_at = $6 where id = $1', [
    id,
    state.told.revision,
    JSON.stringify(state.told),
    dateOrNull(state.toldSoonOf),
    dateOrNull(state.toldGraceOf),
    dateOrNull(state.nextTurnAt),
  ])
}
/** The one that is due longest and that nobody else has in hand; it stays locked until the transaction ends. */
export async function lockNextTurn(tx: Tx, now: Instant): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    'select id from subscriptions where next_turn_at <= $1 order by next_turn_at limit 1 for update skip locked',
    [toDate(now)],
  )
  return rows[0]?.id
}
export async function saveNextTurn(q: Queryable, id: string, at: Instant): Promise<void> {
  await q.query('update subscriptions set next_turn_at = $2 where id = $1', [id, toDate(at)])
}

// ---- members of schools ---------------------------------------------------------------------------------------------

/** @returns false when they were one before. */
export async function insertMember(tx: Tx, subscriptionId: string, userId: string, joinedAt: Instant): Promise<boolean> {
  const { rowCount } = await tx.query('insert into members (subscription_id, user_id, joined_at) values ($1, $2, $3) on conflict do nothing', [
    subscriptionId,
    userId,
    toDate(joinedAt),
  ])
  return rowCount === 1
}
/** @returns false when they were none. */
export async function deleteMember(tx: Tx, subscriptionId: string, userId: string): Promise<boolean> {
  const { rowCount } = await tx.query('delete from members where subscription_id = $1 and user_id = $2', [subscriptionId, userId])
  return rowCount === 1
}
export async function isMember(q: Queryable, subscriptionId: string, userId: string): Promise<boolean> {
  const { rows } = await q.query('select 1 from members where subscription_id = $1 and user_id = $2', [subscriptionId, userId])
  return rows.length > 0
}
/** In the order of their ids; one more than `limit` when there are more. */
export async function listMembers(q: Queryable, subscriptionId: string, page: { after: string | undefined; limit: number }) {
  const { rows } = await q.query<{ user_id: string; name: string | null; joined_at: Date }>(
    `select m.user_id, u.name, m.joined_at from members m left join users u on u.user_id = m.user_id
     where m.subscription_id = $1 and ($2::uuid is null or m.user_id > $2) order by m.user_id limit $3`,
    [subscriptionId, page.after ?? null, page.limit + 1],
  )
  return rows.map((row) => ({ userId: row.user_id, name: row.name ?? '', joinedAt: row.joined_at.toISOString() }))
}
