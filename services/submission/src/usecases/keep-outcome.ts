import type { evaluationFinished } from '#contracts/evaluation'
import type { EventPayload } from '#contracts/route'
import { submissionFaulted, submissionJudged } from '#contracts/submission'
import { toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { isHeld } from '../domain/view.ts'
import { insertJudgement, type JudgedSubmission, settleSubmission } from '../store.ts'
import { keepAside } from './feed-rejudgings.ts'

/**
 * Stores what the judge found and, in the same transaction, tells it. A result that was overtaken or told before changes nothing; one
 * of a judging aside is kept for its set (feed-rejudgings.ts).
 * @returns the submission it settled, undefined when it changed nothing.
 */
export async function keepOutcome(
  tx: Tx,
  finished: EventPayload<typeof evaluationFinished>,
  { outbox, clock }: Pick<Deps, 'outbox' | 'clock'>,
): Promise<JudgedSubmission | undefined> {
  const { submissionId, attempt, outcome } = finished
  const fence = { submissionId, attempt }
  const aside = async () => {
    await keepAside(tx, finished, { outbox, clock })
    return undefined
  }
  if (outcome.type === 'fault') {
    const settled = await settleSubmission(tx, fence, 'fault', outcome)
    if (!settled) return aside()
    await outbox.add(tx, submissionFaulted, {
      submissionId,
      attempt,
      userId: settled.userId,
      contestId: settled.contestId ?? null,
      problemId: settled.problemId,
      whose: outcome.whose,
      ...(settled.problemOwnerId === undefined ? {} : { problemOwnerId: settled.problemOwnerId }),
    })
    return settled
  }
  const settled = await settleSubmission(tx, fence, 'judged', undefined)
  if (!settled) return aside()
  const judgedAt = clock.now()
  await insertJudgement(tx, fence, outcome, judgedAt)
  await outbox.add(tx, submissionJudged, {
    submissionId,
    attempt,
    userId: settled.userId,
    contestId: settled.contestId ?? null,
    problemId: settled.problemId,
    label: settled.label ?? null,
    kind: settled.kind,
    verdict: outcome.verdict,
    score: outcome.score,
    ...(outcome.points && { points: outcome.points }),
    submittedAt: toIso(settled.submittedAt),
    judgedAt: toIso(judgedAt),
    held: isHeld(settled.contest, judgedAt),
  })
  return settled
}
