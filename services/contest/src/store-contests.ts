import type { ProblemKind } from '#contracts/common'
import type { Rules } from '#contracts/contest'
import type { VerificationState } from '#contracts/verification'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import { type Contest, freezeStart, type Place, type Registration } from './domain/contest.ts'
import type { DueMoment, Moment } from './domain/moments.ts'
import type { PlacedProblem } from './domain/snapshot.ts'
import type { Viewer } from './domain/visibility.ts'

/** All SQL on contests, their problems' places, participants and moments; rows are parsed on the way in. */
type ContestRow = {
  id: string
  owner_id: string
  revision: number
  title: string
  description: string
  description_html: string
  subject: string
  format: string
  timing: string
  starts_at: Date | null
  ends_at: Date | null
  duration_minutes: number | null
  rules: Rules
  premium: boolean
  archived: boolean
  has_submissions: boolean
  created_at: Date
}
const columns = `c.id, c.owner_id, c.revision, c.title, c.description, c.description_html, c.subject, c.format, c.timing, c.starts_at, c.ends_at,
  c.duration_minutes, c.rules, c.premium, c.archived, c.has_submissions, c.created_at`
const instantOrNull = (date: Date | null) => (date === null ? null : instantOf(date))
const dateOrNull = (at: Instant | null) => (at === null ? null : toDate(at))

const contestOf = (row: ContestRow): Contest => ({
  id: row.id,
  ownerId: row.owner_id,
  revision: row.revision,
  title: row.title,
  description: row.description,
  descriptionHtml: row.description_html,
  subject: row.subject as Contest['subject'],
  format: row.format as Contest['format'],
  timing: row.timing as Contest['timing'],
  startsAt: instantOrNull(row.starts_at),
  endsAt: instantOrNull(row.ends_at),
  durationMinutes: row.duration_minutes,
  rules: row.rules,
  premium: row.premium,
  archived: row.archived,
  hasSubmissions: row.has_submissions,
  createdAt: instantOf(row.created_at),
})

/** Nobody else changes it, and nobody joins, until the transaction ends. */
export async function lockContest(tx: Tx, id: string): Promise<Contest | undefined> {
  const { rows } = await tx.query<ContestRow>(`select ${columns} from contests c where id = $1 for update`, [id])
  return rows[0] && contestOf(rows[0])
}
/** Nobody changes it until the transaction ends; others may join at the same time. */
export async function lockContestForJoining(tx: Tx, id: string): Promise<Contest | undefined> {
  const { rows } = await tx.query<ContestRow>(`select ${columns} from contests c where id = $1 for share`, [id])
  return rows[0] && contestOf(rows[0])
}
/** In id order, so that two callers cannot block each other. */
export async function lockContestsWith(tx: Tx, problemId: string): Promise<Contest[]> {
  const { rows } = await tx.query<ContestRow>(
    `select ${columns} from contests c where id in (select contest_id from contest_problems where problem_id = $1) order by id for update`,
    [problemId],
  )
  return rows.map(contestOf)
}

/** A contest as seen by one user: with their registration and the two counts. */
export type SeenContest = {
  readonly contest: Contest
  readonly registration: Registration | undefined
  readonly problemCount: number
  readonly participantCount: number
}
type RegistrationRow = { joined_at: Date; started_at: Date; ends_at: Date | null; opened_at: Date | null }
const registrationOf = (userId: string, row: RegistrationRow): Registration => ({
  userId,
  joinedAt: instantOf(row.joined_at),
  startedAt: instantOf(row.started_at),
  endsAt: instantOrNull(row.ends_at),
  openedAt: instantOrNull(row.opened_at),
})
type Nullable<R> = { [Column in keyof R]: R[Column] | null }
type SeenRow = ContestRow & { problem_count: number; participant_count: number } & Nullable<Omit<RegistrationRow, 'ends_at'>> & { own_ends_at: Date | null }
const seenColumns = `${columns},
  (select count(*)::int from contest_problems where contest_id = c.id) as problem_count,
  (select count(*)::int from registrations where contest_id = c.id) as participant_count,
  r.joined_at, r.started_at, r.opened_at, r.ends_at as own_ends_at`
const seenFrom = 'contests c left join registrations r on r.contest_id = c.id and r.user_id = $1'
const seenOf = (row: SeenRow, userId: string | undefined): SeenContest => ({
  contest: contestOf(row),
  registration:
    userId !== undefined && row.joined_at && row.started_at
      ? registrationOf(userId, { joined_at: row.joined_at, started_at: row.started_at, ends_at: row.own_ends_at, opened_at: row.opened_at })
      : undefined,
  problemCount: row.problem_count,
  participantCount: row.participant_count,
})

