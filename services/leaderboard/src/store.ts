import type { ContestSnapshot } from '#contracts/contest'
import type { UserSnapshot } from '#contracts/user'
import { type Instant, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { Fact } from './domain/facts.ts'
import type { First, Firsts } from './domain/firsts.ts'
import type { ScoredRow, Totals } from './domain/format.ts'
import type { BoardPhase } from './domain/phase.ts'
import { wordsOf } from './domain/words.ts'

/** A contest as kept; `snapshot` is undefined while only facts have come. */
export type KeptContest = {
  readonly contestId: string
  readonly snapshot: ContestSnapshot | undefined
  readonly phase: BoardPhase
  readonly version: number
  readonly publicRevision: number
  readonly pushedRevision: number
  /** The public revision at which more than rows changed. */
  readonly frameRevision: number
  readonly epoch: number
  readonly firsts: Readonly<Record<BoardKind, Firsts>>
}
/** What everybody sees; what is behind the freeze. */
export type BoardKind = 'public' | 'full'
export type KeptRow = {
  readonly userId: string
  readonly publicRow: ScoredRow
  readonly fullRow: ScoredRow
  /** Of the last change that the public saw: of the row, and of each of its cells. */
  readonly publicRevision: number
  readonly cellRevisions: readonly number[]
}

type ContestRecord = {
  contest_id: string
  snapshot: ContestSnapshot | null
  phase: BoardPhase
  version: string
  public_revision: string
  pushed_revision: string
  frame_revision: string
  epoch: string
  firsts: Record<BoardKind, Firsts>
}
const contestColumns = 'contest_id, snapshot, phase, version, public_revision, pushed_revision, frame_revision, epoch, firsts'
const contestOf = (record: ContestRecord): KeptContest => ({
  contestId: record.contest_id,
  snapshot: record.snapshot ?? undefined,
  phase: record.phase,
  version: Number(record.version),
  publicRevision: Number(record.public_revision),
  pushedRevision: Number(record.pushed_revision),
  frameRevision: Number(record.frame_revision),
  epoch: Number(record.epoch),
  firsts: record.firsts,
})
type RowRecord = { user_id: string; public_row: ScoredRow; full_row: ScoredRow; public_revision: string; cell_revisions: number[] }
const rowOf = (record: RowRecord): KeptRow => ({
  userId: record.user_id,
  publicRow: record.public_row,
  fullRow: record.full_row,
  publicRevision: Number(record.public_revision),
  cellRevisions: record.cell_revisions,
})

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

const keyOf = (fact: Fact): string => {
  if (fact.kind === 'accepted') return fact.submissionId
  if (fact.kind === 'judged') return `${fact.submissionId}/${fact.attempt}`
  return `${fact.userId}/${fact.toldAt}/${fact.startedAt}`
}
/** One statement for all. @returns whose facts the log had not: each user once. */
export async function appendFacts(tx: Tx, contestId: string, facts: readonly Fact[]): Promise<string[]> {
  const { rows } = await tx.query<{ user_id: string }>(
    `insert into log (contest_id, kind, fact_key, user_id, fact)
     select $1, fact ->> 'kind', fact_key, (fact ->> 'userId')::uuid, fact from unnest($2::text[], $3::jsonb[]) as t (fact_key, fact)
     on conflict do nothing returning user_id`,
    [contestId, facts.map(keyOf), facts.map((fact) => JSON.stringify(fact))],
  )
  return [...new Set(rows.map((row) => row.user_id))]
}
/** @returns false when the log has this revision already. */
export async function appendSnapshot(tx: Tx, snapshot: ContestSnapshot): Promise<boolean> {
  const { rowCount } = await tx.query(`insert into log (contest_id, kind, fact_key, fact) values ($1, 'contest', $2, $3::jsonb) on conflict do nothing`, [
    snapshot.contestId,
    String(snapshot.revision),
    JSON.stringify(snapshot),
  ])
  return rowCount === 1
}

/** All facts of these users in a contest, in no order. */
export async function listFacts(tx: Queryable, contestId: string, userIds: readonly string[]): Promise<Fact[]> {
  const { rows } = await tx.query<{ fact: Fact }>('select fact from log where contest_id = $1 and user_id = any($2::uuid[])', [contestId, userIds])
  return rows.map((row) => row.fact)
}
/** Users who are registered, in order: nobody else has a row. */
export async function listParticipants(tx: Tx, contestId: string): Promise<string[]> {
  const { rows } = await tx.query<{ user_id: string }>(`select distinct user_id from log where contest_id = $1 and kind = 'registered' order by user_id`, [
    contestId,
  ])
  return rows.map((row) => row.user_id)
}

export async function findNewestSnapshot(tx: Queryable, contestId: string): Promise<ContestSnapshot | undefined> {
  const { rows } = await tx.query<{ fact: ContestSnapshot }>(
    `select fact from log where contest_id = $1 and kind = 'contest' order by fact_key::bigint desc limit 1`,
    [contestId],
  )
  return rows[0]?.fact
}

/** Those of these users. */
export async function listRows(tx: Tx, contestId: string, userIds: readonly string[]): Promise<KeptRow[]> {
  const { rows } = await tx.query<RowRecord>(
    `select user_id, public_row, full_row, public_revision, cell_revisions from board_rows
     where contest_id = $1 and user_id = any($2::uuid[])`,
    [contestId, userIds],
  )
  return rows.map(rowOf)
}

/** Totals of every row of the full board. */
export async function listTotals(db: Queryable, contestId: string): Promise<Map<string, Totals>> {
  const { rows } = await db.query<{ user_id: string; score: string; penalty: string; last_minute: string }>(
    `select user_id, full_row ->> 'score' as score, full_row ->> 'penalty' as penalty, full_row ->> 'lastMinute' as last_minute
     from board_rows where contest_id = $1`,
    [contestId],
  )
  return new Map(rows.map((row) => [row.user_id, { score: Number(row.score), penalty: Number(row.penalty), lastMinute: Number(row.last_minute) }]))
}
export async function listNames(db: Queryable, userIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ user_id: string; name: string }>('select user_id, name from users where user_id = any($1::uuid[])', [userIds])
  return new Map(rows.map((row) => [row.user_id, row.name]))
}

