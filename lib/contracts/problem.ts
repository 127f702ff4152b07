import Type, { type Static } from 'typebox'
import { Closed, Compare, Decimal, Digest, Id, Limits, ProblemKind, Subject, Title, Tolerance } from './common.ts'
import { AuthorFile, Checker, JudgingMode, TestGroup, TestPoints } from './judging.ts'
import { AuthoringPackage, StatementFile } from './packages.ts'

const Markdown = Type.String({ minLength: 1, maxLength: 50_000, description: 'Markdown with $formulas$; HTML in it is shown as text' })
const OptionId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,20}$' })
export const ChoiceOption = Closed({ id: OptionId, text: Type.String({ minLength: 1, maxLength: 2000 }) })
export const Sample = Closed({
  input: Type.String({ maxLength: 10_000 }),
  output: Type.String({ maxLength: 10_000 }),
  note: Type.Optional(Type.String({ maxLength: 5000 })),
})
export const InlineTest = Closed({
  input: Type.String({ maxLength: 2_000_000 }),
  output: Type.String({ maxLength: 2_000_000 }),
  name: Type.Optional(Type.String({ maxLength: 100 })),
})
const Tags = Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,29}$' }), { maxItems: 20 })
const Unit = Type.String({ minLength: 1, maxLength: 30, description: 'the unit an answer must carry, compared as text after trimming' })
const Languages = Type.Array(Type.String({ maxLength: 20 }), { minItems: 1, maxItems: 40 })

const common = { title: Title, subject: Subject, tags: Type.Optional(Tags), public: Type.Optional(Type.Boolean()), statement: Markdown }
const Explanation = Type.String({ minLength: 1, maxLength: 5000, description: 'Markdown; why the right answer is right, shown to who found it in a sample' })
const NewChoice = Closed({
  ...common,
  kind: Type.Literal('choice'),
  options: Type.Array(ChoiceOption, { minItems: 2, maxItems: 20 }),
  correct: Type.Array(OptionId, { minItems: 1, maxItems: 20 }),
  multiple: Type.Optional(Type.Boolean()),
  explanation: Type.Optional(Explanation),
})
const NewNumeric = Closed({
  ...common,
  kind: Type.Literal('numeric'),
  answer: Decimal,
  tolerance: Type.Optional(Tolerance),
  unit: Type.Optional(Unit),
  explanation: Type.Optional(Explanation),
})
const NewProgram = Closed({
  ...common,
  kind: Type.Literal('program'),
  limits: Limits,
  compare: Type.Optional(Compare),
  languages: Type.Optional(Languages),
  samples: Type.Array(Sample, { maxItems: 20 }),
  tests: Type.Array(InlineTest, { minItems: 1, maxItems: 500 }),
})
export const NewProblem = Type.Union([NewChoice, NewNumeric, NewProgram])
export type NewProblem = Static<typeof NewProblem>

/** Any field of the problem's own kind; the kind itself never changes. A change that touches judging makes a new version. */
export const ProblemChange = Closed({
  title: Type.Optional(Title),
  subject: Type.Optional(Subject),
  tags: Type.Optional(Tags),
  public: Type.Optional(Type.Boolean()),
  statement: Type.Optional(Markdown),
  options: Type.Optional(Type.Array(ChoiceOption, { minItems: 2, maxItems: 20 })),
  correct: Type.Optional(Type.Array(OptionId, { minItems: 1, maxItems: 20 })),
  multiple: Type.Optional(Type.Boolean()),
  answer: Type.Optional(Decimal),
  tolerance: Type.Optional(Tolerance),
  unit: Type.Optional(Type.Union([Unit, Type.Null()])),
  explanation: Type.Optional(Type.Union([Explanation, Type.Null()])),
  limits: Type.Optional(Limits),
  compare: Type.Optional(Compare),
  languages: Type.Optional(Languages),
  samples: Type.Optional(Type.Array(Sample, { maxItems: 20 })),
  tests: Type.Optional(Type.Array(InlineTest, { minItems: 1, maxItems: 500 })),
})
export type ProblemChange = Static<typeof ProblemChange>

