import type { Verdict } from '#contracts/common'
import type { Answer } from '#contracts/submission'
import { type Instant, instantOf } from '#kernel/time'
import type { Queryable } from '#ports/db'

/** What a lesson looks like from the teacher's desk. All of it by the index of one contest's submissions: it costs what was handed in there, nothing else. */

export type Joined = { readonly userId: string; readonly startedAt: Instant; readonly endsAt: Instant | undefined }
/** In the order their clocks began, and how many there are in all. */
export async function listJoined(db: Queryable, contestId: string, limit: number): Promise<{ total: number; joined: Joined[] }> {
  const { rows } = await db.query<{ user_id: string; started_at: Date; ends_at: Date | null; total: number }>(
    `select user_id, started_at, ends_at, count(*) over ()::int as total from registrations where contest_id = $1 order by started_at, user_id limit $2`,
    [contestId, limit],
  )
  const joined = rows.map((row) => ({ userId: row.user_id, startedAt: instantOf(row.started_at), endsAt: row.ends_at ? instantOf(row.ends_at) : undefined }))
  return { total: rows[0]?.total ?? 0, joined }
}

export type TriedCell = {
  readonly userId: string
  readonly problemId: string
  readonly solved: boolean
  /** Judged and not accepted. */
  readonly wrong: number
  readonly pending: number
  readonly faults: number
  readonly lastAt: Instant
}
const judged = 'judgements j on j.submission_id = s.id and j.attempt = s.attempt'

/** Who tried what, of these users. */
export async function listTried(db: Queryable, contestId: string, userIds: readonly string[]): Promise<TriedCell[]> {
  const { rows } = await db.query<{ user_id: string; problem_id: string; solved: boolean; wrong: number; pending: number; faults: number; last_at: Date }>(
    `select s.user_id, s.problem_id, coalesce(bool_or(j.verdict = 'AC' and s.status = 'judged'), false) as solved,
       (count(*) filter (where s.status = 'judged' and j.verdict <> 'AC'))::int as wrong,
       (count(*) filter (where s.status = 'queued'))::int as pending,
       (count(*) filter (where s.status = 'fault'))::int as faults, max(s.submitted_at) as last_at
     from submissions s left join ${judged} where s.contest_id = $1 and s.user_id = any($2::uuid[]) group by s.user_id, s.problem_id`,
    [contestId, userIds],
  )
  return rows.map(({ user_id, problem_id, last_at, ...row }) => ({ ...row, userId: user_id, problemId: problem_id, lastAt: instantOf(last_at) }))
}

export type ProblemCount = { readonly problemId: string; readonly tried: number; readonly solved: number; readonly pending: number }
/** Over all participants, not only those listed. */
export async function countByProblem(db: Queryable, contestId: string): Promise<ProblemCount[]> {
  const { rows } = await db.query<{ problem_id: string; tried: number; solved: number; pending: number }>(
    `select s.problem_id, count(distinct s.user_id)::int as tried,
       (count(distinct s.user_id) filter (where s.status = 'judged' and j.verdict = 'AC'))::int as solved, (count(*) filter (where s.status = 'queued'))::int as pending
     from submissions s left join ${judged} where s.contest_id = $1 group by s.problem_id`,
    [contestId],
  )
  return rows.map(({ problem_id, ...row }) => ({ ...row, problemId: problem_id }))
}

export type GivenAnswer = { readonly problemId: string; readonly answer: Answer; readonly right: boolean; readonly count: number }
/** Answers to questions, the most frequent first, `most` a problem. The order of choices, and blanks around a number, make no other answer. */
export async function listAnswers(db: Queryable, contestId: string, most: number): Promise<GivenAnswer[]> {
  const { rows } = await db.query<{ problem_id: string; answer: Answer; right: boolean; count: number }>(
    `with given as (
       select s.problem_id, j.verdict = 'AC' as is_right,
         case when s.answer ? 'choices' then jsonb_build_object('choices', (select coalesce(jsonb_agg(c order by c), '[]') from jsonb_array_elements_text(s.answer -> 'choices') c))
              else jsonb_strip_nulls(jsonb_build_object('value', btrim(s.answer ->> 'value'), 'unit', btrim(s.answer ->> 'unit'))) end as answer
       from submissions s join ${judged} where s.contest_id = $1 and s.status = 'judged' and s.answer is not null
     ), counted as (
       select problem_id, answer, is_right, count(*)::int as count, row_number() over (partition by problem_id order by count(*) desc, answer::text) as place
       from given group by problem_id, answer, is_right
     )
     select problem_id, answer, is_right as right, count from counted where place <= $2 order by problem_id, place`,
    [contestId, most],
  )
  return rows.map(({ problem_id, ...row }) => ({ ...row, problemId: problem_id }))
}

export type GivenVerdict = { readonly problemId: string; readonly verdict: Verdict; readonly count: number }
/** Verdicts of programs. */
export async function listVerdicts(db: Queryable, contestId: string): Promise<GivenVerdict[]> {
  const { rows } = await db.query<{ problem_id: string; verdict: Verdict; count: number }>(
    `select s.problem_id, j.verdict, count(*)::int as count from submissions s join ${judged}
     where s.contest_id = $1 and s.status = 'judged' and s.kind = 'program' group by s.problem_id, j.verdict order by count desc, j.verdict`,
    [contestId],
  )
  return rows.map(({ problem_id, ...row }) => ({ ...row, problemId: problem_id }))
}

/** Handed in here and not judged yet, with the hand-in of the oldest. */
export async function findWaiting(db: Queryable, contestId: string): Promise<{ count: number; since: Instant | undefined }> {
  const { rows } = await db.query<{ count: number; since: Date | null }>(
    `select count(*)::int as count, min(submitted_at) as since from submissions where contest_id = $1 and status = 'queued'`,
    [contestId],
  )
  return { count: rows[0]?.count ?? 0, since: rows[0]?.since ? instantOf(rows[0].since) : undefined }
}

export type MonitoredContest = {
  readonly ownerId: string
  readonly problems: readonly { problemId: string; label: string; title: string; kind: 'choice' | 'numeric' | 'program' }[]
}
/** @returns undefined when this service knows no such contest, or it was deleted. */
export async function findMonitored(db: Queryable, contestId: string): Promise<MonitoredContest | undefined> {
  const { rows } = await db.query<{ owner_id: string; problems: MonitoredContest['problems'] }>(
    'select owner_id, problems from contests where id = $1 and not deleted',
    [contestId],
  )
  return rows[0] && { ownerId: rows[0].owner_id, problems: rows[0].problems }
}