export async function saveRows(tx: Tx, contestId: string, rows: readonly KeptRow[], version: number): Promise<void> {
  await tx.query(
    `insert into board_rows (contest_id, user_id, public_row, full_row, version, public_revision, cell_revisions)
     select $1, "userId", "publicRow", "fullRow", $3, "publicRevision", "cellRevisions"
     from jsonb_to_recordset($2::jsonb) as t("userId" uuid, "publicRow" jsonb, "fullRow" jsonb, "publicRevision" bigint, "cellRevisions" jsonb)
     on conflict (contest_id, user_id) do update set public_row = excluded.public_row, full_row = excluded.full_row, version = excluded.version,
       public_revision = excluded.public_revision, cell_revisions = excluded.cell_revisions`,
    [contestId, JSON.stringify(rows), version],
  )
}

/** Looks at every row: for when a first was lost, or all rows are others. `problemIds` undefined: all. */
export async function findFirsts(tx: Tx, contestId: string, board: BoardKind, problemIds: readonly string[] | undefined): Promise<Firsts> {
  const { rows } = await tx.query<{ problem_id: string; first: First }>(
    `select distinct on (cell ->> 'problemId') cell ->> 'problemId' as problem_id, (cell -> 'solvedBy') || jsonb_build_object('userId', user_id) as first
     from board_rows, jsonb_array_elements(${board === 'public' ? 'public_row' : 'full_row'} -> 'cells') cell
     where contest_id = $1 and cell ? 'solvedBy' ${problemIds === undefined ? '' : "and cell ->> 'problemId' = any($2)"}
     order by cell ->> 'problemId', (cell -> 'solvedBy' ->> 'submittedAt')::bigint, cell -> 'solvedBy' ->> 'submissionId' collate "C"`,
    problemIds === undefined ? [contestId] : [contestId, problemIds],
  )
  return Object.fromEntries(rows.map((row) => [row.problem_id, row.first]))
}
/** Removes rows of others than these users. @returns what was removed. */
export async function deleteRowsBeside(tx: Tx, contestId: string, userIds: readonly string[]): Promise<KeptRow[]> {
  const { rows } = await tx.query<RowRecord>(
    `delete from board_rows r using (select user_id from board_rows where contest_id = $1 except select unnest($2::uuid[])) beside
     where r.contest_id = $1 and r.user_id = beside.user_id returning r.user_id, public_row, full_row, public_revision, cell_revisions`,
    [contestId, userIds],
  )
  return rows.map(rowOf)
}

