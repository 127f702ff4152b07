import Type, { type Static } from 'typebox'
import { Closed, Id } from './common.ts'
import { event, routes } from './route.ts'

/**
 * "Try this input": a program is run once with an input of its author's own. A run is no submission: nothing of it counts, no test of a problem enters,
 * and it is kept for an hour only (docs/adr/0021).
 */
export const runInputBytes = 64 * 1024
/** Of the output, this much is kept and shown; the program may write as much as it may in a test. */
export const runOutputBytes = 64 * 1024
export const runStderrBytes = 16 * 1024
/** Without a problem. */
export const standardRunLimits = { cpuMs: 2_000, memoryBytes: 256 * 1024 ** 2, sourceBytes: 65_536 } as const

const programFields = {
  language: Type.String({ maxLength: 20 }),
  source: Type.String({ minLength: 1, maxLength: 65_536 }),
  input: Type.String({ maxLength: runInputBytes, description: 'what stdin yields: at most 65,536 bytes of UTF-8' }),
}
/** With a problem: its limits and languages, and it must be one that the caller may hand in to now. */
export const NewRun = Type.Union([Closed({ contestId: Type.Optional(Id), problemId: Id, ...programFields }), Closed(programFields)])
export type NewRun = Static<typeof NewRun>

/** How it ended, in the judge's words; `compileFailed`: there was nothing to run, `compileLog` says why. Not a verdict: nobody says here whether the output is right. */
export const RunEnding = Type.Enum([
  'exited',
  'signalled',
  'cpuExceeded',
  'wallExceeded',
  'memoryExceeded',
  'outputExceeded',
  'forbiddenSyscall',
  'compileFailed',
])
export type RunEnding = Static<typeof RunEnding>

const reportFields = {
  outcome: RunEnding,
  /** For `exited`. */
  exitCode: Type.Optional(Type.Integer()),
  /** For `signalled` and `forbiddenSyscall`: the signal's number. */
  signal: Type.Optional(Type.Integer()),
  /** Text: what is no UTF-8, and control characters but tabs and line ends, are replaced by U+FFFD. */
  stdout: Type.String(),
  stdoutTruncated: Type.Boolean(),
  stderr: Type.String(),
  stderrTruncated: Type.Boolean(),
  cpuMs: Type.Integer(),
  wallMs: Type.Integer(),
  memoryBytes: Type.Integer(),
  /** The limits it ran under, the language's time factor included. */
  limits: Type.Object({ cpuMs: Type.Integer(), memoryBytes: Type.Integer() }),
  compileLog: Type.Optional(Type.String()),
}
export const RunReport = Type.Object(reportFields)
export type RunReport = Static<typeof RunReport>

/** `fault`: we could not run it, or it waited too long; nothing is lost but the answer, and it may be tried again. */
export const RunStatus = Type.Enum(['queued', 'finished', 'fault'])
export type RunStatus = Static<typeof RunStatus>
/** The report's fields are there once it is `finished`. */
export const Run = Type.Object({ id: Id, status: RunStatus, createdAt: Type.String(), ...Type.Partial(RunReport).properties })
export type Run = Static<typeof Run>

export const runRoutes = routes({
  'POST /api/runs': {
    summary:
      'Try a program with an input of your own: one at a time, twelve a minute. It counts for nothing; a retry with the same Idempotency-Key gives the same id',
    access: 'user',
    headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) }),
    body: NewRun,
    bodyLimitBytes: 1024 * 1024,
    ok: [202, Type.Object({ id: Id, status: Type.Literal('queued') })],
    errors: [
      'CONTEST_NOT_FOUND',
      'PROBLEM_NOT_FOUND',
      'CONTEST_NOT_RUNNING',
      'NOT_REGISTERED',
      'RUN_PENDING',
      'IDEMPOTENCY_MISMATCH',
      'LANGUAGE_UNKNOWN',
      'LANGUAGE_NOT_INSTALLED',
      'ANSWER_KIND_MISMATCH',
      'SOURCE_TOO_LARGE',
      'INPUT_TOO_LARGE',
    ],
  },
  'GET /api/runs/:id': {
    summary: 'What became of a run of your own; forgotten an hour after it was asked for',
    access: 'user',
    params: Closed({ id: Id }),
    ok: [200, Type.Object({ run: Run, serverNow: Type.String() })],
    errors: ['RUN_NOT_FOUND'],
  },
})

// ---- events ---------------------------------------------------------------------------------------------------------

/** Work for the judge, in the queue of the lane `run`. */
export const runQueued = event(
  'run.queued',
  1,
  Type.Object({
    runId: Id,
    /** Whose limits hold; null: the standard ones. */
    problem: Type.Union([Type.Object({ id: Id, version: Type.Integer() }), Type.Null()]),
    ...programFields,
    /** Not begun later than this: nobody waits for it any more. ISO 8601 UTC */
    expiresAt: Type.String(),
  }),
)
export type RunJob = Static<typeof runQueued.payload>

export const RunOutcome = Type.Union([
  Type.Object({ type: Type.Literal('ran'), report: RunReport }),
  Type.Object({ type: Type.Literal('fault'), reason: Type.String({ maxLength: 2000 }) }),
])
export type RunOutcome = Static<typeof RunOutcome>
/** The judge's answer; the first one for a run counts. */
export const runAnswered = event('evaluation.run-answered', 1, Type.Object({ runId: Id, outcome: RunOutcome }))

/** Broadcast by the submission service once the answer is stored, for the author's sockets. Losable: clients ask, too. */
export const runFinished = event(
  'run.finished',
  1,
  Type.Object({
    runId: Id,
    userId: Id,
    status: Type.Enum(['finished', 'fault']),
    outcome: Type.Union([RunEnding, Type.Null()]),
    exitCode: Type.Union([Type.Integer(), Type.Null()]),
  }),
)
export type RunFinished = Static<typeof runFinished.payload>
