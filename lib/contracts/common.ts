import Type, { type Static } from 'typebox'

/** Closed object: unknown fields are refused. */
export const Closed = <const P extends Parameters<typeof Type.Object>[0]>(properties: P) => Type.Object(properties, { additionalProperties: false })

export const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', description: 'UUID, lower case' })
/** ISO 8601 with an offset; answers are always UTC (`…Z`). */
export const Time = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$',
  maxLength: 40,
  description: 'ISO 8601 date and time with offset',
})
export const Digest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' })
export const LabelText = Type.String({ pattern: '^[A-Za-z0-9]{1,4}$' })
export const Title = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })

export const Role = Type.Enum(['student', 'teacher', 'admin'])
export type Role = Static<typeof Role>
export const Subject = Type.Enum(['physics', 'mathematics', 'computer-science', 'mixed'])
export type Subject = Static<typeof Subject>
export const ContestFormat = Type.Enum(['icpc', 'points', 'ioi'])
export type ContestFormat = Static<typeof ContestFormat>
export const Timing = Type.Enum(['window', 'personal', 'untimed'])
export type Timing = Static<typeof Timing>
export const Phase = Type.Enum(['scheduled', 'running', 'frozen', 'ended'])
export type Phase = Static<typeof Phase>
export const Feedback = Type.Enum(['now', 'after-end'])
export type Feedback = Static<typeof Feedback>
/**
 * What a participant learns of a judged submission, once it may be told at all (`Feedback`):
 * - `none`: that it was received; after the contest everything
 * - `verdict`: the verdict and the points, and no test
 * - `tests`: each test's class besides
 * - `full`: of samples also what went wrong, with the difference
 * Of hidden tests never more than the class.
 */
export const Detail = Type.Enum(['none', 'verdict', 'tests', 'full'])
export type Detail = Static<typeof Detail>
/** IOI: of each subtask the best over all runs, summed; or the best single run (the rule before 2013). */
export const Scoring = Type.Enum(['subtasks', 'best-run'])
export type Scoring = Static<typeof Scoring>
export const ProblemKind = Type.Enum(['choice', 'numeric', 'program'])
export type ProblemKind = Static<typeof ProblemKind>
/** AC accepted, WA wrong answer, TLE time limit (cpu or wall), MLE memory, OLE output, RE run-time error, CE compile error, PARTIAL some credit, SKIPPED not run. */
export const Verdict = Type.Enum(['AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'PARTIAL'])
export type Verdict = Static<typeof Verdict>
export const TestVerdict = Type.Enum(['AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'PARTIAL', 'SKIPPED'])
export type TestVerdict = Static<typeof TestVerdict>
/** Work lanes, in order of precedence; `quiz` has consumers of its own, since it needs no sandbox. */
export const Lane = Type.Enum(['quiz', 'contest', 'practice', 'run', 'rejudge'])
export type Lane = Static<typeof Lane>

export const Limits = Closed({
  /** CPU of the whole process tree for one test, before the language's time factor. */
  cpuMs: Type.Integer({ minimum: 50, maximum: 60_000 }),
  memoryBytes: Type.Integer({ minimum: 16 * 1024 ** 2, maximum: 2 * 1024 ** 3 }),
  outputBytes: Type.Optional(Type.Integer({ minimum: 1024, maximum: 256 * 1024 ** 2 })),
  sourceBytes: Type.Optional(Type.Integer({ minimum: 64, maximum: 65_536 })),
})
export type Limits = Static<typeof Limits>

/**
 * By which rules an output is compared with the expected one: a kind, and its options.
 * - `default` (when absent): the default validator of the ICPC problem package format, with its four options, named as there
 * - `exact`: the same bytes
 * - `tokens`: the same words, whatever white space is between them
 * - `case-insensitive`: `tokens`, with A–Z the same as a–z
 * - `floats`: `case-insensitive`, and numbers within a tolerance, of which at least one is given; `inf`, `infinity` and `nan` are numbers
 * - `lines`: the same lines but for blanks at their ends and blank lines at the end
 * - `unordered-lines`: the same lines, each as often, in any order; blanks at their ends and blank lines do not count
 */
export const CompareKind = Type.Enum(['default', 'exact', 'tokens', 'case-insensitive', 'floats', 'lines', 'unordered-lines'])
export type CompareKind = Static<typeof CompareKind>
export const Compare = Closed({
  kind: Type.Optional(CompareKind),
  caseSensitive: Type.Optional(Type.Boolean()),
  spaceChangeSensitive: Type.Optional(Type.Boolean()),
  floatAbsoluteTolerance: Type.Optional(Type.Number({ minimum: 0 })),
  floatRelativeTolerance: Type.Optional(Type.Number({ minimum: 0 })),
})
export type Compare = Static<typeof Compare>

/** Decimal text, e.g. `0.05`, `1e-3`: compared exactly, never as a double. */
export const Decimal = Type.String({ pattern: '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?$', maxLength: 60 })
export const Tolerance = Closed({ absolute: Type.Optional(Decimal), relative: Type.Optional(Decimal) })
export type Tolerance = Static<typeof Tolerance>

export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    requestId: Type.String(),
  }),
})
export type ErrorBody = Static<typeof ErrorBody>