/** What an author alone sees: answer keys and the list of tests (their contents are fetched one at a time). */
export const Authoring = Type.Object({
  statement: Type.String(),
  /** As written, where the public face has rendered HTML. */
  options: Type.Optional(Type.Array(ChoiceOption)),
  samples: Type.Optional(Type.Array(Sample)),
  correct: Type.Optional(Type.Array(Type.String())),
  answer: Type.Optional(Type.String()),
  tolerance: Type.Optional(Tolerance),
  explanation: Type.Optional(Type.String()),
  compare: Type.Optional(Compare),
  tests: Type.Optional(
    Type.Array(
      Type.Object({
        index: Type.Integer(),
        name: Type.String(),
        sample: Type.Boolean(),
        inputBytes: Type.Integer(),
        outputBytes: Type.Integer(),
        /** Of an imported test that is compared by rules of its own. A change of `compare` takes them away. */
        compare: Type.Optional(Compare),
        group: Type.Optional(Type.String()),
        points: Type.Optional(TestPoints),
      }),
    ),
  ),
  ...AuthoringPackage,
  warnings: Type.Optional(Type.Array(Type.String())),
  usedIn: Type.Array(Type.Object({ contestId: Id, title: Type.String() })),
})
/** A problem as a participant sees it; `authoring` is there for its owner and admins only. */
export const Problem = Type.Object({
  id: Id,
  ownerId: Id,
  kind: ProblemKind,
  title: Type.String(),
  subject: Subject,
  tags: Type.Array(Type.String()),
  public: Type.Boolean(),
  version: Type.Integer(),
  updatedAt: Type.String(),
  /** Safe HTML, rendered from the Markdown when the problem was saved; formulas are KaTeX markup. */
  statementHtml: Type.String(),
  /** Of title and statement as they are here, and all there are; absent where the author did not say. */
  language: Type.Optional(Type.String()),
  statementLanguages: Type.Optional(Type.Array(Type.String())),
  /** Pictures and PDF files of the statement. */
  files: Type.Optional(Type.Array(StatementFile)),
  options: Type.Optional(Type.Array(Type.Object({ id: Type.String(), html: Type.String() }))),
  multiple: Type.Optional(Type.Boolean()),
  unit: Type.Optional(Type.String()),
  /** Of a program; absent: `batch`. */
  mode: Type.Optional(JudgingMode),
  /** Groups of tests that points are given for, outermost first. */
  subtasks: Type.Optional(Type.Array(Type.Object({ name: Type.String(), maxMilli: Type.Integer() }))),
  limits: Type.Optional(Limits),
  languages: Type.Optional(Type.Array(Type.String())),
  samples: Type.Optional(Type.Array(Type.Object({ input: Type.String(), output: Type.String(), noteHtml: Type.Optional(Type.String()) }))),
  authoring: Type.Optional(Authoring),
})
export type Problem = Static<typeof Problem>
export const ProblemSummary = Type.Object({
  id: Id,
  ownerId: Id,
  kind: ProblemKind,
  title: Type.String(),
  subject: Subject,
  tags: Type.Array(Type.String()),
  public: Type.Boolean(),
  version: Type.Integer(),
  updatedAt: Type.String(),
})
export type ProblemSummary = Static<typeof ProblemSummary>

/** A question that anybody may try, without its key. */
export const SampleQuestion = Type.Object({
  id: Id,
  kind: Type.Enum(['choice', 'numeric']),
  title: Type.String(),
  subject: Subject,
  statementHtml: Type.String(),
  options: Type.Optional(Type.Array(Type.Object({ id: Type.String(), html: Type.String() }))),
  multiple: Type.Optional(Type.Boolean()),
  unit: Type.Optional(Type.String()),
})
export type SampleQuestion = Static<typeof SampleQuestion>
export const ProblemTitle = Type.Object({ id: Id, title: Type.String(), subject: Subject, kind: ProblemKind, public: Type.Boolean() })
export type ProblemTitle = Static<typeof ProblemTitle>

// ---- what only the judge reads ---------------------------------------------------------------------------------------

export const JudgingTest = Type.Object({
  index: Type.Integer(),
  sample: Type.Boolean(),
  input: Digest,
  inputBytes: Type.Integer(),
  output: Digest,
  outputBytes: Type.Integer(),
  /** Instead of the problem's. */
  compare: Type.Optional(Compare),
  /** Name of its group, where there are groups. */
  group: Type.Optional(Type.String()),
  points: Type.Optional(TestPoints),
  /** Arguments of the checker for this test, instead of its own. */
  checkerArgs: Type.Optional(Type.Array(Type.String())),
  /** As the package calls it; output-only problems are handed in by it. */
  name: Type.Optional(Type.String()),
})
export const Judging = Type.Union([
  Type.Object({
    kind: Type.Literal('program'),
    limits: Limits,
    compare: Compare,
    tests: Type.Array(JudgingTest),
    dataDigest: Digest,
    /** Absent: `batch`. */
    mode: Type.Optional(JudgingMode),
    /** Instead of `compare`. */
    checker: Type.Optional(Checker),
    /** Of an interactive problem. */
    interactor: Type.Optional(Checker),
    /** Of a function problem: by language id, files that are compiled with the participant's (the first has `main`). */
    graders: Type.Optional(Type.Record(Type.String(), Type.Array(AuthorFile, { minItems: 1, maxItems: 20 }))),
    /** Absent: all or nothing. */
    groups: Type.Optional(Type.Array(TestGroup, { minItems: 1, maxItems: 1000 })),
  }),
  Type.Object({ kind: Type.Literal('choice'), optionIds: Type.Array(Type.String()), correct: Type.Array(Type.String()), dataDigest: Digest }),
  Type.Object({ kind: Type.Literal('numeric'), answer: Decimal, tolerance: Tolerance, unit: Type.Optional(Type.String()), dataDigest: Digest }),
])
export type Judging = Static<typeof Judging>
