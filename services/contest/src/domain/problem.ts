import type { Compare, Limits, ProblemKind, Subject, Tolerance } from '#contracts/common'
import type { Judging, Problem, ProblemSnapshot } from '#contracts/contest'
import type { Checker, JudgingMode, TestGroup, TestPoints } from '#contracts/judging'
import type { StatementFile } from '#contracts/packages'
import type { Instant } from '#kernel/time'
import { renderInline, renderMarkdown } from './markdown.ts'
import { chosenLanguage, fileNamed, type StatementAsset, type StoredPackage, statementFileUrl, type Translation } from './package-stored.ts'

/**
 * A problem: what it says (statement, options, samples), how it is judged (the answer key, tests, limits), and what others get to see of each.
 * Test data lies in the Files port; here are its digests.
 */
export type TestEntry = {
  readonly name: string
  readonly sample: boolean
  readonly input: string
  readonly inputBytes: number
  readonly output: string
  readonly outputBytes: number
  /** Instead of the problem's; packages may have it so. */
  readonly compare?: Compare | undefined
  /** Where there are groups: in which, and what it is worth. */
  readonly group?: string
  readonly points?: TestPoints
  /** Instead of the checker's own. */
  readonly checkerArgs?: readonly string[]
}
export type SampleText = { readonly input: string; readonly output: string; readonly note?: string }

type Choice = {
  readonly kind: 'choice'
  readonly options: readonly { id: string; text: string }[]
  readonly correct: readonly string[]
  readonly multiple: boolean
  readonly explanation?: string
}
type Numeric = { readonly kind: 'numeric'; readonly answer: string; readonly tolerance: Tolerance; readonly unit: string | null; readonly explanation?: string }
/** `languages` null: all there are. `Tests`: entries once stored, texts before. */
type Program<Tests> = {
  readonly kind: 'program'
  readonly limits: Limits
  readonly compare: Compare
  readonly languages: readonly string[] | null
  readonly samples: readonly SampleText[]
  readonly tests: Tests
} & JudgedBy
type Grader = { readonly name: string; readonly digest: string; readonly bytes: number }
/** How it is judged beyond comparing: what packages bring. */
export type JudgedBy = {
  /** Absent: `batch`. */
  readonly mode?: JudgingMode
  readonly checker?: Checker
  readonly interactor?: Checker
  readonly graders?: Readonly<Record<string, readonly Grader[]>>
  readonly groups?: readonly TestGroup[]
}
export type Content = Choice | Numeric | Program<readonly TestEntry[]>
/** A planned problem, whose tests are still texts (or, undefined, those it has). */
export type Draft = Choice | Numeric | Program<readonly { input: string; output: string; name?: string }[] | undefined>

export type ProblemFields = {
  readonly title: string
  readonly subject: Subject
  readonly tags: readonly string[]
  readonly public: boolean
  readonly statement: string
}
/** What readers get, rendered when it was saved. */
export type ProblemView = {
  readonly statementHtml: string
  readonly options?: readonly { id: string; html: string }[]
  readonly samples?: readonly { input: string; output: string; noteHtml?: string }[]
  /** Belongs to the answer: who has not given it is not shown it. */
  readonly explanationHtml?: string
}
export type StoredProblem = ProblemFields & {
  readonly id: string
  readonly ownerId: string
  /** Names the judging data. */
  readonly version: number
  /** Grows with every change. */
  readonly revision: number
  readonly content: Content
  readonly view: ProblemView
  readonly warnings: readonly string[]
  /** Of title and statement; null: nobody said. */
  readonly language: string | null
  /** Title and statement in other languages. */
  readonly translations: readonly Translation[]
  /** Pictures and PDF files of the statements. */
  readonly files: readonly StatementAsset[]
  readonly deleted: boolean
  readonly updatedAt: Instant
}

export const defaultSourceBytes = 65_536

/** Where a file that a statement names can be had. */
export const urlsOf =
  (problemId: string, files: readonly StatementAsset[]) =>
  (name: string): string | undefined => {
    const file = fileNamed(files, name)
    return file && statementFileUrl(problemId, file)
  }

