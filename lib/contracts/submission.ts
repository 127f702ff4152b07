import Type, { type Static } from 'typebox'
import { Closed, Id, Lane, ProblemKind, TestVerdict, Time, Verdict } from './common.ts'
import { Points } from './judging.ts'
import { event, routes } from './route.ts'

export const Answer = Type.Union([
  Closed({ choices: Type.Array(Type.String({ maxLength: 20 }), { maxItems: 20 }) }),
  Closed({ value: Type.String({ minLength: 1, maxLength: 100 }), unit: Type.Optional(Type.String({ maxLength: 30 })) }),
])
export type Answer = Static<typeof Answer>

const target = { contestId: Type.Optional(Id), problemId: Id }
/** 65,536 counts code points here; bytes are checked against the problem's own limit. */
export const Submit = Type.Union([
  Closed({ ...target, language: Type.String({ maxLength: 20 }), source: Type.String({ minLength: 1, maxLength: 65_536 }) }),
  Closed({ ...target, answer: Answer }),
])
export type Submit = Static<typeof Submit>

/** `held`: received, and shown only after the end (feedback `after-end`); nothing about it changes before. `fault`: ours or the setter's, never a verdict. */
export const SubmissionStatus = Type.Enum(['queued', 'running', 'judged', 'fault', 'held'])
export type SubmissionStatus = Static<typeof SubmissionStatus>

export const TestResult = Type.Object({
  index: Type.Integer(),
  sample: Type.Boolean(),
  verdict: TestVerdict,
  cpuMs: Type.Optional(Type.Integer()),
  wallMs: Type.Optional(Type.Integer()),
  memoryBytes: Type.Optional(Type.Integer()),
  /** Thousandths of a point, where the problem has points. */
  milli: Type.Optional(Type.Integer()),
  group: Type.Optional(Type.String()),
  /** For samples, and for staff: what the judge has to say. */
  detail: Type.Optional(Type.String()),
})
export type TestResult = Static<typeof TestResult>

/** Milliseconds per stage, of the judge's own clock. */
export const Stages = Type.Object({ fetchMs: Type.Integer(), compileMs: Type.Integer(), runMs: Type.Integer(), checkMs: Type.Integer() })

export const Submission = Type.Object({
  id: Id,
  contestId: Type.Optional(Id),
  problemId: Id,
  userId: Id,
  kind: ProblemKind,
  attempt: Type.Integer(),
  submittedAt: Type.String(),
  judgedAt: Type.Optional(Type.String()),
  status: SubmissionStatus,
  /** For staff: whose fault it is that it was not judged, and why. */
  fault: Type.Optional(Type.Object({ whose: Type.Enum(['ours', 'setter']), reason: Type.String() })),
  verdict: Type.Optional(Verdict),
  /** 0 to 100: the share of the problem's points. */
  score: Type.Optional(Type.Integer()),
  /** Where the problem has points of its own, with those of its subtasks. */
  points: Type.Optional(Points),
  language: Type.Optional(Type.String()),
  cpuMs: Type.Optional(Type.Integer()),
  memoryBytes: Type.Optional(Type.Integer()),
  tests: Type.Optional(Type.Array(TestResult)),
  compileLog: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
  answer: Type.Optional(Answer),
  stages: Type.Optional(Stages),
})
export type Submission = Static<typeof Submission>

/** What staff of a contest watch. A cell is a participant at a problem that they have tried. */
export const Monitor = Type.Object({
  contestId: Id,
  total: Type.Integer({ description: 'participants; at most 2,000 of them are told one by one, in the order they began' }),
  participants: Type.Array(
    Type.Object({
      userId: Id,
      startedAt: Type.String(),
      endsAt: Type.Optional(Type.String()),
      cells: Type.Array(
        Type.Object({
          problemId: Id,
          solved: Type.Boolean(),
          wrong: Type.Integer({ description: 'judged and not accepted' }),
          pending: Type.Integer(),
          faults: Type.Integer(),
          lastAt: Type.String({ description: 'of the last hand-in' }),
        }),
      ),
    }),
  ),
  problems: Type.Array(
    Type.Object({
      problemId: Id,
      label: Type.String(),
      title: Type.String(),
      kind: ProblemKind,
      /** Participants, over all of them. */
      tried: Type.Integer(),
      solved: Type.Integer(),
      pending: Type.Integer(),
      /** Of questions: the ten most frequent. */
      answers: Type.Array(Type.Object({ answer: Answer, right: Type.Boolean(), count: Type.Integer() })),
      /** Of programs. */
      verdicts: Type.Array(Type.Object({ verdict: Verdict, count: Type.Integer() })),
    }),
  ),
  /** Not judged yet, and since when the oldest waits. */
  waiting: Type.Object({ count: Type.Integer(), since: Type.Optional(Type.String()) }),
  serverNow: Type.String(),
})
export type Monitor = Static<typeof Monitor>

const Accepted = Type.Object({ id: Id, status: Type.Literal('queued') })

