import type { Points } from '#contracts/judging'
import type { Rejudging, RejudgingFilter, RejudgingState } from '#contracts/rejudging'
import type { EvaluationJob, JudgedFact } from '#contracts/submission'
import { type Instant, instantOf, toDate, toIso } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { Side } from './domain/rejudging.ts'
import type { ContestView } from './domain/view.ts'
import { contestView } from './store.ts'

export type KeptRejudging = {
  readonly id: string
  readonly state: RejudgingState
  readonly filter: RejudgingFilter
  readonly reason: string
  readonly version: Rejudging['version']
  readonly contestId: string | undefined
  readonly problemId: string | undefined
  readonly contestOwnerId: string | undefined
  readonly problemOwnerId: string | undefined
  readonly madeBy: string
  readonly madeAt: Instant
  readonly endedAt: Instant | undefined
}
export type NewSet = Pick<KeptRejudging, 'id' | 'filter' | 'reason' | 'version' | 'madeBy' | 'madeAt'>

// ---- making ---------------------------------------------------------------------------------------------------------

export async function findOwners(
  db: Queryable,
  { contestId, problemId }: RejudgingFilter,
): Promise<{ contest: string | undefined; problem: string | undefined }> {
  const { rows } = await db.query<{ contest: string | null; problem: string | null }>(
    `select (select owner_id from contests where id = $1) as contest, (select owner_id from problems where id = $2) as problem`,
    [contestId ?? null, problemId ?? null],
  )
  return { contest: rows[0]?.contest ?? undefined, problem: rows[0]?.problem ?? undefined }
}

export type Candidate = { readonly submissionId: string; readonly isTaken: boolean }
/**
 * Settled submissions that fit, oldest first, locked: nobody puts them into another set meanwhile. `isTaken`: they are in one that is not ended.
 * @param limit one more than may be is enough to know that there are too many.
 */
export async function lockCandidates(tx: Tx, filter: RejudgingFilter, scope: 'any' | 'practice', limit: number): Promise<Candidate[]> {
  const verdicts = filter.verdicts?.filter((verdict) => verdict !== 'fault')
  const { rows } = await tx.query<{ id: string; is_taken: boolean }>(
    `select s.id, exists (select from rejudging_members m join rejudgings r on r.id = m.rejudging_id
       where m.submission_id = s.id and r.state in ('judging', 'ready')) as is_taken
     from submissions s left join judgements j on j.submission_id = s.id and j.attempt = s.attempt
     where s.status in ('judged', 'fault')
       and ($1::uuid is null or s.contest_id = $1) and ($2::uuid is null or s.problem_id = $2) and ($3::uuid is null or s.user_id = $3)
       and ($4::uuid[] is null or s.id = any($4)) and ($5::text[] is null or s.language = any($5))
       and ($6::text[] is null or (s.status = 'judged' and j.verdict = any($6)) or ($7 and s.status = 'fault'))
       and ($8::timestamptz is null or s.submitted_at >= $8) and ($9::timestamptz is null or s.submitted_at < $9)
       and ($10 or s.contest_id is null)
     order by s.id limit $11 for update of s`,
    [
      ...[filter.contestId ?? null, filter.problemId ?? null, filter.userId ?? null, filter.submissionIds ?? null, filter.languages ?? null],
      ...[verdicts ?? null, filter.verdicts?.includes('fault') ?? false, filter.from ?? null, filter.to ?? null, scope === 'any', limit],
    ],
  )
  return rows.map((row) => ({ submissionId: row.id, isTaken: row.is_taken }))
}

