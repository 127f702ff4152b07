import type { ContestSnapshot, ProblemSnapshot, Registration } from '#contracts/contest'
import type { Submit } from '#contracts/submission'
import { type Instant, instantOf, toDate } from '#kernel/time'
import { LongTexts, type Queryable, type Tx } from '#ports/db'
import type { Judged, JudgementRow, SubmissionRow } from './domain/rows.ts'
import type { Accepted, ContestFacts, ProblemFacts, RegistrationFacts, SubmitFacts } from './domain/submit.ts'
import type { ContestView } from './domain/view.ts'
import { type ListFilter, listValues, listWhere } from './store-lists.ts'

// ---- the read model: the newest revision wins, in whatever order they come ------------------------------------------

export const keepContest = (tx: Tx, c: ContestSnapshot) =>
  tx.query(
    `insert into contests (id, revision, owner_id, timing, format, starts_at, ends_at, feedback, detail, archived, deleted, problems)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (id) do update set revision = excluded.revision, owner_id = excluded.owner_id, timing = excluded.timing, format = excluded.format,
       starts_at = excluded.starts_at, ends_at = excluded.ends_at, feedback = excluded.feedback, detail = excluded.detail,
       archived = excluded.archived, deleted = excluded.deleted, problems = excluded.problems
     where contests.revision < excluded.revision`,
    [
      ...[c.contestId, c.revision, c.ownerId, c.timing, c.format, c.startsAt, c.endsAt, c.feedback, c.detail ?? 'full'],
      ...[c.archived, c.deleted, JSON.stringify(c.problems)],
    ],
  )

export const keepProblem = (tx: Tx, p: ProblemSnapshot) =>
  tx.query(
    `insert into problems (id, revision, version, owner_id, kind, public, deleted, languages, source_bytes, option_ids, multiple)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (id) do update set revision = excluded.revision, version = excluded.version, owner_id = excluded.owner_id, kind = excluded.kind,
       public = excluded.public, deleted = excluded.deleted, languages = excluded.languages, source_bytes = excluded.source_bytes,
       option_ids = excluded.option_ids, multiple = excluded.multiple
     where problems.revision < excluded.revision`,
    [p.problemId, p.revision, p.version, p.ownerId, p.kind, p.public, p.deleted, p.languages, p.sourceBytes, p.optionIds, p.multiple],
  )

/** A participant's clock as it was told last: it moves when the contest's times do. */
export const keepRegistration = (tx: Tx, r: Registration, toldAt: string) =>
  tx.query(
    `insert into registrations (contest_id, user_id, started_at, ends_at, told_at) values ($1, $2, $3, $4, $5)
     on conflict (contest_id, user_id) do update set started_at = excluded.started_at, ends_at = excluded.ends_at, told_at = excluded.told_at
     where registrations.told_at <= excluded.told_at`,
    [r.contestId, r.userId, r.startedAt, r.endsAt, toldAt],
  )

// ---- accepting ------------------------------------------------------------------------------------------------------

type Asked = {
  readonly userId: string
  readonly draft: { readonly contestId?: string; readonly problemId: string }
  readonly idempotencyKey: string | undefined
}
export type Wanted = Asked & { readonly draft: Submit }
export type FactsRow = { readonly facts: Omit<SubmitFacts, 'judged'>; readonly existing: { readonly id: string; readonly bodyDigest: Uint8Array } | undefined }
type RawFacts = {
  contest: {
    id: string
    owner_id: string
    format: ContestSnapshot['format']
    starts_at: string | null
    ends_at: string | null
    archived: boolean
    deleted: boolean
    problems: ContestSnapshot['problems']
  } | null
  problem: {
    id: string
    version: number
    owner_id: string
    kind: ProblemFacts['kind']
    public: boolean
    deleted: boolean
    languages: string[] | null
    source_bytes: number
    option_ids: string[] | null
    multiple: boolean
  } | null
  registration: { started_at: string; ends_at: string | null } | null
  pending: string
  attempts: string
  existing_id: string | null
  body_digest: Uint8Array | null
}