export function renderProblem(
  statement: string,
  content: Pick<Choice, 'kind' | 'options' | 'explanation'> | Pick<Program<unknown>, 'kind' | 'samples'> | Pick<Numeric, 'kind' | 'explanation'>,
  urlOf: (name: string) => string | undefined = () => undefined,
): ProblemView {
  const statementHtml = renderMarkdown(statement, urlOf)
  if (content.kind !== 'program') {
    const explained = content.explanation === undefined ? {} : { explanationHtml: renderMarkdown(content.explanation) }
    if (content.kind === 'numeric') return { statementHtml, ...explained }
    return { statementHtml, options: content.options.map(({ id, text }) => ({ id, html: renderInline(text) })), ...explained }
  }
  const samples = content.samples.map(({ input, output, note }) => ({ input, output, ...(note === undefined ? {} : { noteHtml: renderMarkdown(note) }) }))
  return { statementHtml, samples }
}

// `Omit` over a union keeps common keys only
type WithoutDigest<T> = T extends unknown ? Omit<T, 'dataDigest'> : never
/** What the judge gets, without its digest. Two contents with equal judging give every submission the same verdict. */
export function judgingOf(content: Content): WithoutDigest<Judging> {
  switch (content.kind) {
    case 'choice':
      return { kind: 'choice', optionIds: content.options.map(({ id }) => id), correct: [...content.correct] }
    case 'numeric':
      return { kind: 'numeric', answer: content.answer, tolerance: content.tolerance, ...(content.unit === null ? {} : { unit: content.unit }) }
    case 'program': {
      const { limits, compare, mode = 'batch', checker, interactor, graders, groups } = content
      const tests = content.tests.map(({ name, ...test }, at) => judgingTest(test, { index: at + 1, name: mode === 'output-only' ? name : undefined }))
      const programs = { ...(checker && { checker }), ...(interactor && { interactor }), ...(graders && { graders: graders as WrittenGraders }) }
      return { kind: 'program', limits, compare, tests, ...(mode === 'batch' ? {} : { mode }), ...programs, ...(groups && { groups: [...groups] }) }
    }
  }
}

type WrittenGraders = Record<string, Grader[]>
/** `name`: of an output-only problem, whose outputs are handed in by it. */
function judgingTest(
  { sample, input, inputBytes, output, outputBytes, compare, group, points, checkerArgs }: Omit<TestEntry, 'name'>,
  { index, name }: { index: number; name: string | undefined },
) {
  return {
    ...{ index, sample, input, inputBytes, output, outputBytes },
    ...(compare && { compare }),
    ...(group !== undefined && { group }),
    ...(points && { points }),
    ...(checkerArgs && { checkerArgs: [...checkerArgs] }),
    ...(name !== undefined && { name }),
  }
}

/** Whether the judge, or what a participant could have answered, changes: a new version, and old submissions keep the one they were judged by. */
export function needsNewVersion(old: Content, next: Content): boolean {
  if (JSON.stringify(sorted(judgingOf(old))) !== JSON.stringify(sorted(judgingOf(next)))) return true
  return old.kind === 'choice' && next.kind === 'choice' && (old.multiple !== next.multiple || JSON.stringify(old.options) !== JSON.stringify(next.options))
}

/** The same value with object keys in order: the database gives them back in its own. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}

/**
 * The public face: no answer key, no hidden test. `updatedAt` in ISO 8601.
 * @param wanted languages of the reader, the best first; the author's own where there is none of them.
 */
export function publicView(problem: StoredProblem, updatedAt: string, wanted: readonly string[] = []): Problem {
  const { id, ownerId, subject, tags, version, content, view } = problem
  const { title, statementHtml, ...languages } = inLanguage(problem, wanted)
  const common = {
    id,
    ownerId,
    kind: content.kind,
    title,
    subject,
    tags: [...tags],
    public: problem.public,
    version,
    updatedAt,
    statementHtml,
    ...languages,
    ...(problem.files.length > 0 ? { files: problem.files.map((file) => statementFile(id, file)) } : {}),
  }
  switch (content.kind) {
    case 'choice':
      return { ...common, options: [...(view.options ?? [])], multiple: content.multiple }
    case 'numeric':
      return { ...common, ...(content.unit === null ? {} : { unit: content.unit }) }
    case 'program':
      return {
        ...common,
        ...modeOf(content),
        limits: content.limits,
        ...(content.languages ? { languages: [...content.languages] } : {}),
        samples: [...(view.samples ?? [])],
      }
  }
}

