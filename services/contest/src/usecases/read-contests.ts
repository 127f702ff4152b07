import type { Contest, ContestSummary } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, toIso } from '#kernel/time'
import type { Caller, Deps } from '#kit/define-service'
import type { Queryable } from '#ports/db'
import { contestAnswer, contestSummary } from '../domain/contest-view.ts'
import { publicView } from '../domain/problem.ts'
import { maySeeProblems, type Viewer } from '../domain/visibility.ts'
import { type ContestsWanted, findContest, listContests, listPlaces } from '../store-contests.ts'
import { listShownProblems } from '../store-problems.ts'

type Needs = Pick<Deps, 'db' | 'clock'>
export type ContestAnswered = { contest: Contest; serverNow: string }
type Looking = { readonly viewer: Viewer | undefined; readonly now: Instant }

/** Services look as nobody. */
export const viewerOf = (caller: Caller | undefined): Viewer | undefined => (caller?.kind === 'user' ? caller : undefined)

export async function readContest(
  { db, clock }: Needs,
  id: string,
  caller: Caller | undefined,
): Promise<Result<ContestAnswered, ApiFailure<'CONTEST_NOT_FOUND'>>> {
  const found = await lookAt(db, id, { viewer: viewerOf(caller), now: clock.now() })
  return found ? ok(found) : fail({ code: 'CONTEST_NOT_FOUND' })
}

/** One that is known to be there. */
export async function seenBy(db: Queryable, id: string, looking: Looking): Promise<ContestAnswered> {
  const found = await lookAt(db, id, looking)
  if (!found) throw new Error(`contest ${id} is gone within its own transaction`)
  return found
}

async function lookAt(db: Queryable, id: string, { viewer, now }: Looking): Promise<ContestAnswered | undefined> {
  const seen = await findContest(db, id, viewer?.userId)
  if (!seen) return undefined
  const { contest, registration } = seen
  const problems = maySeeProblems(contest, { viewer, registration, now }) ? await shownProblems(db, id) : undefined
  return { contest: contestAnswer(contestSummary(seen, viewer, now), contest, problems), serverNow: toIso(now) }
}

async function shownProblems(db: Queryable, contestId: string) {
  const places = await listPlaces(db, contestId)
  const problems = new Map((await listShownProblems(db, contestId)).map((problem) => [problem.id, problem]))
  return places.flatMap((place) => {
    const problem = problems.get(place.problemId)
    return problem ? [{ place, problem: publicView(problem, toIso(problem.updatedAt)) }] : []
  })
}

type Listed = { contests: ContestSummary[]; serverNow: string; next?: string }
type Wanted = Omit<ContestsWanted, 'viewer' | 'limit' | 'now'> & { readonly limit?: number | undefined }
export async function readContests({ db, clock }: Needs, wanted: Wanted, caller: Caller | undefined): Promise<Result<Listed, never>> {
  const viewer = viewerOf(caller)
  const now = clock.now()
  const limit = wanted.limit ?? 100
  const found = await listContests(db, { ...wanted, viewer, now, limit: limit + 1 })
  const contests = found.slice(0, limit).map((seen) => contestSummary(seen, viewer, now))
  const last = contests.at(-1)
  return ok({ contests, serverNow: toIso(now), ...(found.length > limit && last ? { next: last.id } : {}) })
}
