import Type, { type Static } from 'typebox'
import { Id, TestVerdict, Verdict } from './common.ts'
import { event } from './route.ts'

/**
 * Whether a problem's own solutions get what its package says of them. They are judged like submissions and are none: nobody is ranked by them, and no list of
 * submissions has them (docs/adr/0049).
 */
export const VerificationState = Type.Enum(['none', 'running', 'verified', 'failed'])
export type VerificationState = Static<typeof VerificationState>

export const VerifiedSolution = Type.Object({
  /** Below `submissions`. */
  path: Type.String(),
  language: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum(['waiting', 'judged', 'fault', 'not-run']),
  /** Of `judged`. */
  verdict: Type.Optional(Verdict),
  score: Type.Optional(Type.Integer()),
  /** Thousandths of a point, where the problem has points. */
  milli: Type.Optional(Type.Integer()),
  /** Of its slowest test, and what it may take in its language. */
  cpuMs: Type.Optional(Type.Integer()),
  limitMs: Type.Optional(Type.Integer()),
  /** How many tests ended how. */
  tests: Type.Optional(Type.Array(Type.Object({ verdict: TestVerdict, count: Type.Integer() }))),
  /** Why there is no verdict. */
  reason: Type.Optional(Type.String()),
})
export type VerifiedSolution = Static<typeof VerifiedSolution>

/**
 * What is wrong with a solution, or with the package: a whole of another verdict, a test that ended as none may, one that must end so and did not, other points,
 * no verdict at all. `margin` and `not-run` are to be known and fail nothing.
 */
export const VerificationProblem = Type.Object({
  path: Type.String(),
  kind: Type.Enum(['verdict', 'permitted', 'required', 'score', 'fault', 'margin', 'not-run']),
  expected: Type.String(),
  got: Type.String(),
})
export type VerificationProblem = Static<typeof VerificationProblem>

export const Verification = Type.Object({
  state: VerificationState,
  /** Of the problem: what was found is true of that one only. */
  version: Type.Integer(),
  /** When it was asked for; absent: never. */
  at: Type.Optional(Type.String()),
  solutions: Type.Array(VerifiedSolution),
  /** Of those that the time limit is to let through. */
  slowestAcceptedMs: Type.Optional(Type.Integer()),
  /** Of those it is to stop. They are stopped there, so this is the least that they would take. */
  fastestTimeLimitMs: Type.Optional(Type.Integer()),
  problems: Type.Array(VerificationProblem),
})
export type Verification = Static<typeof Verification>

// ---- events ---------------------------------------------------------------------------------------------------------

/** Work for the judge, in the queue of the lane `rejudge`; answered by `evaluation.verified`. */
export const verificationQueued = event(
  'verification.queued',
  1,
  Type.Object({
    verificationId: Id,
    /** Which of its solutions. */
    position: Type.Integer({ minimum: 0 }),
    problemId: Id,
    problemVersion: Type.Integer(),
    language: Type.String({ maxLength: 20 }),
    source: Type.String(),
    /** As of a submission; false where every test must be seen. */
    stopAtFirstFailure: Type.Boolean(),
    /** Not begun later than this: nobody waits for it any more. ISO 8601 UTC */
    expiresAt: Type.String(),
  }),
)
export type VerificationJob = Static<typeof verificationQueued.payload>
