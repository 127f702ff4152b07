import type { Judging, ProblemSummary, ProblemTitle } from '#contracts/contest'
import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { StoredProblem } from './domain/problem.ts'
import type { Viewer } from './domain/visibility.ts'

/** All SQL on problems, their versions and their test data; rows are parsed on the way in. */
export type ProblemRow = {
  id: string
  owner_id: string
  title: string
  subject: string
  tags: string[]
  public: boolean
  statement: string
  content: StoredProblem['content']
  view: StoredProblem['view']
  warnings: string[]
  language: string | null
  translations: StoredProblem['translations']
  files: StoredProblem['files']
  version: number
  revision: number
  deleted: boolean
  updated_at: Date
}
export const columns =
  'id, owner_id, title, subject, tags, public, statement, content, view, warnings, language, translations, files, version, revision, deleted, updated_at'

export const problemOf = (row: ProblemRow): StoredProblem => ({
  id: row.id,
  ownerId: row.owner_id,
  title: row.title,
  subject: row.subject as StoredProblem['subject'],
  tags: row.tags,
  public: row.public,
  statement: row.statement,
  content: row.content,
  view: row.view,
  warnings: row.warnings,
  language: row.language,
  translations: row.translations,
  files: row.files,
  version: row.version,
  revision: row.revision,
  deleted: row.deleted,
  updatedAt: instantOf(row.updated_at),
})

/** Not the removed ones. */
export async function findProblem(db: Queryable, id: string): Promise<StoredProblem | undefined> {
  const { rows } = await db.query<ProblemRow>(`select ${columns} from problems where id = $1 and not deleted`, [id])
  return rows[0] && problemOf(rows[0])
}
/** Nobody else changes it, or puts it into a contest, until the transaction ends. */
export async function lockProblem(tx: Tx, id: string): Promise<StoredProblem | undefined> {
  const { rows } = await tx.query<ProblemRow>(`select ${columns} from problems where id = $1 and not deleted for update`, [id])
  return rows[0] && problemOf(rows[0])
}
/** Those of `ids` that are there; none is changed or removed until the transaction ends. Locked in id order, so that two callers cannot block each other. */
export async function lockProblemsForUse(tx: Tx, ids: readonly string[]): Promise<StoredProblem[]> {
  const { rows } = await tx.query<ProblemRow>(`select ${columns} from problems where id = any($1::uuid[]) and not deleted order by id for share`, [ids])
  return rows.map(problemOf)
}
/** As participants are shown them, in the contest's order: without source and tests, which may be hundreds of kilobytes and are read by each at the start. */
export async function listShownProblems(db: Queryable, contestId: string): Promise<StoredProblem[]> {
  const { rows } = await db.query<ProblemRow>(
    `select p.id, p.owner_id, p.title, p.subject, p.tags, p.public, '' as statement, p.view, p.warnings, p.language, p.translations, p.files, p.version, p.revision,
       p.deleted, p.updated_at, case when p.kind = 'program' then jsonb_set(p.content, '{tests}', '[]') else p.content end as content
     from contest_problems cp join problems p on p.id = cp.problem_id where cp.contest_id = $1 order by cp.position`,
    [contestId],
  )
  return rows.map(problemOf)
}

export async function insertProblem(tx: Tx, problem: StoredProblem): Promise<void> {
  await tx.query(
    `insert into problems (id, owner_id, kind, title, subject, tags, public, statement, content, view, warnings, version, revision, created_at, updated_at, language,
       translations, files)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17)`,
    valuesOf(problem),
  )
}
export async function updateProblem(tx: Tx, problem: StoredProblem): Promise<void> {
  await tx.query(
    `update problems set owner_id = $2, kind = $3, title = $4, subject = $5, tags = $6, public = $7, statement = $8, content = $9, view = $10,
       warnings = $11, version = $12, revision = $13, updated_at = $14, language = $15, translations = $16, files = $17, deleted = $18
     where id = $1`,
    [...valuesOf(problem), problem.deleted],
  )
}
const valuesOf = (p: StoredProblem) => [
  p.id,
  p.ownerId,
  p.content.kind,
  p.title,
  p.subject,
  p.tags,
  p.public,
  p.statement,
  JSON.stringify(p.content),
  JSON.stringify(p.view),
  p.warnings,
  p.version,
  p.revision,
  toDate(p.updatedAt),
  p.language,
  JSON.stringify(p.translations),
  JSON.stringify(p.files),
]

