import type { evaluationFinished } from '#contracts/evaluation'
import type { EventPayload } from '#contracts/route'
import { submissionFaulted, submissionJudged } from '#contracts/submission'
import { toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { isHeld } from '../domain/view.ts'
import { insertJudgement, type JudgedSubmission, settleSubmission } from '../store.ts'

/**
 * Stores what the judge found and, in the same transaction, tells it. A result that was overtaken or told before changes nothing.
 * @returns the submission it settled, undefined when it changed nothing.
 */
export async function keepOutcome(
  tx: Tx,
  { submissionId, attempt, outcome }: EventPayload<typeof evaluationFinished>,
  { outbox, clock }: Pick<Deps, 'outbox' | 'clock'>,
): Promise<JudgedSubmission | undefined> {
  const fence = { submissionId, attempt }
  if (outcome.type === 'fault') {
    const settled = await settleSubmission(tx, fence, 'fault', outcome.whose)
    if (!settled) return undefined
    await outbox.add(tx, submissionFaulted, {
      submissionId,
      attempt,
      userId: settled.userId,
      contestId: settled.contestId ?? null,
      problemId: settled.problemId,
      whose: outcome.whose,
    })
    return settled
  }
  const settled = await settleSubmission(tx, fence, 'judged', null)
  if (!settled) return undefined
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
    submittedAt: toIso(settled.submittedAt),
    judgedAt: toIso(judgedAt),
    held: isHeld(settled.contest, judgedAt),
  })
  return settled
}
