import type { JudgedFact } from '#contracts/submission'
import { instantIn, type Judged } from './facts.ts'

/** What the log keeps of a verdict that was told. */
export const judgedFactOf = ({ userId, submissionId, problemId, submittedAt, attempt, verdict, score, points }: JudgedFact): Judged => ({
  kind: 'judged',
  userId,
  submissionId,
  problemId,
  submittedAt: instantIn(submittedAt),
  attempt,
  verdict,
  score,
  ...(points && { points }),
})
