import type { ContestChange, NewContest } from '#contracts/contest'
import { contestPublished, contestUpdated, registrationChanged } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type Contest, clockFrom, hasStarted, type Place, type Registration } from '../domain/contest.ts'
import { momentsOf } from '../domain/moments.ts'
import { type ContestFields, planContest, planContestChange, planCopy } from '../domain/plan-contest.ts'
import { planPlaces } from '../domain/plan-places.ts'
import { contestSnapshot } from '../domain/snapshot.ts'
import { isStorable } from '../domain/storable.ts'
import { mayEdit, mayUseProblem, sightOfProblems, type Viewer } from '../domain/visibility.ts'
import {
  countRegistrations,
  deleteContest,
  findContest,
  listPlaces,
  listRegistrations,
  lockContest,
  saveContest,
  saveMoments,
  updateRegistrations,
} from '../store-contests.ts'
import { lockProblemsForUse } from '../store-problems.ts'
import { type ContestAnswered, seenBy } from './read-contests.ts'
import { notStorable } from './save-problem.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'ids' | 'outbox'>
type Answer<Code extends ApiFailure['code']> = Promise<Result<ContestAnswered, ApiFailure<Code | 'FORBIDDEN' | 'VALIDATION_FAILED'>>>
type PlacesCode = 'PROBLEM_NOT_FOUND' | 'PROBLEM_TWICE'

export async function createContest(deps: Needs, input: NewContest, caller: UserCaller): Answer<'TIMES_INVALID' | PlacesCode> {
  if (!isStorable(input)) return notStorable('body')
  return deps.db.transaction(async (tx) => {
    const fields = planContest(input, deps.clock.now())
    if (!fields.ok) return fields
    const places = planPlaces(input.problems, await usableKinds(tx, input.problems, { viewer: caller }))
    if (!places.ok) return places
    return ok(await publish(tx, { fields: fields.value, places: places.value, caller }, deps))
  })
}

/** Kinds of the problems that may go into the contest: the viewer's own, public ones, and those that are in it already. */
async function usableKinds(tx: Tx, inputs: readonly { problemId: string }[], { viewer, present = [] }: { viewer: Viewer; present?: readonly Place[] }) {
  const problems = await lockProblemsForUse(
    tx,
    inputs.map(({ problemId }) => problemId),
  )
  const isPresent = new Set(present.map(({ problemId }) => problemId))
  return new Map(problems.filter((problem) => isPresent.has(problem.id) || mayUseProblem(viewer, problem)).map(({ id, content }) => [id, content.kind]))
}

type Publishing = { readonly fields: ContestFields; readonly places: readonly Place[]; readonly caller: UserCaller }
async function publish(tx: Tx, { fields, places, caller }: Publishing, { ids, clock, outbox }: Needs): Promise<ContestAnswered> {
  const id = ids.next()
  const contest: Contest = { ...fields, id, ownerId: caller.userId, revision: 1, archived: false, hasSubmissions: false, createdAt: clock.now() }
  await saveContest(tx, contest, places)
  await saveMoments(tx, contest.id, momentsOf(contest))
  await outbox.add(tx, contestPublished, contestSnapshot(contest, await listPlaces(tx, contest.id)))
  return seenBy(tx, contest.id, { viewer: caller, now: clock.now() })
}

export async function changeContest(
  deps: Needs,
  id: string,
  change: ContestChange,
  caller: UserCaller,
): Answer<'CONTEST_NOT_FOUND' | 'TIMES_INVALID' | PlacesCode | 'CONTEST_HAS_STARTED'> {
  if (!isStorable(change)) return notStorable('body')
  return deps.db.transaction(async (tx) => {
    const found = editable(await lockContest(tx, id), caller)
    if (!found.ok) return found
    const old = found.value
    const now = deps.clock.now()
    const participants = await countRegistrations(tx, id)
    const isStarted = hasStarted(old, participants, now)
    const fields = planContestChange(old, change, { isStarted, hasParticipants: participants > 0, now })
    if (!fields.ok) return fields
    const places = await changedPlaces(tx, { id, change, isStarted, caller })
    if (!places.ok) return places
    const contest = { ...old, ...fields.value, revision: old.revision + 1 }
    await saveContest(tx, contest, places.value)
    await saveMoments(tx, id, momentsOf(contest))
    await deps.outbox.add(tx, contestUpdated, contestSnapshot(contest, await listPlaces(tx, id)))
    await moveClocks(tx, contest, deps)
    return ok(await seenBy(tx, id, { viewer: caller, now }))
  })
}

