import Type, { type Static } from 'typebox'
import { Closed, TestVerdict, Verdict } from './common.ts'
import { AuthorProtocol, JudgingMode, TestGroup } from './judging.ts'
import { Verification } from './verification.ts'

/** What of a problem came in a package, as its author sees it (docs/packages.md). */

export const PackageFormat = Type.Enum(['legacy', '2025-09', 'polygon'])
export const ExportFormat = Type.Enum(['legacy', '2025-09'])
export type ExportFormat = Static<typeof ExportFormat>

const Span = Type.Tuple([Type.Integer(), Type.Integer()])
/** What a package says of a solution of its own: by its folder, by tags in its source, by `submissions.yaml`. */
export const SolutionExpectation = Type.Object({
  /** The whole must end with one of these. */
  verdicts: Type.Array(Verdict, { minItems: 1 }),
  /** Every test must, SKIPPED ones aside. */
  permitted: Type.Optional(Type.Array(TestVerdict)),
  /** At least one test must. */
  required: Type.Optional(Type.Array(TestVerdict)),
  /** Points, in thousandths, from and to. */
  scoreMilli: Type.Optional(Span),
  /** What the time limit is measured by: it must be well above `fast` ones and well below `slow` ones. */
  timing: Type.Optional(Type.Enum(['fast', 'slow'])),
})
export type SolutionExpectation = Static<typeof SolutionExpectation>

export const AuthoringSolution = Type.Object({
  /** Below `submissions`: `accepted/main.cpp`. */
  path: Type.String(),
  /** Id of a language; null: it cannot be run here. */
  language: Type.Union([Type.String(), Type.Null()]),
  bytes: Type.Integer(),
  expected: SolutionExpectation,
})
const AuthoringCheck = Type.Object({ protocol: AuthorProtocol, language: Type.String(), files: Type.Array(Type.String()), args: Type.Array(Type.String()) })

/** Beside the rest of `authoring`, where there is something to tell. */
export const AuthoringPackage = {
  mode: Type.Optional(JudgingMode),
  checker: Type.Optional(AuthoringCheck),
  interactor: Type.Optional(AuthoringCheck),
  /** By language id, names of the files its programs are compiled with. */
  graders: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  groups: Type.Optional(Type.Array(TestGroup)),
  solutions: Type.Optional(Type.Array(AuthoringSolution)),
  /** Where there are solutions: what they got when they were run last. */
  verification: Type.Optional(Verification),
  package: Type.Optional(
    Type.Object({
      format: PackageFormat,
      /** Of `problem.yaml`, what the arena does not use and gives back: licence, credits, source. */
      meta: Type.Record(Type.String(), Type.Unknown()),
      /** Kept for export. */
      files: Type.Array(Type.Object({ path: Type.String(), bytes: Type.Integer() })),
    }),
  ),
}

/** A file that belongs to a statement. `url` carries its own permission: whoever was shown the statement may load it, also where no login can be sent. */
export const StatementFile = Type.Object({ name: Type.String(), url: Type.String(), contentType: Type.String(), bytes: Type.Integer() })
export type StatementFile = Static<typeof StatementFile>

/** What was understood of an imported package. */
export const ImportReport = Type.Object({
  format: PackageFormat,
  title: Type.String(),
  tests: Type.Integer(),
  samples: Type.Integer(),
  groups: Type.Array(Type.Object({ name: Type.String(), points: Type.Number(), tests: Type.Integer() })),
  limits: Closed({ cpuMs: Type.Integer(), memoryBytes: Type.Integer() }),
  mode: JudgingMode,
  /** `default`: by the problem's comparison. */
  checker: Type.Enum(['default', 'kattis', 'testlib']),
  statements: Type.Array(Type.String()),
  solutions: Type.Integer(),
  ignored: Type.Array(Type.String()),
})
export type ImportReport = Static<typeof ImportReport>
