import type { ContestSnapshot } from '#contracts/contest'
import type { UserSnapshot } from '#contracts/user'
import { type Instant, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { Fact } from './domain/facts.ts'
import type { ScoredRow } from './domain/format.ts'
import type { BoardPhase } from './domain/phase.ts'

/** A contest as kept; `snapshot` is undefined while only facts have come. */
export type KeptContest = {
  readonly contestId: string
  readonly snapshot: ContestSnapshot | undefined
  readonly phase: BoardPhase
  readonly version: number
  readonly publicRevision: number
  readonly pushedRevision: number
}
export type KeptRow = { readonly userId: string; readonly publicRow: ScoredRow; readonly fullRow: ScoredRow }
export type NamedRow = KeptRow & { readonly name: string; readonly school: string }

type ContestRecord = {
  contest_id: string
  snapshot: ContestSnapshot | null
  phase: BoardPhase
  version: string
  public_revision: string
  pushed_revision: string
}
const contestColumns = 'contest_id, snapshot, phase, version, public_revision, pushed_revision'
const contestOf = (record: ContestRecord): KeptContest => ({
  contestId: record.contest_id,
  snapshot: record.snapshot ?? undefined,
  phase: record.phase,
  version: Number(record.version),
  publicRevision: Number(record.public_revision),
  pushedRevision: Number(record.pushed_revision),
})
type RowRecord = { user_id: string; public_row: ScoredRow; full_row: ScoredRow }
const rowOf = (record: RowRecord): KeptRow => ({ userId: record.user_id, publicRow: record.public_row, fullRow: record.full_row })

export async function findAndLockContest(tx: Tx, contestId: string): Promise<KeptContest | undefined> {
  const { rows } = await tx.query<ContestRecord>(`select ${contestColumns} from contests where contest_id = $1 for update`, [contestId])
  return rows[0] && contestOf(rows[0])
}

/** The contest, made when absent, locked until the transaction ends: changes of one board happen one after another, so its versions commit in order. */
export async function lockContest(tx: Tx, contestId: string): Promise<KeptContest> {
  const known = await findAndLockContest(tx, contestId)
  if (known) return known
  await tx.query('insert into contests (contest_id) values ($1) on conflict do nothing', [contestId])
  const made = await findAndLockContest(tx, contestId)
  if (!made) throw new Error(`the contest ${contestId} was neither there nor made`)
  return made
}

/** @returns false when the log has this fact already. */
async function append(tx: Tx, entry: { contestId: string; kind: string; key: string; userId: string | null; fact: unknown }): Promise<boolean> {
  const { rowCount } = await tx.query('insert into log (contest_id, kind, fact_key, user_id, fact) values ($1, $2, $3, $4, $5::jsonb) on conflict do nothing', [
    entry.contestId,
    entry.kind,
    entry.key,
    entry.userId,
    JSON.stringify(entry.fact),
  ])
  return rowCount === 1
}
const keyOf = (fact: Fact): string => {
  if (fact.kind === 'accepted') return fact.submissionId
  if (fact.kind === 'judged') return `${fact.submissionId}/${fact.attempt}`
  return `${fact.userId}/${fact.toldAt}/${fact.startedAt}`
}
export const appendFact = (tx: Tx, contestId: string, fact: Fact) => append(tx, { contestId, kind: fact.kind, key: keyOf(fact), userId: fact.userId, fact })
export const appendSnapshot = (tx: Tx, snapshot: ContestSnapshot) =>
  append(tx, { contestId: snapshot.contestId, kind: 'contest', key: String(snapshot.revision), userId: null, fact: snapshot })

/** One participant's facts of a contest, or everybody's; in no order. */
export async function listFacts(tx: Tx, contestId: string, userId: string | undefined): Promise<Fact[]> {
  const { rows } = await tx.query<{ fact: Fact }>(
    userId === undefined ? 'select fact from log where contest_id = $1 and user_id is not null' : 'select fact from log where contest_id = $1 and user_id = $2',
    userId === undefined ? [contestId] : [contestId, userId],
  )
  return rows.map((row) => row.fact)
}

export async function findNewestSnapshot(tx: Tx, contestId: string): Promise<ContestSnapshot | undefined> {
  const { rows } = await tx.query<{ fact: ContestSnapshot }>(
    `select fact from log where contest_id = $1 and kind = 'contest' order by fact_key::bigint desc limit 1`,
    [contestId],
  )
  return rows[0]?.fact
}

export async function listRows(tx: Tx, contestId: string, userId: string | undefined): Promise<KeptRow[]> {
  const { rows } = await tx.query<RowRecord>(
    `select user_id, public_row, full_row from board_rows where contest_id = $1 ${userId === undefined ? '' : 'and user_id = $2'}`,
    userId === undefined ? [contestId] : [contestId, userId],
  )
  return rows.map(rowOf)
}

export async function saveRows(tx: Tx, contestId: string, rows: readonly KeptRow[], version: number): Promise<void> {
  await tx.query(
    `insert into board_rows (contest_id, user_id, public_row, full_row, version)
     select $1, "userId", "publicRow", "fullRow", $3 from jsonb_to_recordset($2::jsonb) as t("userId" uuid, "publicRow" jsonb, "fullRow" jsonb)
     on conflict (contest_id, user_id) do update set public_row = excluded.public_row, full_row = excluded.full_row, version = excluded.version`,
    [contestId, JSON.stringify(rows), version],
  )
}
export async function deleteRows(tx: Tx, contestId: string, userIds: readonly string[]): Promise<void> {
  await tx.query('delete from board_rows where contest_id = $1 and user_id = any($2::uuid[])', [contestId, userIds])
}

export async function saveContest(tx: Tx, contest: KeptContest, nextTurnAt: Instant | undefined): Promise<void> {
  await tx.query(
    `update contests set snapshot = $2::jsonb, snapshot_revision = $3, phase = $4, next_turn_at = $5, version = $6, public_revision = $7
     where contest_id = $1`,
    [
      contest.contestId,
      contest.snapshot === undefined ? null : JSON.stringify(contest.snapshot),
      contest.snapshot?.revision ?? -1,
      contest.phase,
      nextTurnAt === undefined ? null : toDate(nextTurnAt),
      contest.version,
      contest.publicRevision,
    ],
  )
}
/** Just the counters: the usual case, when one row moved. */
export async function saveRevisions(tx: Tx, contest: KeptContest): Promise<void> {
  await tx.query('update contests set version = $2, public_revision = $3 where contest_id = $1', [contest.contestId, contest.version, contest.publicRevision])
}
export async function touchRow(tx: Tx, contestId: string, userId: string, version: number): Promise<void> {
  await tx.query('update board_rows set version = $3 where contest_id = $1 and user_id = $2', [contestId, userId, version])
}

export async function listTurning(db: Queryable, now: Instant): Promise<string[]> {
  const { rows } = await db.query<{ contest_id: string }>('select contest_id from contests where next_turn_at <= $1 order by next_turn_at limit 100', [
    toDate(now),
  ])
  return rows.map((row) => row.contest_id)
}
export async function listUnpushed(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ contest_id: string }>('select contest_id from contests where pushed_revision < public_revision limit 200')
  return rows.map((row) => row.contest_id)
}
/** @returns false when another replica has pushed from there already. */
export async function claimPush(db: Queryable, contestId: string, step: { previous: number; revision: number }): Promise<boolean> {
  const { rowCount } = await db.query('update contests set pushed_revision = $3 where contest_id = $1 and pushed_revision = $2', [
    contestId,
    step.previous,
    step.revision,
  ])
  return rowCount === 1
}

