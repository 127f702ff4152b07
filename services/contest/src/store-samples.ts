import type { Instant } from '#kernel/time'
import { toDate } from '#kernel/time'
import type { Queryable } from '#ports/db'
import type { StoredProblem } from './domain/problem.ts'
import { languageTag, sampleTag } from './domain/sample.ts'
import { columns, type ProblemRow, problemOf } from './store-problems.ts'

/**
 * $1 is now, $2 the tag. Not in a contest that is not over: one without an end never is, and an archived one may still be asking its participants.
 * Whether that is so is asked with every answer, so a sample that is put into a contest is none from that moment on.
 */
const isSample = `not deleted and public and kind in ('choice', 'numeric') and $2::text = any(tags)
  and not exists (select 1 from contest_problems cp join contests c on c.id = cp.contest_id
                  where cp.problem_id = p.id and (c.ends_at is null or c.ends_at > $1))`
const mostShown = 12

/** In the order they were made: by design, so that an author decides what comes first. */
export async function listSamples(db: Queryable, language: string, now: Instant): Promise<StoredProblem[]> {
  const { rows } = await db.query<ProblemRow>(
    `select ${columns} from problems p where ${isSample}
       and ($3::text = any(tags) or ($4::boolean and not exists (select 1 from unnest(tags) tag where tag like 'language-%')))
     order by id limit $5`,
    [toDate(now), sampleTag, languageTag(language), language === 'en', mostShown],
  )
  return rows.map(problemOf)
}

export async function findSample(db: Queryable, id: string, now: Instant): Promise<StoredProblem | undefined> {
  const { rows } = await db.query<ProblemRow>(`select ${columns} from problems p where ${isSample} and id = $3`, [toDate(now), sampleTag, id])
  return rows[0] && problemOf(rows[0])
}