/**
 * Two accepts of one user exclude each other, in every replica, so that the bounds on pending and attempts hold. Sorted: no deadlock.
 *
 * From here to the transaction's end the planner keeps to indexes. Plans are kept per connection, and one made while `submissions` had a page or two
 * would go on reading all of a table that grows by thousands a second, until the next ANALYZE: in a burst that was most of the database's work.
 */
export const lockUsers = (tx: Tx, userIds: readonly string[]) =>
  tx.query(
    `select set_config('enable_seqscan', 'off', true), pg_advisory_xact_lock(hashtextextended(u, 1)) from (select u from unnest($1::text[]) u order by u) sorted`,
    [[...new Set(userIds)].sort()],
  )

/** What each decision needs, in the order asked, in one round trip. A fault of ours does not count as an attempt. */
export async function factsFor(tx: Tx, wanted: readonly Asked[]): Promise<FactsRow[]> {
  const { rows } = await tx.query<RawFacts>(
    `select to_jsonb(c) as contest, to_jsonb(p) as problem, to_jsonb(r) as registration, e.id as existing_id, e.body_digest,
       (select count(*) from submissions s where s.user_id = w.user_id and s.status = 'queued') as pending,
       (select count(*) from submissions s where s.user_id = w.user_id and s.contest_id = w.contest_id and s.problem_id = w.problem_id and s.status <> 'fault') as attempts
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) with ordinality as w (user_id, contest_id, problem_id, key, n)
     left join contests c on c.id = w.contest_id
     left join problems p on p.id = w.problem_id
     left join registrations r on r.contest_id = w.contest_id and r.user_id = w.user_id
     left join submissions e on e.user_id = w.user_id and e.idempotency_key = w.key
     order by w.n`,
    [
      wanted.map((w) => w.userId),
      wanted.map((w) => w.draft.contestId ?? null),
      wanted.map((w) => w.draft.problemId),
      wanted.map((w) => w.idempotencyKey ?? null),
    ],
  )
  return rows.map((row) => ({
    facts: {
      contest: contestFacts(row),
      problem: problemFacts(row),
      registration: registrationFacts(row),
      pendingCount: Number(row.pending),
      attemptCount: Number(row.attempts),
    },
    existing: row.existing_id === null ? undefined : { id: row.existing_id, bodyDigest: row.body_digest ?? new Uint8Array() },
  }))
}

const instantFrom = (text: string | null): Instant | undefined => (text === null ? undefined : instantOf(new Date(text)))
const contestFacts = ({ contest: c }: RawFacts): ContestFacts | undefined =>
  c === null
    ? undefined
    : {
        id: c.id,
        ownerId: c.owner_id,
        format: c.format,
        startsAt: instantFrom(c.starts_at),
        endsAt: instantFrom(c.ends_at),
        isGone: c.archived || c.deleted,
        problems: c.problems,
      }
const problemFacts = ({ problem: p }: RawFacts): ProblemFacts | undefined =>
  p === null
    ? undefined
    : {
        id: p.id,
        version: p.version,
        ownerId: p.owner_id,
        kind: p.kind,
        isPublic: p.public,
        isDeleted: p.deleted,
        languages: p.languages ?? undefined,
        sourceBytes: p.source_bytes,
        optionIds: p.option_ids ?? [],
        multiple: p.multiple,
      }
const registrationFacts = ({ registration: r }: RawFacts): RegistrationFacts | undefined =>
  r === null ? undefined : { startedAt: instantOf(new Date(r.started_at)), endsAt: instantFrom(r.ends_at) }

export type NewRow = Wanted & { readonly id: string; readonly accepted: Accepted; readonly bodyDigest: Uint8Array; readonly submittedAt: Instant }

