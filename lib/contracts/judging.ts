import Type, { type Static } from 'typebox'
import { Digest } from './common.ts'

/**
 * What authors bring to judging beside tests: programs of their own, groups of tests, and how both are scored. Everything here runs in the sandbox and is
 * as little trusted as a participant's program.
 *
 * Points are whole thousandths (`milli`): packages have halves and hundredths, and floats never rank anybody.
 */

/** A plain file name: no folder, and nothing in front that a command line or a shell takes for something else. */
export const PlainName = Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$' })
export const AuthorFile = Type.Object({ name: PlainName, digest: Digest, bytes: Type.Integer({ minimum: 0 }) })
export type AuthorFile = Static<typeof AuthorFile>

/**
 * Sources of a checker, interactor or grader. The first file has `main`, and goes by the name that its language gives (`main.cpp`, `main.py`; Java's is its
 * class's). The others lie beside it under their own names; in C, C++, Java and Go those of the language are compiled along with it.
 */
export const AuthorProgram = Type.Object({
  /** Id of a row of `languages.ts`. */
  language: Type.String({ maxLength: 20 }),
  files: Type.Array(AuthorFile, { minItems: 1, maxItems: 100 }),
  /** Of language, names and digests of the files: names the checker in a judgement's provenance. */
  digest: Digest,
})
export type AuthorProgram = Static<typeof AuthorProgram>

/**
 * By which rules an author's program is called and answers.
 * - `kattis`: `validator input answer feedbackdir/ [args] < output`; exit 42 accept, 43 reject, all else a problem fault; `judgemessage.txt`,
 *   `teammessage.txt`, and where tests have points `score.txt` (points) or `score_multiplier.txt` (a share of the test's full marks)
 * - `testlib`: `checker input output answer [args]`; 0 OK, 1 WA, 2 PE, 3 FAIL (a problem fault), 7 points, which the message on stderr names
 * As an interactor: `kattis` talks on its stdin and stdout; `testlib` is `interactor input output [answer]`, likewise.
 */
export const AuthorProtocol = Type.Enum(['kattis', 'testlib'])
export type AuthorProtocol = Static<typeof AuthorProtocol>
export const Checker = Type.Object({
  protocol: AuthorProtocol,
  program: AuthorProgram,
  args: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 }),
  /** For each test, before its language's own. Absent: 10 s and 1 GiB. */
  limits: Type.Optional(
    Type.Object({
      cpuMs: Type.Optional(Type.Integer({ minimum: 50, maximum: 120_000 })),
      memoryBytes: Type.Optional(Type.Integer({ minimum: 16 * 1024 ** 2, maximum: 2 * 1024 ** 3 })),
    }),
  ),
})
export type Checker = Static<typeof Checker>

/**
 * - `batch`: reads stdin, writes stdout, is compared or checked
 * - `interactive`: talks with the interactor; a `checker` may look at what the interactor left (testlib)
 * - `output-only`: what is handed in, in the language `text` (the problem's only one), is the output itself: of one test, or of several, each below a
 *   line `=== NAME`, where NAME is the test's, the last part of it, or its index; nothing of the participant's runs
 * - `function`: the participant's file, `solution.EXT` (`Solution.java`), is compiled with the grader of its language, which has `main`
 */
export const JudgingMode = Type.Enum(['batch', 'interactive', 'output-only', 'function'])
export type JudgingMode = Static<typeof JudgingMode>

const Milli = Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000, description: 'thousandths of a point of the package' })

/**
 * A group of tests. Groups make a tree, parents before children in the list; those without a parent are summed into the problem's points. Where there are
 * groups every test is in one. A group's own tests are judged in the order of their indexes, then its groups in the order of the list. Verdict and points of a
 * group are functions of what is in it (services/evaluation/src/domain/score-groups.ts; docs/judging.md has the rules).
 */
export const TestGroup = Type.Object({
  /** Unique: `sample`, `secret`, `secret/01-small`. */
  name: Type.String({ minLength: 1, maxLength: 200 }),
  parent: Type.Union([Type.String(), Type.Null()]),
  /** Shown to participants; its points count only when it says so by `maxMilli` over 0. */
  sample: Type.Boolean(),
  /** Full marks. Points above are cut to it, and so is what a validator gives to a test. 0: a group that is worth nothing, whatever happens in it. */
  maxMilli: Milli,
  /**
   * `all`: full marks when everything in it is accepted with full marks, else 0 (a subtask of ICPC's kind; `pass-fail` of the 2025-09 format); `min`, `max`,
   * `sum`, `average` over tests and groups in it.
   */
  combine: Type.Enum(['all', 'sum', 'min', 'max', 'average']),
  /** What of its members names its verdict; worst first: RE, MLE, TLE, OLE, WA. */
  verdict: Type.Enum(['first-error', 'worst-error', 'always-accept', 'accept-if-any']),
  /**
   * `break`: after the first member not accepted the others are SKIPPED and count for nothing. Whatever this says, tests that can change no points any more
   * (of a failed `all` group, or a `min` group at its least) are SKIPPED.
   */
  onReject: Type.Enum(['break', 'continue']),
  /** Groups that must be accepted (those worth something: with full marks), or this one is SKIPPED with 0. They are judged before it. */
  dependsOn: Type.Array(Type.String(), { maxItems: 200 }),
})
export type TestGroup = Static<typeof TestGroup>

/** What a test is worth as a member of `sum`, `min`, `max` or `average`. Absent: full marks of its group (1 point where that has none), rejected 0. */
export const TestPoints = Type.Object({ accept: Milli, reject: Milli })
export type TestPoints = Static<typeof TestPoints>

/** What a judging gave, where a problem has points of its own. `score` beside it is the floor of 100 × milli / maxMilli, and 100 only for full marks. */
export const Points = Type.Object({
  milli: Milli,
  maxMilli: Milli,
  /** Subtasks, in order: the outermost groups that make up the whole. None lies in another, and their full marks sum to `maxMilli`. */
  groups: Type.Array(Type.Object({ name: Type.String(), milli: Milli, maxMilli: Milli })),
})
export type Points = Static<typeof Points>