export async function saveContest(tx: Tx, contest: KeptContest, nextTurnAt: Instant | undefined): Promise<void> {
  await tx.query(`update contests set snapshot = $2::jsonb, snapshot_revision = $3, phase = $4, next_turn_at = $5 where contest_id = $1`, [
    contest.contestId,
    contest.snapshot === undefined ? null : JSON.stringify(contest.snapshot),
    contest.snapshot?.revision ?? -1,
    contest.phase,
    nextTurnAt === undefined ? null : toDate(nextTurnAt),
  ])
  await saveRevisions(tx, contest, { withFirsts: true })
}
/** Just the counters: the usual case, when one row moved. */
export async function saveRevisions(tx: Tx, contest: KeptContest, { withFirsts }: { withFirsts: boolean }): Promise<void> {
  const { contestId, version, publicRevision, frameRevision, epoch, firsts } = contest
  await tx.query(
    `update contests set version = $2, public_revision = $3, frame_revision = $4, epoch = $5 ${withFirsts ? ', firsts = $6::jsonb' : ''} where contest_id = $1`,
    [contestId, version, publicRevision, frameRevision, epoch, ...(withFirsts ? [JSON.stringify(firsts)] : [])],
  )
}
/** The row shows another name now. */
export async function touchRow(tx: Tx, userId: string, { contestId, version, publicRevision }: KeptContest): Promise<void> {
  await tx.query('update board_rows set version = $3, public_revision = $4 where contest_id = $1 and user_id = $2', [
    contestId,
    userId,
    version,
    publicRevision,
  ])
}

/** How a contest came out; `hasPending`: a run of it has no verdict yet. */
export type Outcome = {
  readonly phase: BoardPhase
  readonly deleted: boolean
  readonly format: ContestSnapshot['format']
  readonly problemCount: number
  readonly version: number
  readonly publicRevision: number
  readonly hasPending: boolean
}
/** All of one moment. `settledAt`: a version at which nothing was pending, so that its rows need not be looked at again. */
export async function findOutcome(db: Queryable, contestId: string, settledAt: number | undefined): Promise<Outcome | undefined> {
  const { rows } = await db.query<Pick<ContestRecord, 'phase' | 'version' | 'public_revision'> & { snapshot: ContestSnapshot; has_pending: boolean }>(
    `select phase, version, public_revision, snapshot, case when version = $2 then false else exists (
       select 1 from board_rows where contest_id = $1 and full_row @? '$.cells[*].pending ? (@ > 0)'
     ) end as has_pending
     from contests where contest_id = $1 and snapshot is not null`,
    [contestId, settledAt ?? -1],
  )
  const [row] = rows
  return (
    row && {
      phase: row.phase,
      deleted: row.snapshot.deleted,
      format: row.snapshot.format,
      problemCount: row.snapshot.problems.length,
      version: Number(row.version),
      publicRevision: Number(row.public_revision),
      hasPending: row.has_pending,
    }
  )
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

/**
 * Before the contest's lock, always: a user's new name and a new row of that user wait for each other, so that neither misses the other.
 * In order of the ids, so that two who lock some of the same users do not wait for each other in a ring.
 */
export async function lockUsers(tx: Tx, userIds: readonly string[]): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended(u, 0)) from (select distinct u from unnest($1::text[]) u order by u) sorted', [userIds])
}