export async function insertSubmissions(tx: Tx, rows: readonly NewRow[]): Promise<void> {
  const column = <T>(pick: (row: NewRow) => T) => rows.map(pick)
  await tx.query(
    `insert into submissions (id, user_id, contest_id, problem_id, problem_version, kind, label, language, source, answer, lane, stop_at_first_failure,
       submitted_at, idempotency_key, body_digest, status)
     select u.*, 'queued' from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[],
       $11::text[], $12::boolean[], $13::timestamptz[], $14::text[], $15::bytea[]) u`,
    [
      column((r) => r.id),
      column((r) => r.userId),
      column((r) => r.draft.contestId ?? null),
      column((r) => r.draft.problemId),
      column((r) => r.accepted.problemVersion),
      column((r) => r.accepted.kind),
      column((r) => r.accepted.label),
      column((r) => ('source' in r.draft ? r.draft.language : null)),
      new LongTexts(column((r) => ('source' in r.draft ? r.draft.source : null))),
      column((r) => ('answer' in r.draft ? JSON.stringify(r.draft.answer) : null)),
      column((r) => r.accepted.lane),
      column((r) => r.accepted.stopAtFirstFailure),
      column((r) => toDate(r.submittedAt)),
      column((r) => r.idempotencyKey ?? null),
      column((r) => r.bodyDigest),
    ],
  )
}

// ---- judgements -----------------------------------------------------------------------------------------------------

export type JudgedSubmission = Pick<SubmissionRow, 'userId' | 'contestId' | 'problemId' | 'kind' | 'label' | 'submittedAt'> & {
  readonly contest: ContestView | undefined
  readonly problemOwnerId: string | undefined
}
type RawJudged = {
  user_id: string
  contest_id: string | null
  problem_id: string
  kind: SubmissionRow['kind']
  label: string | null
  submitted_at: Date
  timing: ContestView['timing'] | null
  feedback: ContestView['feedback'] | null
  detail: ContestView['detail'] | null
  ends_at: Date | null
}
type Fence = { readonly submissionId: string; readonly attempt: number }

/**
 * Moves a submission on, when `attempt` is still the one that counts and nothing final was said of it; a fault may still become a verdict (a dead letter
 * that was retried), never the other way round.
 * @returns undefined when a rejudge has overtaken this attempt or it was dealt with before; the caller drops it.
 */
export async function settleSubmission(
  tx: Tx,
  { submissionId, attempt }: Fence,
  status: 'judged' | 'fault',
  fault: SubmissionRow['fault'],
): Promise<JudgedSubmission | undefined> {
  const { rows } = await tx.query<RawJudged & { problem_owner: string | null }>(
    `update submissions s set status = $3, fault_whose = $4, fault_reason = $5
     from (select id, contest_id from submissions where id = $1) me left join contests c on c.id = me.contest_id
     where s.id = me.id and s.attempt = $2 and (s.status = 'queued' or (s.status = 'fault' and $3 = 'judged'))
     returning s.user_id, s.contest_id, s.problem_id, s.kind, s.label, s.submitted_at, c.timing, c.feedback, c.detail, c.ends_at,
       (select owner_id from problems p where p.id = s.problem_id) as problem_owner`,
    [submissionId, attempt, status, fault?.whose ?? null, fault?.reason ?? null],
  )
  const row = rows[0]
  if (!row) return undefined
  return {
    userId: row.user_id,
    contestId: row.contest_id ?? undefined,
    problemId: row.problem_id,
    problemOwnerId: row.problem_owner ?? undefined,
    kind: row.kind,
    label: row.label ?? undefined,
    submittedAt: instantOf(row.submitted_at),
    contest: contestView(row),
  }
}

