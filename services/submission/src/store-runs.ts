import type { RunReport, RunStatus } from '#contracts/runs'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import { runsPerMinute } from './domain/run.ts'

export type RecentRun = { readonly createdAt: Instant; readonly isQueued: boolean }

/** As many as the pace can depend on. A queued one is always among them: nobody has two, and the newest is the queued one. */
export async function listRecentRuns(tx: Tx, userId: string): Promise<RecentRun[]> {
  const { rows } = await tx.query<{ created_at: Date; status: RunStatus }>(
    'select created_at, status from runs where user_id = $1 order by created_at desc, id desc limit $2',
    [userId, runsPerMinute],
  )
  return rows.map((row) => ({ createdAt: instantOf(row.created_at), isQueued: row.status === 'queued' }))
}

/** @returns the run that was asked for under this key before. */
export async function findRunByKey(tx: Tx, userId: string, key: string): Promise<{ id: string; bodyDigest: Uint8Array } | undefined> {
  const { rows } = await tx.query<{ id: string; body_digest: Uint8Array }>('select id, body_digest from runs where user_id = $1 and idempotency_key = $2', [
    userId,
    key,
  ])
  return rows[0] && { id: rows[0].id, bodyDigest: rows[0].body_digest }
}

export type NewRunRow = {
  readonly id: string
  readonly userId: string
  readonly createdAt: Instant
  readonly idempotencyKey: string | undefined
  readonly bodyDigest: Uint8Array
}
export const insertRun = (tx: Tx, run: NewRunRow) =>
  tx.query(`insert into runs (id, user_id, created_at, status, idempotency_key, body_digest) values ($1, $2, $3, 'queued', $4, $5)`, [
    run.id,
    run.userId,
    toDate(run.createdAt),
    run.idempotencyKey ?? null,
    run.bodyDigest,
  ])

/** Keeps the first answer. @returns whose run it is; undefined when it was answered before or is forgotten, and nothing changed. */
export async function settleRun(tx: Tx, runId: string, status: 'finished' | 'fault', report: RunReport | undefined): Promise<string | undefined> {
  const { rows } = await tx.query<{ user_id: string }>(`update runs set status = $2, report = $3 where id = $1 and status = 'queued' returning user_id`, [
    runId,
    status,
    report === undefined ? null : JSON.stringify(report),
  ])
  return rows[0]?.user_id
}

/** Ends what nobody answered. */
export async function giveUpRuns(tx: Tx, askedBefore: Instant): Promise<{ runId: string; userId: string }[]> {
  const { rows } = await tx.query<{ id: string; user_id: string }>(
    `update runs set status = 'fault' where status = 'queued' and created_at <= $1 returning id, user_id`,
    [toDate(askedBefore)],
  )
  return rows.map((row) => ({ runId: row.id, userId: row.user_id }))
}

export const purgeRuns = (db: Queryable, askedBefore: Instant) => db.query('delete from runs where created_at <= $1', [toDate(askedBefore)])

export type RunRow = {
  readonly id: string
  readonly userId: string
  readonly createdAt: Instant
  readonly status: RunStatus
  readonly report: RunReport | undefined
}
export async function findRun(db: Queryable, id: string): Promise<RunRow | undefined> {
  const { rows } = await db.query<{ id: string; user_id: string; created_at: Date; status: RunStatus; report: RunReport | null }>(
    'select id, user_id, created_at, status, report from runs where id = $1',
    [id],
  )
  const row = rows[0]
  return row && { id: row.id, userId: row.user_id, createdAt: instantOf(row.created_at), status: row.status, report: row.report ?? undefined }
}