export const submissionRoutes = routes({
  'POST /api/submit': {
    summary: 'Hand in a program or an answer. After the 202 it is stored and will be judged; a retry with the same Idempotency-Key gives the same id',
    access: 'user',
    headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) }),
    body: Submit,
    bodyLimitBytes: 512 * 1024,
    ok: [202, Accepted],
    errors: [
      'CONTEST_NOT_FOUND',
      'PROBLEM_NOT_FOUND',
      'CONTEST_NOT_RUNNING',
      'NOT_REGISTERED',
      'TOO_MANY_PENDING',
      'NO_ATTEMPTS_LEFT',
      'IDEMPOTENCY_MISMATCH',
      'LANGUAGE_UNKNOWN',
      'LANGUAGE_NOT_INSTALLED',
      'ANSWER_KIND_MISMATCH',
      'ANSWER_UNREADABLE',
      'SOURCE_TOO_LARGE',
    ],
  },
  'GET /api/submissions': {
    summary: "Own submissions, newest first; staff of a contest and admins may ask for others'",
    access: 'user',
    query: Closed({
      contestId: Type.Optional(Id),
      problemId: Type.Optional(Id),
      userId: Type.Optional(Id),
      everybody: Type.Optional(Type.Boolean()),
      /** What the caller may not see yet fits no verdict. */
      verdict: Type.Optional(Verdict),
      language: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+#._-]{1,20}$' })),
      kind: Type.Optional(ProblemKind),
      practice: Type.Optional(Type.Boolean({ description: 'only what was handed in outside any contest' })),
      from: Type.Optional(Time),
      until: Type.Optional(Time),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      before: Type.Optional(Id),
    }),
    ok: [200, Type.Object({ submissions: Type.Array(Submission), serverNow: Type.String(), next: Type.Optional(Id) })],
    errors: ['CONTEST_NOT_FOUND'],
  },
  'GET /api/submissions/monitor/:contestId': {
    summary: "One's own contest as it goes: who tried what, who waits for a verdict, which answers are given. For its staff",
    access: 'teacher',
    params: Closed({ contestId: Id }),
    ok: [200, Monitor],
    errors: ['CONTEST_NOT_FOUND'],
  },
  'GET /api/submissions/progress': {
    summary: "The caller's own: problems solved (newest first, at most 1,000) and tried, and the days something was handed in during the last year",
    access: 'user',
    query: Closed({ utcOffsetMinutes: Type.Optional(Type.Integer({ minimum: -840, maximum: 840, description: 'of the days; east of UTC is positive' })) }),
    ok: [
      200,
      Type.Object({
        solved: Type.Array(Id),
        tried: Type.Integer(),
        submissions: Type.Integer(),
        days: Type.Array(Type.String({ description: 'YYYY-MM-DD, newest first' })),
      }),
    ],
    errors: [],
  },
  'GET /api/submissions/:id': {
    summary: 'One submission with its tests, as far as the feedback rule lets',
    access: 'user',
    params: Closed({ id: Id }),
    ok: [200, Type.Object({ submission: Submission, serverNow: Type.String() })],
    errors: ['SUBMISSION_NOT_FOUND'],
  },
})

// ---- events ---------------------------------------------------------------------------------------------------------

/** Work for the judge. Sent to the topic of its lane: `laneTopic(lane)`. */
const EvaluationJob = Type.Object({
  submissionId: Id,
  attempt: Type.Integer({ minimum: 1 }),
  userId: Id,
  contestId: Type.Union([Id, Type.Null()]),
  problemId: Id,
  problemVersion: Type.Integer(),
  kind: ProblemKind,
  lane: Lane,
  /** ICPC: the first failing test in order decides and ends the run. */
  stopAtFirstFailure: Type.Boolean(),
  language: Type.Union([Type.String(), Type.Null()]),
  source: Type.Union([Type.String(), Type.Null()]),
  answer: Type.Union([Answer, Type.Null()]),
  submittedAt: Type.String(),
})
export type EvaluationJob = Static<typeof EvaluationJob>
export const submissionQueued = event('submission.queued', 1, EvaluationJob)
export const laneTopic = (lane: Lane) => `${submissionQueued.topic}.${lane}`

/** The effective verdict of a submission: stored before it is told. A higher `attempt` replaces a lower one (rejudge). */
export const JudgedFact = Type.Object({
  submissionId: Id,
  attempt: Type.Integer(),
  userId: Id,
  contestId: Type.Union([Id, Type.Null()]),
  problemId: Id,
  label: Type.Union([Type.String(), Type.Null()]),
  kind: ProblemKind,
  verdict: Verdict,
  score: Type.Integer({ minimum: 0, maximum: 100 }),
  points: Type.Optional(Points),
  submittedAt: Type.String(),
  judgedAt: Type.String(),
  /** Told to the participant only after the end. */
  held: Type.Boolean(),
})
export type JudgedFact = Static<typeof JudgedFact>
export const submissionJudged = event('submission.judged', 1, JudgedFact)
/** The judge could not judge: `ours` is retried by staff, `setter` waits for a corrected problem. Never a verdict. */
export const submissionFaulted = event(
  'submission.faulted',
  1,
  Type.Object({
    submissionId: Id,
    attempt: Type.Integer(),
    userId: Id,
    contestId: Type.Union([Id, Type.Null()]),
    problemId: Id,
    whose: Type.Enum(['ours', 'setter']),
    /** Who has to mend it where it is the setter's; absent in older events. */
    problemOwnerId: Type.Optional(Id),
  }),
)
/** A submission entered the contest's log: boards count it as pending until its judgement comes. */
export const submissionAccepted = event(
  'submission.accepted',
  1,
  Type.Object({ submissionId: Id, userId: Id, contestId: Id, problemId: Id, submittedAt: Type.String() }),
)
