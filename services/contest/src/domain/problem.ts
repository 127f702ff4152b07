import type { Compare, Limits, ProblemKind, Subject, Tolerance } from '#contracts/common'
import type { Judging, Problem, ProblemSnapshot } from '#contracts/contest'
import type { Instant } from '#kernel/time'
import { renderInline, renderMarkdown } from './markdown.ts'

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
}
export type SampleText = { readonly input: string; readonly output: string; readonly note?: string }

type Choice = {
  readonly kind: 'choice'
  readonly options: readonly { id: string; text: string }[]
  readonly correct: readonly string[]
  readonly multiple: boolean
}
type Numeric = { readonly kind: 'numeric'; readonly answer: string; readonly tolerance: Tolerance; readonly unit: string | null }
/** `languages` null: all there are. `Tests`: entries once stored, texts before. */
type Program<Tests> = {
  readonly kind: 'program'
  readonly limits: Limits
  readonly compare: Compare
  readonly languages: readonly string[] | null
  readonly samples: readonly SampleText[]
  readonly tests: Tests
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
  readonly deleted: boolean
  readonly updatedAt: Instant
}

export const defaultSourceBytes = 65_536

export function renderProblem(
  statement: string,
  content: Pick<Choice, 'kind' | 'options'> | Pick<Program<unknown>, 'kind' | 'samples'> | Pick<Numeric, 'kind'>,
): ProblemView {
  const statementHtml = renderMarkdown(statement)
  if (content.kind === 'choice') return { statementHtml, options: content.options.map(({ id, text }) => ({ id, html: renderInline(text) })) }
  if (content.kind === 'numeric') return { statementHtml }
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
      const tests = content.tests.map(({ sample, input, inputBytes, output, outputBytes, compare }, at) => ({
        index: at + 1,
        sample,
        input,
        inputBytes,
        output,
        outputBytes,
        ...(compare && { compare }),
      }))
      return { kind: 'program', limits: content.limits, compare: content.compare, tests }
    }
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

/** The public face: no answer key, no hidden test. `updatedAt` in ISO 8601. */
export function publicView(problem: StoredProblem, updatedAt: string): Problem {
  const { id, ownerId, title, subject, tags, version, content, view } = problem
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
    statementHtml: view.statementHtml,
  }
  switch (content.kind) {
    case 'choice':
      return { ...common, options: [...(view.options ?? [])], multiple: content.multiple }
    case 'numeric':
      return { ...common, ...(content.unit === null ? {} : { unit: content.unit }) }
    case 'program':
      return { ...common, limits: content.limits, ...(content.languages ? { languages: [...content.languages] } : {}), samples: [...(view.samples ?? [])] }
  }
}

/** Beside the public face, for owner and admins. */
export function authoringOf(
  { statement, content, warnings }: StoredProblem,
  usedIn: readonly { contestId: string; title: string }[],
): NonNullable<Problem['authoring']> {
  const common = { statement, usedIn: [...usedIn], ...(warnings.length ? { warnings: [...warnings] } : {}) }
  switch (content.kind) {
    case 'choice':
      return { ...common, options: content.options.map(({ id, text }) => ({ id, text })), correct: [...content.correct] }
    case 'numeric':
      return { ...common, answer: content.answer, tolerance: content.tolerance }
    case 'program':
      return {
        ...common,
        compare: content.compare,
        samples: content.samples.map(({ input, output, note }) => ({ input, output, ...(note === undefined ? {} : { note }) })),
        tests: content.tests.map(({ name, sample, inputBytes, outputBytes, compare }, at) => ({
          index: at + 1,
          name,
          sample,
          inputBytes,
          outputBytes,
          ...(compare && { compare }),
        })),
      }
  }
}

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
