import Type, { type Static } from 'typebox'
import { Digest, Id, type Lane, Verdict } from './common.ts'
import { Points } from './judging.ts'
import { event } from './route.ts'
import { runQueued } from './runs.ts'
import { laneTopic, Stages, TestResult } from './submission.ts'
import { verificationQueued } from './verification.ts'

const Judged = Type.Object({
  type: Type.Literal('judged'),
  verdict: Verdict,
  score: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Where the problem has points of its own. */
  points: Type.Optional(Points),
  cpuMs: Type.Integer(),
  wallMs: Type.Integer(),
  memoryBytes: Type.Integer(),
  tests: Type.Array(TestResult),
  compileLog: Type.Union([Type.String(), Type.Null()]),
  /** What a later judge needs to reproduce this verdict. */
  provenance: Type.Object({ problemVersion: Type.Integer(), dataDigest: Digest, toolchain: Type.String(), checker: Type.String(), sandbox: Type.String() }),
  stages: Stages,
})
const Fault = Type.Object({ type: Type.Literal('fault'), whose: Type.Enum(['ours', 'setter']), reason: Type.String({ maxLength: 2000 }) })
export const EvaluationOutcome = Type.Union([Judged, Fault])
export type EvaluationOutcome = Static<typeof EvaluationOutcome>

/** The judge's answer to one job; the submission service fences it by (submission, attempt). */
export const evaluationFinished = event('evaluation.finished', 1, Type.Object({ submissionId: Id, attempt: Type.Integer(), outcome: EvaluationOutcome }))

/** The judge's answer to `verification.queued`; the first one for a solution counts. */
export const evaluationVerified = event('evaluation.verified', 1, Type.Object({ verificationId: Id, position: Type.Integer(), outcome: EvaluationOutcome }))

/** Broadcast, not durable: `test` of `of` is done (0: compiling). */
export const evaluationProgress = event(
  'evaluation.progress',
  1,
  Type.Object({
    submissionId: Id,
    attempt: Type.Integer(),
    userId: Id,
    contestId: Type.Union([Id, Type.Null()]),
    stage: Type.Enum(['compiling', 'running']),
    test: Type.Integer(),
    of: Type.Integer(),
  }),
)
export type EvaluationProgress = Static<typeof evaluationProgress.payload>

/** Broadcast every 5 s by each worker, and at once when it changes. `sandbox` null: programs wait, and why. */
export const evaluationStatus = event(
  'evaluation.status',
  1,
  Type.Object({
    workerId: Id,
    sandbox: Type.Union([Type.Enum(['native', 'docker']), Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()]),
    toolchains: Type.Record(Type.String(), Type.String()),
    /** Programs it judges at once at most, and now. */
    slots: Type.Optional(Type.Integer()),
    atWork: Type.Optional(Type.Integer()),
  }),
)
export type EvaluationStatus = Static<typeof evaluationStatus.payload>

const topicsOf = (lane: Lane): string[] =>
  lane === 'run' ? [runQueued.topic] : lane === 'rejudge' ? [laneTopic(lane), verificationQueued.topic] : [laneTopic(lane)]
export const laneQueue = (lane: Lane) => `evaluation.${lane}`
/**
 * The work queues, one a lane. Whoever publishes work declares them too, before the first job: what is published to no queue is in none.
 * A job at which the judge itself fails five times, or which is interrupted fifteen times, is a fault of ours; the deliveries beyond only make sure that
 * this is told (docs/adr/0035).
 */
export const evaluationQueues = (['quiz', 'contest', 'practice', 'run', 'rejudge'] as const).map((lane) => ({
  name: laneQueue(lane),
  topics: topicsOf(lane),
  maxAttempts: 30,
}))