/** Each member gets the next attempt of its submission, and the version of the problem it is to be judged by. */
export async function insertRejudging(tx: Tx, set: NewSet, submissionIds: readonly string[]): Promise<void> {
  await tx.query(
    `insert into rejudgings (id, state, filter, reason, version, contest_id, problem_id, made_by, made_at) values ($1, 'judging', $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[set.id, JSON.stringify(set.filter), set.reason, set.version, set.filter.contestId ?? null, set.filter.problemId ?? null],
      ...[set.madeBy, toDate(set.madeAt)],
    ],
  )
  await tx.query(
    `with given as (
       update submissions s set last_attempt = s.last_attempt + 1 where s.id = any($2::uuid[])
       returning s.id, s.attempt as from_attempt, s.last_attempt as attempt, s.contest_id, s.problem_id, s.problem_version)
     insert into rejudging_members (rejudging_id, submission_id, from_attempt, attempt, problem_version)
     select $1, g.id, g.from_attempt, g.attempt, case when $3 = 'same' then g.problem_version else coalesce(
       case when g.contest_id is null then p.version else
         (select (place ->> 'version')::integer from jsonb_array_elements(c.problems) place where place ->> 'problemId' = g.problem_id::text) end,
       g.problem_version) end
     from given g left join contests c on c.id = g.contest_id left join problems p on p.id = g.problem_id`,
    [set.id, submissionIds, set.version],
  )
}

// ---- judging --------------------------------------------------------------------------------------------------------

/**
 * Takes up to `most` members that wait, for handing them to the judge with this transaction, while fewer than `window` are out.
 * One taker at a time a set (what the other would take, it takes the next time). By their places in the table: joined by id, the planner, who knows nothing of a new
 * set and takes it for one row, went through all of it once for each of them, fifteen seconds for ten thousand.
 */
export async function takeWaiting(tx: Tx, rejudgingId: string, { most, window }: { most: number; window: number }): Promise<EvaluationJob[]> {
  const { rows: lock } = await tx.query<{ got: boolean }>('select pg_try_advisory_xact_lock(hashtextextended($1, 2)) as got', [rejudgingId])
  if (!lock[0]?.got) return []
  const { rows } = await tx.query<RawJob>(
    `with taken as (
       update rejudging_members m set state = 'queued' where m.ctid = any(array(
         select ctid from rejudging_members where rejudging_id = $1 and state = 'waiting' and exists (select from rejudgings where id = $1 and state = 'judging')
         order by submission_id
         limit greatest(0, least($2::integer, $3::integer - (select count(*) from rejudging_members where rejudging_id = $1 and state = 'queued')::integer))
         for update))
       returning m.submission_id, m.attempt, m.problem_version)
     select t.submission_id, t.attempt, t.problem_version, s.user_id, s.contest_id, s.problem_id, s.kind, s.stop_at_first_failure, s.language, s.source, s.answer, s.submitted_at
     from taken t join submissions s on s.id = t.submission_id`,
    [rejudgingId, most, window],
  )
  return rows.map((row) => ({
    submissionId: row.submission_id,
    attempt: row.attempt,
    userId: row.user_id,
    contestId: row.contest_id,
    problemId: row.problem_id,
    problemVersion: row.problem_version,
    kind: row.kind,
    lane: 'rejudge',
    stopAtFirstFailure: row.stop_at_first_failure,
    language: row.language,
    source: row.source,
    answer: row.answer,
    submittedAt: toIso(instantOf(row.submitted_at)),
  }))
}
type RawJob = {
  submission_id: string
  attempt: number
  problem_version: number
  user_id: string
  contest_id: string | null
  problem_id: string
  kind: EvaluationJob['kind']
  stop_at_first_failure: boolean
  language: string | null
  source: string | null
  answer: EvaluationJob['answer']
  submitted_at: Date
}

/**
 * The outcome of a judging aside. A fault may still become a verdict (a dead letter that was retried) while the set is not ended.
 * @returns the set; undefined when no set waits for this attempt: it was discarded, or told before.
 */
export async function settleMember(tx: Tx, fence: { submissionId: string; attempt: number }, state: 'judged' | 'fault'): Promise<string | undefined> {
  const { rows } = await tx.query<{ rejudging_id: string }>(
    `update rejudging_members m set state = $3 from rejudgings r
     where m.submission_id = $1 and m.attempt = $2 and r.id = m.rejudging_id and r.state in ('judging', 'ready')
       and (m.state in ('waiting', 'queued') or (m.state = 'fault' and $3 = 'judged'))
     returning m.rejudging_id`,
    [fence.submissionId, fence.attempt, state],
  )
  return rows[0]?.rejudging_id
}

/** Two last outcomes at once do not see each other; then the next look finds it. */
export const closeWhenDone = (tx: Queryable, rejudgingId: string) =>
  tx.query(
    `update rejudgings set state = 'ready' where id = $1 and state = 'judging'
     and not exists (select from rejudging_members where rejudging_id = $1 and state = 'waiting')
     and not exists (select from rejudging_members where rejudging_id = $1 and state = 'queued')`,
    [rejudgingId],
  )

export async function listUnderWay(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(`select id from rejudgings where state = 'judging' order by id`)
  return rows.map(({ id }) => id)
}

// ---- ending ---------------------------------------------------------------------------------------------------------

export type Pair = {
  readonly fact: Omit<JudgedFact, 'held'>
  readonly contest: ContestView | undefined
  readonly language: string | undefined
  readonly before: Side
  readonly after: Side
}
type Asked = { readonly contestId?: string | undefined; readonly before?: string | undefined; readonly limit: number; readonly withLock?: boolean }
/** Members that were judged aside, before and after, newest submission first, whether the verdict changed or not; `withLock`: to be changed by this transaction. */
export async function listPairs(db: Queryable, rejudgingId: string, { contestId, before, limit, withLock }: Asked): Promise<Pair[]> {
  const { rows } = await db.query<RawPair>(
    `select s.id, s.user_id, s.contest_id, s.problem_id, s.label, s.kind, s.language, s.submitted_at, m.attempt,
       c.timing, c.feedback, c.detail, c.ends_at,
       b.verdict as before_verdict, b.score as before_score, b.points as before_points, a.verdict, a.score, a.points, a.judged_at
     from rejudging_members m join submissions s on s.id = m.submission_id left join contests c on c.id = s.contest_id
     join judgements a on a.submission_id = m.submission_id and a.attempt = m.attempt
     left join judgements b on b.submission_id = m.submission_id and b.attempt = m.from_attempt
     where m.rejudging_id = $1 and m.state = 'judged' and ($2::uuid is null or s.contest_id = $2) and ($3::uuid is null or s.id < $3)
     order by s.id desc limit $4 ${withLock ? 'for update of s' : ''}`,
    [rejudgingId, contestId ?? null, before ?? null, limit],
  )
  return rows.map(pairOf)
}
type RawPair = {
  id: string
  user_id: string
  contest_id: string | null
  problem_id: string
  label: string | null
  kind: JudgedFact['kind']
  language: string | null
  submitted_at: Date
  attempt: number
  timing: ContestView['timing'] | null
  feedback: ContestView['feedback'] | null
  detail: ContestView['detail'] | null
  ends_at: Date | null
  before_verdict: JudgedFact['verdict'] | null
  before_score: number | null
  before_points: Points | null
  verdict: JudgedFact['verdict']
  score: number
  points: Points | null
  judged_at: Date
}
const pairOf = (row: RawPair): Pair => ({
  fact: {
    submissionId: row.id,
    attempt: row.attempt,
    userId: row.user_id,
    contestId: row.contest_id,
    problemId: row.problem_id,
    label: row.label,
    kind: row.kind,
    verdict: row.verdict,
    score: row.score,
    ...(row.points && { points: row.points }),
    submittedAt: toIso(instantOf(row.submitted_at)),
    judgedAt: toIso(instantOf(row.judged_at)),
  },
  contest: contestView(row),
  language: row.language ?? undefined,
  before:
    row.before_verdict === null
      ? { verdict: 'fault', score: 0 }
      : { verdict: row.before_verdict, score: row.before_score ?? 0, ...(row.before_points && { points: row.before_points }) },
  after: { verdict: row.verdict, score: row.score, ...(row.points && { points: row.points }) },
})

/** Its judgings count from this transaction on. */
export const letCount = (tx: Tx, rejudgingId: string) =>
  tx.query(
    `update submissions s set attempt = m.attempt, problem_version = m.problem_version, status = 'judged', fault_whose = null
     from rejudging_members m where m.rejudging_id = $1 and m.state = 'judged' and s.id = m.submission_id and s.attempt < m.attempt`,
    [rejudgingId],
  )
export const endRejudging = (tx: Tx, id: string, ended: { state: 'applied' | 'discarded'; by: string; at: Instant }) =>
  tx.query('update rejudgings set state = $2, ended_by = $3, ended_at = $4 where id = $1', [id, ended.state, ended.by, toDate(ended.at)])

// ---- reading --------------------------------------------------------------------------------------------------------

const columns = `r.id, r.state, r.filter, r.reason, r.version, r.contest_id, r.problem_id, r.made_by, r.made_at, r.ended_at,
  c.owner_id as contest_owner, p.owner_id as problem_owner`
const from = 'rejudgings r left join contests c on c.id = r.contest_id left join problems p on p.id = r.problem_id'
type RawRejudging = {
  id: string
  state: RejudgingState
  filter: RejudgingFilter
  reason: string
  version: Rejudging['version']
  contest_id: string | null
  problem_id: string | null
  contest_owner: string | null
  problem_owner: string | null
  made_by: string
  made_at: Date
  ended_at: Date | null
}
const keptOf = (row: RawRejudging): KeptRejudging => ({
  id: row.id,
  state: row.state,
  filter: row.filter,
  reason: row.reason,
  version: row.version,
  contestId: row.contest_id ?? undefined,
  problemId: row.problem_id ?? undefined,
  contestOwnerId: row.contest_owner ?? undefined,
  problemOwnerId: row.problem_owner ?? undefined,
  madeBy: row.made_by,
  madeAt: instantOf(row.made_at),
  endedAt: row.ended_at ? instantOf(row.ended_at) : undefined,
})

export async function findRejudging(db: Queryable, id: string, options: { withLock?: boolean } = {}): Promise<KeptRejudging | undefined> {
  const { rows } = await db.query<RawRejudging>(`select ${columns} from ${from} where r.id = $1 ${options.withLock ? 'for update of r' : ''}`, [id])
  return rows[0] && keptOf(rows[0])
}

export type ListAsked = { readonly contestId?: string; readonly problemId?: string; readonly before?: string; readonly limit: number }
/** Newest first. `for` undefined: everybody's. */
export async function listRejudgings(db: Queryable, asked: ListAsked, forUser: string | undefined): Promise<KeptRejudging[]> {
  const { rows } = await db.query<RawRejudging>(
    `select ${columns} from ${from}
     where ($1::uuid is null or r.contest_id = $1) and ($2::uuid is null or r.problem_id = $2) and ($3::uuid is null or r.id < $3)
       and ($4::uuid is null or r.made_by = $4 or c.owner_id = $4 or (r.contest_id is null and p.owner_id = $4))
     order by r.id desc limit $5`,
    [asked.contestId ?? null, asked.problemId ?? null, asked.before ?? null, forUser ?? null, asked.limit],
  )
  return rows.map(keptOf)
}

export type Counts = { readonly total: number; readonly judged: number; readonly faults: number; readonly changed: number }
export async function countMembers(db: Queryable, rejudgingIds: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
  const { rows } = await db.query<{ rejudging_id: string; total: string; judged: string; faults: string; changed: string }>(
    `select m.rejudging_id, count(*) as total, count(*) filter (where m.state = 'judged') as judged, count(*) filter (where m.state = 'fault') as faults,
       count(*) filter (where m.state = 'judged' and (b.verdict, b.score, b.points) is distinct from (a.verdict, a.score, a.points)) as changed
     from rejudging_members m
     left join judgements a on a.submission_id = m.submission_id and a.attempt = m.attempt
     left join judgements b on b.submission_id = m.submission_id and b.attempt = m.from_attempt
     where m.rejudging_id = any($1::uuid[]) group by m.rejudging_id`,
    [rejudgingIds],
  )
  return new Map(
    rows.map((row) => [row.rejudging_id, { total: Number(row.total), judged: Number(row.judged), faults: Number(row.faults), changed: Number(row.changed) }]),
  )
}

export type JudgementOfOld = {
  readonly attempt: number
  readonly counts: boolean
  readonly verdict: JudgedFact['verdict']
  readonly score: number
  readonly points: Points | null
  readonly cpu_ms: number
  readonly memory_bytes: string
  readonly judged_at: Date
  readonly provenance: { problemVersion: number; dataDigest: string; toolchain: string; checker: string; sandbox: string }
  readonly rejudging_id: string | null
}
export async function listJudgements(db: Queryable, submissionId: string): Promise<JudgementOfOld[]> {
  const { rows } = await db.query<JudgementOfOld>(
    `select j.attempt, j.attempt = s.attempt as counts, j.verdict, j.score, j.points, j.cpu_ms, j.memory_bytes, j.judged_at, j.provenance, m.rejudging_id
     from judgements j join submissions s on s.id = j.submission_id
     left join rejudging_members m on m.submission_id = j.submission_id and m.attempt = j.attempt
     where j.submission_id = $1 order by j.attempt desc`,
    [submissionId],
  )
  return rows
}
