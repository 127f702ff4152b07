import type { Monitor } from '#contracts/submission'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import * as store from '../store-monitor.ts'

/** Told one by one; the counts of problems are of all. */
const mostParticipants = 2_000
const mostAnswers = 10

/**
 * A contest as its teacher watches it: who tried what, what waits, what is answered wrongly. Facts alone: who counts as stuck, and after how long, is the
 * page's to say, so that two teachers may look at it differently. Nothing is held back by a freeze or by results after the end.
 */
export async function readMonitor(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  contestId: string,
  caller: UserCaller,
): Promise<Result<Monitor, { code: 'CONTEST_NOT_FOUND' | 'FORBIDDEN' }>> {
  const contest = await store.findMonitored(db, contestId)
  if (contest === undefined) return fail({ code: 'CONTEST_NOT_FOUND' })
  if (caller.role !== 'admin' && contest.ownerId !== caller.userId) return fail({ code: 'FORBIDDEN' })
  const { total, joined } = await store.listJoined(db, contestId, mostParticipants)
  const tried = await store.listTried(
    db,
    contestId,
    joined.map(({ userId }) => userId),
  )
  const counts = new Map((await store.countByProblem(db, contestId)).map((count) => [count.problemId, count]))
  const [answers, verdicts] = [await store.listAnswers(db, contestId, mostAnswers), await store.listVerdicts(db, contestId)]
  const waiting = await store.findWaiting(db, contestId)
  const cellsOf = Map.groupBy(tried, ({ userId }) => userId)
  return ok({
    contestId,
    total,
    participants: joined.map(({ userId, startedAt, endsAt }) => ({
      userId,
      startedAt: toIso(startedAt),
      ...(endsAt === undefined ? {} : { endsAt: toIso(endsAt) }),
      cells: (cellsOf.get(userId) ?? []).map(({ userId: _, lastAt, ...cell }) => ({ ...cell, lastAt: toIso(lastAt) })),
    })),
    problems: contest.problems.map(({ problemId, label, title, kind }) => ({
      ...(counts.get(problemId) ?? { tried: 0, solved: 0, pending: 0 }),
      problemId,
      label,
      title,
      kind,
      answers: answers.filter((each) => each.problemId === problemId).map(({ problemId: _, ...each }) => each),
      verdicts: verdicts.filter((each) => each.problemId === problemId).map(({ problemId: _, ...each }) => each),
    })),
    waiting: waitingOf(waiting),
    serverNow: toIso(clock.now()),
  })
}

const waitingOf = ({ count, since }: { readonly count: number; readonly since: Instant | undefined }) => ({
  count,
  ...(since === undefined ? {} : { since: toIso(since) }),
})