const statementFile = (id: string, file: StatementAsset): StatementFile => ({
  name: file.name,
  url: statementFileUrl(id, file),
  contentType: file.contentType,
  bytes: file.bytes,
})

function inLanguage({ title, view, language, translations }: StoredProblem, wanted: readonly string[]) {
  if (language === null) return { title, statementHtml: view.statementHtml }
  const there = [language, ...translations.map((each) => each.language)]
  const chosen = translations.find((each) => each.language === chosenLanguage(wanted, there))
  const shown = chosen ? { title: chosen.title, statementHtml: chosen.html } : { title, statementHtml: view.statementHtml }
  return { ...shown, language: chosen?.language ?? language, statementLanguages: there }
}

/** How it is handed in, and what points are given for. */
function modeOf({ mode, groups }: JudgedBy): Pick<Problem, 'mode' | 'subtasks'> {
  const worth = (groups ?? []).filter(({ maxMilli }) => maxMilli > 0)
  // one that holds others is shown as those
  const subtasks = worth.filter(({ name }) => !worth.some(({ parent }) => parent === name)).map(({ name, maxMilli }) => ({ name, maxMilli }))
  return { ...(mode && { mode }), ...(subtasks.length > 0 ? { subtasks } : {}) }
}

/** Beside the public face, for owner and admins. */
export function authoringOf(
  { statement, content, warnings }: StoredProblem,
  usedIn: readonly { contestId: string; title: string }[],
  kept?: StoredPackage,
): NonNullable<Problem['authoring']> {
  const common = { statement, usedIn: [...usedIn], ...(warnings.length ? { warnings: [...warnings] } : {}) }
  switch (content.kind) {
    case 'choice':
      return { ...common, ...explained(content), options: content.options.map(({ id, text }) => ({ id, text })), correct: [...content.correct] }
    case 'numeric':
      return { ...common, ...explained(content), answer: content.answer, tolerance: content.tolerance }
    case 'program':
      return {
        ...common,
        compare: content.compare,
        samples: content.samples.map(({ input, output, note }) => ({ input, output, ...(note === undefined ? {} : { note }) })),
        ...authoredJudging(content),
        ...(kept && authoredPackage(kept)),
        tests: content.tests.map(({ name, sample, inputBytes, outputBytes, compare, group, points }, at) => ({
          index: at + 1,
          name,
          sample,
          inputBytes,
          outputBytes,
          ...(compare && { compare }),
          ...(group !== undefined && { group }),
          ...(points && { points }),
        })),
      }
  }
}

const authoredCheck = ({ protocol, program, args }: Checker) => ({ protocol, language: program.language, files: program.files.map(({ name }) => name), args })
function authoredJudging({ mode, checker, interactor, graders, groups }: JudgedBy) {
  const names = Object.entries(graders ?? {}).map(([language, files]) => [language, files.map(({ name }) => name)] as const)
  return {
    ...(mode && { mode }),
    ...(checker && { checker: authoredCheck(checker) }),
    ...(interactor && { interactor: authoredCheck(interactor) }),
    ...(graders && { graders: Object.fromEntries(names) }),
    ...(groups && { groups: [...groups] }),
  }
}
const authoredPackage = ({ format, meta, files, solutions }: StoredPackage) => ({
  package: { format, meta, files: files.map(({ path, bytes }) => ({ path, bytes })) },
  solutions: solutions.map(({ path, language, expected, files: own }) => ({ path, language, expected, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) })),
})

const explained = ({ explanation }: { explanation?: string }) => (explanation === undefined ? {} : { explanation })

export function problemSnapshot(problem: StoredProblem): ProblemSnapshot {
  const { id, revision, version, ownerId, title, content, deleted } = problem
  const kind: ProblemKind = content.kind
  return {
    problemId: id,
    revision,
    version,
    ownerId,
    title,
    kind,
    public: problem.public,
    deleted,
    languages: content.kind === 'program' && content.languages ? [...content.languages] : null,
    sourceBytes: content.kind === 'program' ? (content.limits.sourceBytes ?? defaultSourceBytes) : defaultSourceBytes,
    optionIds: content.kind === 'choice' ? content.options.map((option) => option.id) : null,
    multiple: content.kind === 'choice' && content.multiple,
  }
}