export async function listContestIds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ contest_id: string }>('select contest_id from contests where snapshot is not null order by contest_id')
  return rows.map((row) => row.contest_id)
}
export async function listContestsOf(tx: Tx, userId: string): Promise<string[]> {
  const { rows } = await tx.query<{ contest_id: string }>('select contest_id from board_rows where user_id = $1 order by contest_id', [userId])
  return rows.map((row) => row.contest_id)
}

/** Before the contest's lock, always: a user's new name and a new row of that user wait for each other, so that neither misses the other. */
export async function lockUser(tx: Tx, userId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [userId])
}

/** @returns false when what is kept is as new, or says the same. */
export async function keepUser(tx: Tx, user: UserSnapshot): Promise<boolean> {
  const before = await tx.query<{ name: string; school: string }>('select name, school from users where user_id = $1 for update', [user.userId])
  const { rowCount } = await tx.query(
    `insert into users (user_id, revision, name, school) values ($1, $2, $3, $4)
     on conflict (user_id) do update set revision = excluded.revision, name = excluded.name, school = excluded.school where users.revision < excluded.revision`,
    [user.userId, user.revision, user.name, user.school],
  )
  const known = before.rows[0]
  return rowCount === 1 && !(known?.name === user.name && known.school === user.school)
}

/**
 * A contest with the rows changed since `version` (−1: all), of one moment: a single statement sees a single snapshot of the database, so that the rows
 * are those of the revision that comes with them.
 */
export async function loadBoard(db: Queryable, contestId: string, version: number): Promise<{ contest: KeptContest; rows: NamedRow[] } | undefined> {
  const { rows } = await db.query<ContestRecord & { changed: NamedRow[] | null }>(
    `select ${contestColumns}, (
       select json_agg(json_build_object('userId', r.user_id, 'publicRow', r.public_row, 'fullRow', r.full_row,
                                         'name', coalesce(u.name, ''), 'school', coalesce(u.school, '')))
       from board_rows r left join users u using (user_id)
       where r.contest_id = $1 and r.version > $2
     ) as changed
     from contests where contest_id = $1`,
    [contestId, version],
  )
  const record = rows[0]
  return record && { contest: contestOf(record), rows: record.changed ?? [] }
}