type NewVersion = { readonly problemId: string; readonly version: number; readonly judging: Judging; readonly now: Instant }
/** With the digests the judge may read from now on. */
export async function insertVersion(tx: Tx, { problemId, version, judging, now }: NewVersion): Promise<void> {
  await tx.query('insert into problem_versions (problem_id, version, judging, created_at) values ($1, $2, $3, $4)', [
    problemId,
    version,
    JSON.stringify(judging),
    toDate(now),
  ])
  const digests = [...new Set(blobsOf(judging))].sort()
  if (digests.length === 0) return
  await tx.query('insert into test_data (digest) select unnest($1::text[]) on conflict do nothing', [digests])
}
function blobsOf(judging: Judging): string[] {
  if (judging.kind !== 'program') return []
  const programs = [judging.checker, judging.interactor].flatMap((check) => check?.program.files ?? [])
  const authored = [...programs, ...Object.values(judging.graders ?? {}).flat()].map(({ digest }) => digest)
  return [...judging.tests.flatMap(({ input, output }) => [input, output]), ...authored]
}
/** Also of removed problems: what was submitted before is still judged. */
export async function findJudging(db: Queryable, problemId: string, version: number): Promise<Judging | undefined> {
  const { rows } = await db.query<{ judging: Judging }>('select judging from problem_versions where problem_id = $1 and version = $2', [problemId, version])
  return rows[0]?.judging
}
export async function isTestData(db: Queryable, digest: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from test_data where digest = $1', [digest])
  return rowCount === 1
}

type SummaryRow = Pick<ProblemRow, 'id' | 'owner_id' | 'title' | 'subject' | 'tags' | 'public' | 'version' | 'updated_at'> & { kind: ProblemSummary['kind'] }
export type ProblemsWanted = {
  readonly viewer: Viewer
  readonly query?: string | undefined
  readonly kind?: string | undefined
  readonly subject?: string | undefined
  readonly mine?: boolean | undefined
  readonly limit: number
  /** Ids are ordered by time: older than this one. */
  readonly before?: string | undefined
}
/** Newest first: public ones, a teacher's own, for admins all. */
export async function listProblems(db: Queryable, wanted: ProblemsWanted): Promise<ProblemSummary[]> {
  const { viewer, query, kind, subject, mine, limit, before } = wanted
  const { rows } = await db.query<SummaryRow>(
    `select id, owner_id, kind, title, subject, tags, public, version, updated_at from problems
     where not deleted and (public or $1::text = 'admin' or ($1::text = 'teacher' and owner_id = $2::uuid)) and (not $3::boolean or owner_id = $2::uuid)
       and ($4::text is null or strpos(lower(title), lower($4)) > 0 or lower($4) = any(tags))
       and ($5::text is null or kind = $5) and ($6::text is null or subject = $6) and ($7::uuid is null or id < $7)
     order by id desc limit $8`,
    [viewer.role, viewer.userId, mine ?? false, query || null, kind ?? null, subject ?? null, before ?? null, limit],
  )
  return rows.map(({ owner_id, subject, updated_at, ...row }) => ({
    ...row,
    ownerId: owner_id,
    subject: subject as ProblemSummary['subject'],
    updatedAt: updated_at.toISOString(),
  }))
}

/**
 * Titles of those that the viewer may know of: public ones, their own, and what a contest has shown them. Of a premium contest that is what they opened.
 */
export async function listTitles(db: Queryable, { ids, viewer, now }: { ids: readonly string[]; viewer: Viewer; now: Instant }): Promise<ProblemTitle[]> {
  const { rows } = await db.query<ProblemTitle>(
    `select id, title, subject, kind, public from problems p
     where id = any($1::uuid[]) and (public or owner_id = $2::uuid or $3::text = 'admin' or exists (
       select 1 from contest_problems cp join contests c on c.id = cp.contest_id join registrations r on r.contest_id = c.id and r.user_id = $2::uuid
       where cp.problem_id = p.id and r.started_at <= $4 and (not c.premium or r.opened_at is not null)))`,
    [ids, viewer.userId, viewer.role, toDate(now)],
  )
  return rows
}

/** Contests a problem is in, the archived ones too. */
export async function listUses(db: Queryable, problemId: string): Promise<{ contestId: string; title: string }[]> {
  const { rows } = await db.query<{ contestId: string; title: string }>(
    `select c.id as "contestId", c.title from contest_problems cp join contests c on c.id = cp.contest_id where cp.problem_id = $1 order by c.id`,
    [problemId],
  )
  return rows
}