export const insertJudgement = (tx: Tx, { submissionId, attempt }: Fence, j: Judged, judgedAt: Instant) =>
  tx.query(
    `insert into judgements (submission_id, attempt, verdict, score, cpu_ms, wall_ms, memory_bytes, tests, compile_log, provenance, stages, judged_at, points)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
    [
      submissionId,
      attempt,
      j.verdict,
      j.score,
      j.cpuMs,
      j.wallMs,
      j.memoryBytes,
      JSON.stringify(j.tests),
      j.compileLog,
      JSON.stringify(j.provenance),
      JSON.stringify(j.stages),
      toDate(judgedAt),
      j.points === undefined ? null : JSON.stringify(j.points),
    ],
  )

// ---- reading --------------------------------------------------------------------------------------------------------

export type Found = {
  readonly row: SubmissionRow
  readonly judgement: JudgementRow | undefined
  readonly contest: ContestView | undefined
  readonly contestOwnerId: string | undefined
  readonly problemOwnerId: string | undefined
}
type RawFound = RawJudged & {
  id: string
  problem_version: number
  language: string | null
  source: string | null
  answer: SubmissionRow['answer'] | null
  attempt: number
  status: SubmissionRow['status']
  contest_owner: string | null
  problem_owner: string | null
  fault_whose: 'ours' | 'setter' | null
  fault_reason: string | null
  verdict: JudgementRow['verdict'] | null
  score: number
  points: JudgementRow['points'] | null
  cpu_ms: number
  memory_bytes: string
  tests: JudgementRow['tests']
  compile_log: string | null
  stages: JudgementRow['stages']
  judged_at: Date
}
const lightColumns = `s.id, s.user_id, s.contest_id, s.problem_id, s.problem_version, s.kind, s.label, s.language, s.submitted_at, s.attempt, s.status, s.fault_whose,
  s.fault_reason, p.owner_id as problem_owner,
  c.timing, c.feedback, c.detail, c.ends_at, c.owner_id as contest_owner, j.verdict, j.score, j.points, j.cpu_ms, j.memory_bytes, j.tests, j.stages, j.judged_at`
const columns = `${lightColumns}, s.source, s.answer, j.compile_log`
const from = `submissions s left join contests c on c.id = s.contest_id left join problems p on p.id = s.problem_id
  left join judgements j on j.submission_id = s.id and j.attempt = s.attempt`

export async function findSubmission(db: Queryable, id: string): Promise<Found | undefined> {
  const { rows } = await db.query<RawFound>(`select ${columns} from ${from} where s.id = $1`, [id])
  return rows[0] && foundOf(rows[0])
}

/** What lists do not show and may be large (64 KB each, 200 in a list) stays where it is. */
const columnsOfLists = `${lightColumns}, null as source, null as answer, null as compile_log`

/** Newest first: ids are ordered by time. */
export async function listSubmissions(db: Queryable, filter: ListFilter): Promise<Found[]> {
  const { rows } = await db.query<RawFound>(`select ${columnsOfLists} from ${from} where ${listWhere} order by s.id desc limit $5`, listValues(filter))
  return rows.map(foundOf)
}

/** @returns undefined when this service knows no such contest. */
export async function findContestOwner(db: Queryable, contestId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ owner_id: string }>('select owner_id from contests where id = $1', [contestId])
  return rows[0]?.owner_id
}

/** What of its contest decides who may see what; undefined without one. */
export const contestView = (row: Pick<RawJudged, 'timing' | 'feedback' | 'detail' | 'ends_at'>): ContestView | undefined =>
  row.timing === null || row.feedback === null
    ? undefined
    : { timing: row.timing, feedback: row.feedback, detail: row.detail ?? 'full', endsAt: row.ends_at ? instantOf(row.ends_at) : undefined }

const foundOf = (row: RawFound): Found => ({
  row: {
    id: row.id,
    userId: row.user_id,
    contestId: row.contest_id ?? undefined,
    problemId: row.problem_id,
    problemVersion: row.problem_version,
    kind: row.kind,
    label: row.label ?? undefined,
    language: row.language ?? undefined,
    source: row.source ?? undefined,
    answer: row.answer ?? undefined,
    submittedAt: instantOf(row.submitted_at),
    attempt: row.attempt,
    status: row.status,
    fault: row.fault_whose === null ? undefined : { whose: row.fault_whose, reason: row.fault_reason ?? '' },
  },
  judgement:
    row.verdict === null
      ? undefined
      : {
          verdict: row.verdict,
          score: row.score,
          points: row.points ?? undefined,
          cpuMs: row.cpu_ms,
          memoryBytes: Number(row.memory_bytes),
          tests: row.tests,
          compileLog: row.compile_log ?? undefined,
          stages: row.stages,
          judgedAt: instantOf(row.judged_at),
        },
  contest: contestView(row),
  contestOwnerId: row.contest_owner ?? undefined,
  problemOwnerId: row.problem_owner ?? undefined,
})