export async function findContest(db: Queryable, id: string, userId: string | undefined): Promise<SeenContest | undefined> {
  const { rows } = await db.query<SeenRow>(`select ${seenColumns} from ${seenFrom} where c.id = $2`, [userId ?? null, id])
  return rows[0] && seenOf(rows[0], userId)
}
/** The contests a problem is in, as far as seeing it through them goes. */
export async function listContestsWith(db: Queryable, problemId: string, userId: string): Promise<SeenContest[]> {
  const { rows } = await db.query<SeenRow>(
    `select ${seenColumns} from ${seenFrom} where c.id in (select contest_id from contest_problems where problem_id = $2)`,
    [userId, problemId],
  )
  return rows.map((row) => seenOf(row, userId))
}

export type ContestsWanted = {
  readonly viewer: Viewer | undefined
  readonly subject?: string | undefined
  readonly phase?: string | undefined
  /** Owned, or joined. */
  readonly mine?: boolean | undefined
  readonly limit: number
  readonly before?: string | undefined
  readonly now: Instant
}
/** Newest start first. The phases are those of `phaseAt`, said in SQL so that pages are full; the test of lists holds the two together. */
export async function listContests(db: Queryable, { viewer, subject, phase, mine, limit, before, now }: ContestsWanted): Promise<SeenContest[]> {
  const { rows } = await db.query<SeenRow>(
    `select ${seenColumns} from ${seenFrom}
     where (not c.archived or $2::text = 'admin' or ($2::text = 'teacher' and c.owner_id = $1::uuid))
       and ($3::text is null or c.subject = $3)
       and (not $4::boolean or c.owner_id = $1::uuid or r.user_id is not null)
       and ($5::text is null or $5 = case
         when c.starts_at > $6 then 'scheduled' when c.ends_at <= $6 then 'ended' when c.freeze_at <= $6 then 'frozen' else 'running' end)
       and ($7::uuid is null or (c.listed_at, c.id) < (select listed_at, id from contests where id = $7))
     order by c.listed_at desc, c.id desc limit $8`,
    [viewer?.userId ?? null, viewer?.role ?? null, subject ?? null, mine ?? false, phase ?? null, toDate(now), before ?? null, limit],
  )
  return rows.map((row) => seenOf(row, viewer?.userId))
}

/** Inserts or replaces the contest and, when given, its problems. */
export async function saveContest(tx: Tx, contest: Contest, places?: readonly Place[]): Promise<void> {
  const c = contest
  await tx.query(
    `insert into contests (id, owner_id, revision, title, description, description_html, subject, format, timing, starts_at, ends_at, freeze_at,
       duration_minutes, rules, premium, archived, has_submissions, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
     on conflict (id) do update set revision = excluded.revision, title = excluded.title, description = excluded.description,
       description_html = excluded.description_html, subject = excluded.subject, format = excluded.format, timing = excluded.timing,
       starts_at = excluded.starts_at, ends_at = excluded.ends_at, freeze_at = excluded.freeze_at, duration_minutes = excluded.duration_minutes,
       rules = excluded.rules, premium = excluded.premium, archived = excluded.archived`,
    [
      ...[c.id, c.ownerId, c.revision, c.title, c.description, c.descriptionHtml, c.subject, c.format, c.timing],
      ...[dateOrNull(c.startsAt), dateOrNull(c.endsAt), dateOrNull(freezeStart(c)), c.durationMinutes, JSON.stringify(c.rules)],
      ...[c.premium, c.archived, c.hasSubmissions, toDate(c.createdAt)],
    ],
  )
  if (!places) return
  const { rows: pinned } = await tx.query<{ problem_id: string; version: number | null }>(
    'delete from contest_problems where contest_id = $1 returning problem_id, version',
    [c.id],
  )
  const versionOf = new Map(pinned.map((row) => [row.problem_id, row.version]))
  await tx.query(
    `insert into contest_problems (contest_id, position, problem_id, label, points, max_attempts, version)
     select $1, position, problem_id, label, points, max_attempts, version
     from unnest($2::uuid[], $3::text[], $4::int[], $5::int[], $6::int[]) with ordinality as t (problem_id, label, points, max_attempts, version, position)`,
    [
      ...[c.id, places.map((p) => p.problemId), places.map((p) => p.label), places.map((p) => p.points), places.map((p) => p.maxAttempts)],
      places.map((p) => versionOf.get(p.problemId) ?? null),
    ],
  )
}
/** From here on the contest judges by this version, whatever becomes of the problem. */
export async function pinVersion(tx: Tx, { contestId, problemId, version }: { contestId: string; problemId: string; version: number }): Promise<void> {
  await tx.query('update contest_problems set version = $3 where contest_id = $1 and problem_id = $2', [contestId, problemId, version])
}
/** Keeps the version that contests have by now which followed the newest; `old` is it. */
export async function keepVersion(tx: Tx, problemId: string, { contestIds, old }: { contestIds: readonly string[]; old: number }): Promise<void> {
  await tx.query('update contest_problems set version = $3 where problem_id = $1 and contest_id = any($2::uuid[]) and version is null', [
    problemId,
    contestIds,
    old,
  ])
}
export async function deleteContest(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from contests where id = $1', [id])
}
export async function markHasSubmissions(tx: Tx, contestId: string): Promise<void> {
  await tx.query('update contests set has_submissions = true where id = $1 and not has_submissions', [contestId])
}