/** @returns false when what is kept is as new, or says the same. */
export async function keepUser(tx: Tx, user: UserSnapshot): Promise<boolean> {
  const before = await tx.query<{ name: string; school: string }>('select name, school from users where user_id = $1 for update', [user.userId])
  const { rowCount } = await tx.query(
    `insert into users (user_id, revision, name, school, name_words, school_words) values ($1, $2, $3, $4, $5, $6)
     on conflict (user_id) do update set revision = excluded.revision, name = excluded.name, school = excluded.school,
       name_words = excluded.name_words, school_words = excluded.school_words
     where users.revision < excluded.revision`,
    [user.userId, user.revision, user.name, user.school, wordsOf(user.name).join(' '), wordsOf(user.school).join(' ')],
  )
  const known = before.rows[0]
  return rowCount === 1 && !(known?.name === user.name && known.school === user.school)
}

/** One row as the one or the other board shows it. */
export type BoardEntry = { readonly userId: string; readonly version: number; readonly row: ScoredRow; readonly name: string; readonly school: string }
/** Behind this row, or behind all of this version, in order of (version, user). */
export type Place = { readonly version: number; readonly userId?: string }
/** Behind every user of its version. */
const lastOf = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * A contest with up to `limit` rows changed after `after`, in order of (version, user), of one moment: a single statement sees a single snapshot of the
 * database, so a page that is not full ends at exactly the contest's `version`. A row that changes while pages are read comes again at the end.
 */
export async function loadChanges(
  db: Queryable,
  contestId: string,
  { board, after, limit }: { board: BoardKind; after: Place; limit: number },
): Promise<{ contest: KeptContest; rows: BoardEntry[] } | undefined> {
  const { rows } = await db.query<ContestRecord & { changed: BoardEntry[] | null }>(
    `select ${contestColumns}, (
       select json_agg(json_build_object('userId', r.user_id, 'version', r.version, 'row', r.row, 'name', coalesce(u.name, ''), 'school', coalesce(u.school, '')))
       from (select user_id, version, ${board === 'public' ? 'public_row' : 'full_row'} as row from board_rows
             where contest_id = $1 and (version, user_id) > ($2::bigint, $3::uuid) order by version, user_id limit $4) r
       left join users u using (user_id)
     ) as changed
     from contests where contest_id = $1`,
    [contestId, after.version, after.userId ?? lastOf, limit],
  )
  const record = rows[0]
  return record && { contest: contestOf(record), rows: record.changed ?? [] }
}

export type UnpushedRow = { readonly row: ScoredRow; readonly revisions: readonly number[]; readonly name: string; readonly school: string }

/** A contest that has something to push, with up to `limit` rows that the public saw change since the last push; of one moment, as above. */
export async function loadUnpushed(db: Queryable, contestId: string, limit: number): Promise<{ contest: KeptContest; rows: UnpushedRow[] } | undefined> {
  const { rows } = await db.query<ContestRecord & { changed: UnpushedRow[] | null }>(
    `select ${contestColumns}, (
       select json_agg(json_build_object('row', r.public_row, 'revisions', r.cell_revisions, 'name', coalesce(u.name, ''), 'school', coalesce(u.school, '')))
       from (select user_id, public_row, cell_revisions from board_rows
             where contest_id = $1 and public_revision > c.pushed_revision and c.frame_revision <= c.pushed_revision limit $2) r
       left join users u using (user_id)
     ) as changed
     from contests c where contest_id = $1 and pushed_revision < public_revision`,
    [contestId, limit],
  )
  const record = rows[0]
  return record && { contest: contestOf(record), rows: record.changed ?? [] }
}