type PlacesChange = { readonly id: string; readonly change: ContestChange; readonly isStarted: boolean; readonly caller: UserCaller }
/** The whole new list, or undefined when it is not part of the change. A problem that was in it keeps what the change does not say. */
async function changedPlaces(
  tx: Tx,
  { id, change, isStarted, caller }: PlacesChange,
): Promise<Result<Place[] | undefined, ApiFailure<PlacesCode | 'CONTEST_HAS_STARTED'>>> {
  if (!change.problems) return ok(undefined)
  const present = await listPlaces(tx, id)
  const inputs = change.problems.map((input) => {
    const had = present.find(({ problemId }) => problemId === input.problemId)
    return had ? { label: had.label, points: had.points, ...(had.maxAttempts === null ? {} : { maxAttempts: had.maxAttempts }), ...input } : input
  })
  if (isStarted && present.some(({ problemId }) => !inputs.some((input) => input.problemId === problemId)))
    return fail({ code: 'CONTEST_HAS_STARTED', details: { field: 'problems' } })
  return planPlaces(inputs, await usableKinds(tx, inputs, { viewer: caller, present }))
}

/** Participants' own clocks follow the contest's. */
async function moveClocks(tx: Tx, contest: Contest, { outbox }: Needs): Promise<void> {
  const moved = (await listRegistrations(tx, contest.id)).flatMap((registration): Registration[] => {
    const clock = clockFrom(contest, registration.joinedAt)
    const isSame = clock.startedAt === registration.startedAt && clock.endsAt === registration.endsAt
    return isSame ? [] : [{ ...registration, ...clock }]
  })
  if (moved.length === 0) return
  await updateRegistrations(tx, contest.id, moved)
  await outbox.addAll(
    tx,
    moved.map((registration) => ({ topic: registrationChanged.topic, payload: registrationFact(contest.id, registration) })),
  )
}

export const registrationFact = (contestId: string, { userId, startedAt, endsAt }: Registration) => ({
  contestId,
  userId,
  startedAt: toIso(startedAt),
  endsAt: endsAt === null ? null : toIso(endsAt),
})

/** A contest with submissions is archived: its results are somebody's. */
export function removeContest(
  { db, outbox }: Needs,
  id: string,
  caller: UserCaller,
): Promise<Result<{ removed: 'deleted' | 'archived' }, ApiFailure<'CONTEST_NOT_FOUND' | 'FORBIDDEN'>>> {
  return db.transaction(async (tx) => {
    const found = editable(await lockContest(tx, id), caller)
    if (!found.ok) return found
    const places = await listPlaces(tx, id)
    if (found.value.hasSubmissions) {
      if (found.value.archived) return ok({ removed: 'archived' })
      const archived = { ...found.value, archived: true, revision: found.value.revision + 1 }
      await saveContest(tx, archived)
      await outbox.add(tx, contestUpdated, contestSnapshot(archived, places))
      return ok({ removed: 'archived' })
    }
    await deleteContest(tx, id)
    await outbox.add(tx, contestUpdated, contestSnapshot({ ...found.value, revision: found.value.revision + 1 }, places, true))
    return ok({ removed: 'deleted' })
  })
}

/** For who may see its problems. Problems that the copier may not use are left out (they belong to another teacher). */
export function copyContest(deps: Needs, id: string, caller: UserCaller): Answer<'CONTEST_NOT_FOUND'> {
  return deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const found = await findContest(tx, id, caller.userId)
    if (!found) return fail({ code: 'CONTEST_NOT_FOUND' })
    if (sightOfProblems(found.contest, { viewer: caller, registration: found.registration, now }) !== 'shown') return fail({ code: 'FORBIDDEN' })
    const present = await listPlaces(tx, id)
    const usable = await usableKinds(tx, present, { viewer: caller, present: mayEdit(caller, found.contest) ? present : [] })
    const places = present.filter(({ problemId }) => usable.has(problemId))
    return ok(await publish(tx, { fields: planCopy(found.contest, now), places, caller }, deps))
  })
}

/** Contests are known to everybody, so one that is not the caller's is a 403. */
function editable(contest: Contest | undefined, viewer: Viewer): Result<Contest, ApiFailure<'CONTEST_NOT_FOUND' | 'FORBIDDEN'>> {
  if (!contest) return fail({ code: 'CONTEST_NOT_FOUND' })
  return mayEdit(viewer, contest) ? ok(contest) : fail({ code: 'FORBIDDEN' })
}
