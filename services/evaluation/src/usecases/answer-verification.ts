import { type EvaluationOutcome, evaluationVerified } from '#contracts/evaluation'
import type { EvaluationJob } from '#contracts/submission'
import { type VerificationJob, verificationQueued } from '#contracts/verification'
import { parseIso } from '#kernel/time'
import { checker } from '#kit/validation'
import { type Delivery, Poison } from '#ports/bus'
import { type AnswerDeps, fault, outcomeOf, publishResult } from './answer-job.ts'

/**
 * One delivery of a package's own solution: judged as a submission would be, told to who asked. As with a run, one that waited too long is not begun, and a fault
 * of ours is told and not laid among the dead letters: whoever wants to know asks again.
 */
const checkJob = checker(verificationQueued.payload)

export async function answerVerification(deps: AnswerDeps, delivery: Delivery): Promise<void> {
  const checked = checkJob(delivery.envelope.payload)
  if (!checked.ok) throw new Poison(`not a verification: ${checked.error.where} ${checked.error.problem}`)
  const job = checked.value as VerificationJob
  const isLate = deps.clock.now() >= (parseIso(job.expiresAt) ?? 0)
  const outcome = isLate ? fault('ours', 'it waited too long for a judge') : await outcomeOf(deps, delivery, { job: jobOf(job), progress: () => undefined })
  delivery.signal.throwIfAborted()
  await tell(deps, job, outcome)
}

/** Nobody's submission: its id and user are read by nothing that judges. */
const jobOf = ({ verificationId, problemId, problemVersion, language, source, stopAtFirstFailure, expiresAt }: VerificationJob): EvaluationJob => ({
  submissionId: verificationId,
  attempt: 1,
  userId: verificationId,
  contestId: null,
  problemId,
  problemVersion,
  kind: 'program',
  lane: 'rejudge',
  stopAtFirstFailure,
  language,
  source,
  answer: null,
  submittedAt: expiresAt,
})

const tell = (deps: AnswerDeps, { verificationId, position }: VerificationJob, outcome: EvaluationOutcome) =>
  publishResult(deps, {
    name: `${verificationId} ${position} ${outcome.type}`,
    topic: evaluationVerified.topic,
    payload: { verificationId, position, outcome },
  })
