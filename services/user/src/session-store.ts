import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Row, Tx } from '#ports/db'
import type { Device } from './domain/device.ts'
import { expiryOf, type SessionFacts, type TokenFacts } from './domain/refresh-decision.ts'

export type Session = SessionFacts & { readonly id: string; readonly userId: string }
const sessionColumns = 'id, user_id, started_at, expires_at, ended_at'
const atOrNothing = (value: unknown) => (value instanceof Date ? instantOf(value) : undefined)
const sessionOf = (row: Row): Session => ({
  id: String(row.id),
  userId: String(row.user_id),
  startedAt: instantOf(row.started_at as Date),
  expiresAt: instantOf(row.expires_at as Date),
  endedAt: atOrNothing(row.ended_at),
})

export async function insertSession(tx: Tx, session: { id: string; userId: string } & Device, now: Instant): Promise<void> {
  const { id, userId, browser = null, system = null } = session
  await tx.query('insert into sessions (id, user_id, started_at, last_used_at, expires_at, browser, system) values ($1, $2, $3, $3, $4, $5, $6)', [
    id,
    userId,
    toDate(now),
    toDate(expiryOf(now, now)),
    browser,
    system,
  ])
}

export async function findSession(q: Queryable, id: string, lock: 'none' | 'update' = 'none'): Promise<Session | undefined> {
  const { rows } = await q.query(`select ${sessionColumns} from sessions where id = $1 ${lock === 'none' ? '' : 'for update'}`, [id])
  return rows[0] ? sessionOf(rows[0]) : undefined
}

export async function prolongSession(tx: Tx, session: Session, now: Instant): Promise<void> {
  await tx.query('update sessions set expires_at = $2, last_used_at = $3 where id = $1', [session.id, toDate(expiryOf(session.startedAt, now)), toDate(now)])
}

export type LiveSession = Device & { readonly id: string; readonly startedAt: Instant; readonly lastUsedAt: Instant }
/** Last used first. */
export async function listLiveSessions(q: Queryable, userId: string, now: Instant): Promise<LiveSession[]> {
  const { rows } = await q.query<{ id: string; started_at: Date; used_at: Date; browser: string | null; system: string | null }>(
    `select id, started_at, coalesce(last_used_at, started_at) as used_at, browser, system from sessions
     where user_id = $1 and ended_at is null and expires_at > $2 order by used_at desc, id desc limit 200`,
    [userId, toDate(now)],
  )
  return rows.map(({ id, started_at, used_at, browser, system }) => ({
    id,
    startedAt: instantOf(started_at),
    lastUsedAt: instantOf(used_at),
    ...(browser !== null && { browser }),
    ...(system !== null && { system }),
  }))
}

/** Whose session a token belongs to, by the token's hash. */
export async function findTokenOwner(q: Queryable, hash: Uint8Array): Promise<{ sessionId: string; userId: string } | undefined> {
  const { rows } = await q.query<{ session_id: string; user_id: string }>(
    'select t.session_id, s.user_id from refresh_tokens t join sessions s on s.id = t.session_id where t.hash = $1',
    [hash],
  )
  return rows[0] ? { sessionId: rows[0].session_id, userId: rows[0].user_id } : undefined
}

/** Read it only under the session's lock. */
export async function tokenFacts(tx: Tx, hash: Uint8Array): Promise<TokenFacts> {
  const { rows } = await tx.query(
    `select used_at, replaced_at, exists (select 1 from refresh_tokens c where c.parent = t.hash and c.used_at is not null) as is_successor_used
     from refresh_tokens t where hash = $1`,
    [hash],
  )
  const row = rows[0] ?? {}
  return { usedAt: atOrNothing(row.used_at), replacedAt: atOrNothing(row.replaced_at), isSuccessorUsed: row.is_successor_used === true }
}

export async function insertToken(tx: Tx, token: { hash: Uint8Array; sessionId: string; parent: Uint8Array | undefined }, now: Instant): Promise<void> {
  await tx.query('insert into refresh_tokens (hash, session_id, parent, issued_at) values ($1, $2, $3, $4)', [
    token.hash,
    token.sessionId,
    token.parent ?? null,
    toDate(now),
  ])
}
export async function markUsed(tx: Tx, hash: Uint8Array, now: Instant): Promise<void> {
  await tx.query('update refresh_tokens set used_at = $2 where hash = $1', [hash, toDate(now)])
}
export async function replaceSuccessors(tx: Tx, parent: Uint8Array, now: Instant): Promise<void> {
  await tx.query('update refresh_tokens set replaced_at = $2 where parent = $1 and replaced_at is null', [parent, toDate(now)])
}

/** Ends live sessions of a user: one (`only`), all but one (`except`), or all. @returns the ids of those that lived. */
export async function endSessions(tx: Tx, userId: string, which: { only?: string; except?: string }, now: Instant): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `update sessions set ended_at = $4
     where user_id = $1 and ended_at is null and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3) returning id`,
    [userId, which.only ?? null, which.except ?? null, toDate(now)],
  )
  return rows.map((row) => row.id)
}

export async function isKnownDevice(q: Queryable, deviceHash: Uint8Array, userId: string): Promise<boolean> {
  const { rowCount } = await q.query('select 1 from known_devices where device_hash = $1 and user_id = $2', [deviceHash, userId])
  return rowCount === 1
}
export async function rememberDevice(tx: Tx, deviceHash: Uint8Array, userId: string, now: Instant): Promise<void> {
  await tx.query(
    `insert into known_devices (device_hash, user_id, seen_at) values ($1, $2, $3)
     on conflict (device_hash, user_id) do update set seen_at = excluded.seen_at`,
    [deviceHash, userId, toDate(now)],
  )
}

/** The account's browsers lose their budgets of their own. */
export async function forgetDevices(tx: Tx, userId: string): Promise<void> {
  await tx.query('delete from known_devices where user_id = $1', [userId])
}

/** A replay of a used token older than a week reads as unknown, which is refused all the same. */
const keepUsedTokensMs = 7 * 86_400_000
const keepSessionsMs = 7 * 86_400_000
const keepDevicesMs = 400 * 86_400_000
/** Drops what no decision reads any more. */
export async function purge(q: Queryable, now: Instant): Promise<void> {
  const before = (ms: number) => [new Date(now - ms)]
  await q.query('delete from sessions where expires_at < $1 or ended_at < $1', before(keepSessionsMs))
  await q.query('delete from refresh_tokens where issued_at < $1 and used_at < $1', before(keepUsedTokensMs))
  await q.query('delete from known_devices where seen_at < $1', before(keepDevicesMs))
}