export async function listPlaces(db: Queryable, contestId: string): Promise<PlacedProblem[]> {
  const { rows } = await db.query<{
    problem_id: string
    label: string
    points: number
    max_attempts: number | null
    version: number
    newest_version: number
    title: string
    kind: ProblemKind
    verification: VerificationState | null
  }>(
    `select cp.problem_id, cp.label, cp.points, cp.max_attempts, coalesce(cp.version, p.version) as version, p.version as newest_version, p.title, p.kind,
       case when exists (select from verifications any_of where any_of.problem_id = p.id) then coalesce(v.state, 'none') end as verification
     from contest_problems cp join problems p on p.id = cp.problem_id left join verifications v on v.problem_id = p.id and v.version = coalesce(cp.version, p.version)
     where cp.contest_id = $1 order by cp.position`,
    [contestId],
  )
  return rows.map(({ problem_id, max_attempts, newest_version, ...row }) => ({
    ...row,
    problemId: problem_id,
    maxAttempts: max_attempts,
    newestVersion: newest_version,
  }))
}

/** @returns false when the user had joined before: nothing changes then. */
export async function insertRegistration(tx: Tx, contestId: string, registration: Registration): Promise<boolean> {
  const { userId, joinedAt, startedAt, endsAt, openedAt } = registration
  const { rowCount } = await tx.query(
    'insert into registrations (contest_id, user_id, joined_at, started_at, ends_at, opened_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
    [contestId, userId, toDate(joinedAt), toDate(startedAt), dateOrNull(endsAt), dateOrNull(openedAt)],
  )
  return rowCount === 1
}
/** The first time counts. */
export async function markOpened(db: Queryable, contestId: string, { userId, now }: { userId: string; now: Instant }): Promise<void> {
  await db.query('update registrations set opened_at = $3 where contest_id = $1 and user_id = $2 and opened_at is null', [contestId, userId, toDate(now)])
}
export async function countRegistrations(db: Queryable, contestId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*)::int as count from registrations where contest_id = $1', [contestId])
  return rows[0]?.count ?? 0
}
export async function listRegistrations(db: Queryable, contestId: string): Promise<Registration[]> {
  const { rows } = await db.query<RegistrationRow & { user_id: string }>(
    'select user_id, joined_at, started_at, ends_at, opened_at from registrations where contest_id = $1 order by user_id',
    [contestId],
  )
  return rows.map((row) => registrationOf(row.user_id, row))
}
export async function updateRegistrations(tx: Tx, contestId: string, changed: readonly Registration[]): Promise<void> {
  await tx.query(
    `update registrations r set started_at = t.started_at, ends_at = t.ends_at
     from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as t (user_id, started_at, ends_at) where r.contest_id = $1 and r.user_id = t.user_id`,
    [contestId, changed.map((r) => r.userId), changed.map((r) => toDate(r.startedAt)), changed.map((r) => dateOrNull(r.endsAt))],
  )
}

/** Sets when each moment is due. One that was told and is moved will be told again; one that stays where it is, not. */
export async function saveMoments(tx: Tx, contestId: string, moments: readonly DueMoment[]): Promise<void> {
  const names = moments.map(({ moment }) => moment)
  await tx.query('delete from contest_moments where contest_id = $1 and moment <> all($2::text[])', [contestId, names])
  await tx.query(
    `insert into contest_moments (contest_id, moment, due_at) select $1, * from unnest($2::text[], $3::timestamptz[])
     on conflict (contest_id, moment) do update set due_at = excluded.due_at, done_at = null where contest_moments.due_at <> excluded.due_at`,
    [contestId, names, moments.map(({ dueAt }) => toDate(dueAt))],
  )
}
export type TakenMoment = DueMoment & { readonly contestId: string; readonly title: string; readonly archived: boolean }
/** Marks up to 100 due moments as done and hands them over, oldest first; other replicas get others. */
export async function takeDueMoments(tx: Tx, now: Instant): Promise<TakenMoment[]> {
  const { rows } = await tx.query<{ contest_id: string; moment: Moment; due_at: Date; title: string; archived: boolean }>(
    `with due as (
       select contest_id, moment from contest_moments where done_at is null and due_at <= $1 order by due_at limit 100 for update skip locked
     )
     update contest_moments m set done_at = $1 from due, contests c
     where m.contest_id = due.contest_id and m.moment = due.moment and c.id = m.contest_id
     returning m.contest_id, m.moment, m.due_at, c.title, c.archived`,
    [toDate(now)],
  )
  return rows
    .map((row) => ({ contestId: row.contest_id, moment: row.moment, dueAt: instantOf(row.due_at), title: row.title, archived: row.archived }))
    .sort((a, b) => a.dueAt - b.dueAt)
}
