import type { Contest, ContestSummary } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, toIso } from '#kernel/time'
import type { Caller, Deps } from '#kit/define-service'
import type { Queryable } from '#ports/db'
import { phaseAt } from '../domain/contest.ts'
import { contestAnswer, contestSummary } from '../domain/contest-view.ts'
import { publicView } from '../domain/problem.ts'
import { sightOfProblems, type Viewer } from '../domain/visibility.ts'
import type { Entitlements, EntryFailure } from '../entitlement.ts'
import { type ContestsWanted, findContest, listContests, listPlaces, type SeenContest } from '../store-contests.ts'
import { listShownProblems } from '../store-problems.ts'
import { openProblems } from './open-problems.ts'

type Needs = Pick<Deps, 'db' | 'clock'>
export type ContestAnswered = { contest: Contest; serverNow: string }
type Looking = { readonly viewer: Viewer | undefined; readonly now: Instant }

/** Services look as nobody. */
export const viewerOf = (caller: Caller | undefined): Viewer | undefined => (caller?.kind === 'user' ? caller : undefined)

/** A participant who is refused at the opening is told why. After the end the contest can be read by all, only its problems are left out. */
export async function readContest(
  deps: Needs & { readonly entitlements: Entitlements },
  { id, languages }: { readonly id: string; readonly languages: readonly string[] },
  caller: Caller | undefined,
): Promise<Result<ContestAnswered, ApiFailure<'CONTEST_NOT_FOUND'> | EntryFailure>> {
  const looking = { viewer: viewerOf(caller), now: deps.clock.now() }
  const seen = await findContest(deps.db, id, looking.viewer?.userId)
  if (!seen) return fail({ code: 'CONTEST_NOT_FOUND' })
  const opened = await openProblems(deps, seen, looking)
  if (!opened.ok && phaseAt(seen.contest, looking.now) !== 'ended') return opened
  return ok(await answerOf(deps.db, seen, { ...looking, languages, isOpen: opened.ok && opened.value }))
}

/** One that is known to be there, for its staff: nobody is asked whether they may. */
export async function seenBy(db: Queryable, id: string, { viewer, now }: Looking): Promise<ContestAnswered> {
  const seen = await findContest(db, id, viewer?.userId)
  if (!seen) throw new Error(`contest ${id} is gone within its own transaction`)
  return answerOf(db, seen, { viewer, now, isOpen: sightOfProblems(seen.contest, { viewer, registration: seen.registration, now }) === 'shown' })
}

type Answering = Looking & { readonly isOpen: boolean; readonly languages?: readonly string[] }
async function answerOf(db: Queryable, seen: SeenContest, { viewer, now, isOpen, languages = [] }: Answering): Promise<ContestAnswered> {
  const problems = isOpen ? await shownProblems(db, seen.contest.id, languages) : undefined
  return { contest: contestAnswer(contestSummary(seen, viewer, now), seen.contest, problems), serverNow: toIso(now) }
}

async function shownProblems(db: Queryable, contestId: string, languages: readonly string[]) {
  const places = await listPlaces(db, contestId)
  const problems = new Map((await listShownProblems(db, contestId)).map((problem) => [problem.id, problem]))
  return places.flatMap((place) => {
    const problem = problems.get(place.problemId)
    return problem ? [{ place, problem: publicView(problem, toIso(problem.updatedAt), languages) }] : []
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
