import type { ProblemKind, Role, Verdict } from '#contracts/common'
import { type Instant, toDate } from '#kernel/time'
import type { Queryable } from '#ports/db'

/**
 * What a list may be narrowed by. A filter must tell no more than the list itself: a verdict that its participant may not see yet (`isHeld` of
 * domain/view.ts, here in SQL) fits no verdict, whatever it is.
 */
export type ListFilter = {
  readonly userId: string | undefined
  readonly contestId?: string | undefined
  readonly problemId?: string | undefined
  readonly verdict?: Verdict | undefined
  readonly language?: string | undefined
  readonly kind?: ProblemKind | undefined
  /** True: outside any contest. */
  readonly practice?: boolean | undefined
  /** From then on, and before then. */
  readonly from?: Instant | undefined
  readonly until?: Instant | undefined
  readonly before?: string | undefined
  readonly limit: number
  readonly viewer: { readonly userId: string; readonly role: Role }
  readonly now: Instant
}

const held = (now: string) => `(c.feedback is not distinct from 'after-end' and (c.ends_at is null or c.ends_at > ${now}))`
const isStaff = `($12::text = 'admin' or ($12::text = 'teacher' and c.owner_id = $13::uuid))`

/** Over `s`, `c` and `j` of store.ts; fourteen parameters, `listValues`, and the limit is the fifth. */
export const listWhere = `($1::uuid is null or s.user_id = $1) and ($2::uuid is null or s.contest_id = $2) and ($3::uuid is null or s.problem_id = $3)
  and ($4::uuid is null or s.id < $4) and ($6::text is null or (s.status = 'judged' and j.verdict = $6 and (${isStaff} or not ${held('$14::timestamptz')})))
  and ($7::text is null or s.language = $7) and ($8::text is null or s.kind = $8) and (not $9::boolean or s.contest_id is null)
  and ($10::timestamptz is null or s.submitted_at >= $10) and ($11::timestamptz is null or s.submitted_at < $11)`

export const listValues = (filter: ListFilter) => [
  filter.userId ?? null,
  filter.contestId ?? null,
  filter.problemId ?? null,
  filter.before ?? null,
  filter.limit,
  filter.verdict ?? null,
  filter.language ?? null,
  filter.kind ?? null,
  filter.practice ?? false,
  filter.from === undefined ? null : toDate(filter.from),
  filter.until === undefined ? null : toDate(filter.until),
  filter.viewer.role,
  filter.viewer.userId,
  toDate(filter.now),
]

export type Progress = { readonly solved: string[]; readonly tried: number; readonly submissions: number; readonly days: string[] }
/** What one has done, as far as one may know: what is held counts as tried, never as solved. The newest 1,000 solved problems; days of the last year. */
export async function findProgress(db: Queryable, userId: string, { now, offsetMinutes }: { now: Instant; offsetMinutes: number }): Promise<Progress> {
  const { rows } = await db.query<{ solved: string[]; tried: number; submissions: number; days: string[] }>(
    `select
       array(select s.problem_id from submissions s left join contests c on c.id = s.contest_id
             join judgements j on j.submission_id = s.id and j.attempt = s.attempt
             where s.user_id = $1 and s.status = 'judged' and j.verdict = 'AC' and not ${held('$2::timestamptz')}
             group by s.problem_id order by max(s.id::text) desc limit 1000) as solved,
       (select count(distinct problem_id)::int from submissions where user_id = $1) as tried,
       (select count(*)::int from submissions where user_id = $1) as submissions,
       array(select distinct to_char(submitted_at at time zone 'UTC' + make_interval(mins => $3::int), 'YYYY-MM-DD') as day from submissions
             where user_id = $1 and submitted_at > $2::timestamptz - interval '1 year' order by day desc) as days`,
    [userId, toDate(now), offsetMinutes],
  )
  return rows[0] ?? { solved: [], tried: 0, submissions: 0, days: [] }
}
