import type { ApiFailure } from '#contracts/errors'
import { type Judgement, largestRejudging, type MovedRow, type RejudgedSubmission, type Rejudging } from '#contracts/rejudging'
import { fail, ok, type Result } from '#kernel/result'
import { instantOf, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Queryable } from '#ports/db'
import { isChanged } from '../domain/rejudging.ts'
import { findSubmission } from '../store.ts'
import {
  type Counts,
  countMembers,
  findRejudging,
  type KeptRejudging,
  type ListAsked,
  listJudgements,
  listPairs,
  listRejudgings,
  type Pair,
} from '../store-rejudgings.ts'
import { audienceOf } from './read-submissions.ts'

const nobody: Counts = { total: 0, judged: 0, faults: 0, changed: 0 }

/** Who made it, the owner of its contest (without one, of its problem), and admins; to others it is not there. */
export const maySee = (set: KeptRejudging, { userId, role }: UserCaller): boolean =>
  role === 'admin' || (role === 'teacher' && (set.madeBy === userId || (set.contestId === undefined ? set.problemOwnerId : set.contestOwnerId) === userId))

const shown = (set: KeptRejudging, counts: Counts): Rejudging => ({
  id: set.id,
  state: set.state,
  filter: set.filter,
  reason: set.reason,
  version: set.version,
  madeBy: set.madeBy,
  madeAt: toIso(set.madeAt),
  ...(set.endedAt === undefined ? {} : { endedAt: toIso(set.endedAt) }),
  ...counts,
})

/** @throws when there is none: the caller has just made or changed it. */
export async function answerFor(db: Queryable, id: string): Promise<Rejudging> {
  const found = await findRejudging(db, id)
  if (!found) throw new Error(`the rejudging ${id} is gone`)
  return shown(found, (await countMembers(db, [id])).get(id) ?? nobody)
}

export async function readRejudgings({ db, clock }: Pick<Deps, 'db' | 'clock'>, query: Partial<ListAsked>, caller: UserCaller) {
  const limit = query.limit ?? 50
  const found = await listRejudgings(db, { ...query, limit }, caller.role === 'admin' ? undefined : caller.userId)
  const counts = await countMembers(
    db,
    found.map(({ id }) => id),
  )
  const last = found.length === limit ? found.at(-1) : undefined
  return ok({ rejudgings: found.map((set) => shown(set, counts.get(set.id) ?? nobody)), serverNow: toIso(clock.now()), ...(last ? { next: last.id } : {}) })
}

type NotFound = ApiFailure<'REJUDGING_NOT_FOUND'>
async function findFor(db: Queryable, id: string, caller: UserCaller): Promise<Result<KeptRejudging, NotFound>> {
  const found = await findRejudging(db, id)
  return found && maySee(found, caller) ? ok(found) : fail({ code: 'REJUDGING_NOT_FOUND' })
}

export async function readRejudging({ db, clock }: Pick<Deps, 'db' | 'clock'>, id: string, caller: UserCaller) {
  const found = await findFor(db, id, caller)
  return found.ok ? ok({ rejudging: await answerFor(db, id), serverNow: toIso(clock.now()) }) : found
}

/** Pages hold changes only; a page of unchanged ones is looked past. */
export async function readChanges({ db }: Pick<Deps, 'db'>, id: string, query: { limit?: number; before?: string }, caller: UserCaller) {
  const found = await findFor(db, id, caller)
  if (!found.ok) return found
  const limit = query.limit ?? 100
  const submissions: RejudgedSubmission[] = []
  let before = query.before
  for (;;) {
    const pairs = await listPairs(db, id, { before, limit: 500 })
    for (const pair of pairs) {
      if (!isChanged(pair.before, pair.after)) continue
      if (submissions.length === limit) return ok({ submissions, next: submissions.at(-1)?.submissionId ?? '' })
      submissions.push(changeOf(pair))
    }
    if (pairs.length < 500) return ok({ submissions })
    before = pairs.at(-1)?.fact.submissionId
  }
}

const changeOf = ({ fact, language, before, after }: Pair): RejudgedSubmission => ({
  submissionId: fact.submissionId,
  userId: fact.userId,
  ...(fact.contestId === null ? {} : { contestId: fact.contestId }),
  problemId: fact.problemId,
  ...(fact.label === null ? {} : { label: fact.label }),
  ...(language === undefined ? {} : { language }),
  submittedAt: fact.submittedAt,
  before: { ...before },
  after: { ...after },
})

/** Asks the leaderboard what its rows would be. After it was applied they are. */
export async function readBoardChange(
  { db, peers }: Pick<Deps, 'db' | 'peers'>,
  { id, contestId }: { id: string; contestId: string },
  caller: UserCaller,
): Promise<Result<{ rows: MovedRow[]; moved: number }, ApiFailure<'REJUDGING_NOT_FOUND' | 'BOARD_NOT_FOUND' | 'UNAVAILABLE'>>> {
  const found = await findFor(db, id, caller)
  if (!found.ok) return found
  if (found.value.state === 'applied') return ok({ rows: [], moved: 0 })
  const pairs = (await listPairs(db, id, { contestId, limit: largestRejudging })).filter(({ before, after }) => isChanged(before, after))
  if (pairs.length === 0) return ok({ rows: [], moved: 0 })
  const verdicts = pairs.map(({ fact }) => ({ ...fact, held: false }))
  const answer = await peers.call('POST /internal/board-preview/:contestId', { params: { contestId }, body: { verdicts } }, { deadlineMs: 20_000 })
  if (answer.ok) return answer
  return fail({ code: answer.error.code === 'BOARD_NOT_FOUND' ? 'BOARD_NOT_FOUND' : 'UNAVAILABLE' })
}

/** Every judging there was. Staff alone: what was held back or overtaken is told to no participant. */
export async function readJudgements(
  { db }: Pick<Deps, 'db'>,
  id: string,
  caller: UserCaller,
): Promise<Result<{ judgements: Judgement[] }, ApiFailure<'SUBMISSION_NOT_FOUND'>>> {
  const found = await findSubmission(db, id)
  if (!found || audienceOf(caller, found) !== 'staff') return fail({ code: 'SUBMISSION_NOT_FOUND' })
  const judgements = (await listJudgements(db, id)).map(
    (kept): Judgement => ({
      attempt: kept.attempt,
      counts: kept.counts,
      verdict: kept.verdict,
      score: kept.score,
      ...(kept.points ? { points: kept.points } : {}),
      cpuMs: kept.cpu_ms,
      memoryBytes: Number(kept.memory_bytes),
      judgedAt: toIso(instantOf(kept.judged_at)),
      ...(kept.rejudging_id === null ? {} : { rejudgingId: kept.rejudging_id }),
      provenance: kept.provenance,
    }),
  )
  return ok({ judgements })
}
