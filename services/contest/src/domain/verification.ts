import type { TestVerdict } from '#contracts/common'
import type { EvaluationOutcome } from '#contracts/evaluation'
import { languageById, textLanguage } from '#contracts/languages'
import type { SolutionExpectation } from '#contracts/packages'
import type { Verification, VerificationProblem, VerificationState, VerifiedSolution } from '#contracts/verification'
import { type Instant, toIso } from '#kernel/time'
import type { StoredSolution } from './package-stored.ts'
import { type Content, defaultSourceBytes } from './problem.ts'

/**
 * What a problem's own solutions got, against what its package says they should (docs/packages.md). Pure; judging is the judge's, asking and keeping is
 * usecases/run-verification.ts.
 */
export type AskedSolution = {
  readonly path: string
  readonly language: string | null
  readonly expected: SolutionExpectation
  /** Of its source in the Files port. */
  readonly digest: string
  /** What it may take in its language. */
  readonly limitMs: number
  readonly stopAtFirstFailure: boolean
}
export type SolutionOutcome =
  | ({ readonly type: 'judged' } & Required<Pick<VerifiedSolution, 'verdict' | 'score' | 'cpuMs' | 'tests'>> & Pick<VerifiedSolution, 'milli'>)
  | { readonly type: 'fault'; readonly reason: string }
  /** It was not given to the judge: it cannot be a submission here. */
  | { readonly type: 'not-run'; readonly reason: string }
export type AskedRow = { readonly solution: AskedSolution; readonly outcome: SolutionOutcome | undefined }

/** Asked of the judge no longer than this, however many there are. */
export const verificationPatienceMs = 2 * 60 * 60_000
/** Of one verification, so many are with the judge at once: one class's import does not stand before another's. */
export const verificationWindow = 4
/** A solution that the limit is to let through takes half of it at most, as the formats have it. */
const acceptedMargin = 2

type ProgramContent = Extract<Content, { kind: 'program' }>
/** In the package's order; those that cannot be judged here have their outcome already. */
export function askedSolutions(content: ProgramContent, solutions: readonly StoredSolution[]): AskedRow[] {
  const mostBytes = content.limits.sourceBytes ?? defaultSourceBytes
  return solutions.map(({ path, language: own, files, expected }) => {
    const language = content.mode === 'output-only' ? textLanguage : own
    const [file] = files
    const limitMs = Math.round(content.limits.cpuMs * (languageById(language ?? '')?.timeFactor ?? 1))
    const solution: AskedSolution = {
      path,
      language,
      expected,
      digest: file?.digest ?? '',
      limitMs,
      stopAtFirstFailure: content.groups === undefined && firstFailureDecides(expected),
    }
    return { solution, outcome: reasonNotToRun({ language, files, mostBytes }) }
  })
}

function reasonNotToRun({ language, files, mostBytes }: Pick<StoredSolution, 'language' | 'files'> & { mostBytes: number }): SolutionOutcome | undefined {
  const notRun = (reason: string) => ({ type: 'not-run' as const, reason })
  if (files.length !== 1) return notRun('it has several files, and a submission has one')
  if (language === null) return notRun('it is in no language the arena has')
  if ((files[0]?.bytes ?? 0) > mostBytes) return notRun(`it is longer than the ${mostBytes} bytes of a submission`)
  return undefined
}

/** Nothing that comes after it could make it right, or wrong. */
const firstFailureDecides = ({ permitted, required, scoreMilli }: SolutionExpectation): boolean =>
  scoreMilli === undefined && required === undefined && (permitted === undefined || permitted.every((each) => each === 'AC'))

/** Of the judge's answer, what is kept. */
export function outcomeKept(outcome: EvaluationOutcome): SolutionOutcome {
  if (outcome.type === 'fault') return { type: 'fault', reason: outcome.reason }
  const { verdict, score, points, cpuMs } = outcome
  const counts = new Map<TestVerdict, number>()
  for (const test of outcome.tests) counts.set(test.verdict, (counts.get(test.verdict) ?? 0) + 1)
  const tests = [...counts].map(([each, count]) => ({ verdict: each, count }))
  return { type: 'judged', verdict, score, cpuMs, tests, ...(points && { milli: points.milli }) }
}

type Found = { readonly version: number; readonly askedAt: Instant; readonly rows: readonly AskedRow[] }
export function verificationOf({ version, askedAt, rows }: Found): Verification {
  const problems = rows.flatMap(problemsOf)
  const judged = rows.flatMap(({ solution, outcome }) => (outcome?.type === 'judged' ? [{ ...outcome, timing: solution.expected.timing }] : []))
  const accepted = judged.filter(({ timing, verdict }) => timing === 'fast' && verdict === 'AC').map(({ cpuMs }) => cpuMs)
  const slow = judged.filter(({ timing, tests }) => timing === 'slow' && tests.some(({ verdict }) => verdict === 'TLE')).map(({ cpuMs }) => cpuMs)
  return {
    state: stateOf(rows, problems),
    version,
    at: toIso(askedAt),
    solutions: rows.map(solutionShown),
    ...(accepted.length > 0 && { slowestAcceptedMs: Math.max(...accepted) }),
    ...(slow.length > 0 && { fastestTimeLimitMs: Math.min(...slow) }),
    problems,
  }
}

/** `verified` claims that something was judged. */
function stateOf(rows: readonly AskedRow[], problems: readonly VerificationProblem[]): VerificationState {
  if (rows.some(({ outcome }) => outcome === undefined)) return 'running'
  if (problems.some(({ kind }) => kind !== 'margin' && kind !== 'not-run')) return 'failed'
  return rows.some(({ outcome }) => outcome?.type === 'judged') ? 'verified' : 'none'
}

function solutionShown({ solution: { path, language, limitMs }, outcome }: AskedRow): VerifiedSolution {
  if (outcome === undefined) return { path, language, state: 'waiting' }
  const { type, ...got } = outcome
  return { path, language, state: type, ...got, ...(type === 'judged' && { limitMs }) }
}

function problemsOf({ solution: { path, expected, limitMs }, outcome }: AskedRow): VerificationProblem[] {
  if (outcome === undefined) return []
  const wanted = expected.verdicts.join(', ')
  const problem = (kind: VerificationProblem['kind'], text: string, got: string) => [{ path, kind, expected: text, got }]
  if (outcome.type !== 'judged') return problem(outcome.type, wanted, outcome.reason)
  if (!expected.verdicts.includes(outcome.verdict)) return problem('verdict', wanted, outcome.verdict)
  const ended = outcome.tests.map(({ verdict }) => verdict)
  const { permitted, required, scoreMilli, timing } = expected
  const unwanted = permitted ? ended.filter((each) => !isOneOf(each, permitted)) : []
  const isMissing = required !== undefined && !ended.some((each) => each !== 'SKIPPED' && isOneOf(each, required))
  const milli = outcome.milli ?? outcome.score * 1000
  const isOtherScore = scoreMilli !== undefined && (milli < scoreMilli[0] || milli > scoreMilli[1])
  const isTight = timing === 'fast' && outcome.verdict === 'AC' && outcome.cpuMs * acceptedMargin > limitMs
  return [
    ...(unwanted.length > 0 ? problem('permitted', (permitted ?? []).join(', '), unwanted.join(', ')) : []),
    ...(isMissing ? problem('required', required.join(', '), ended.join(', ')) : []),
    ...(isOtherScore ? problem('score', pointsText(scoreMilli), String(milli / 1000)) : []),
    ...(isTight ? problem('margin', `${Math.floor(limitMs / acceptedMargin)} ms`, `${outcome.cpuMs} ms`) : []),
  ]
}

const pointsText = ([from, to]: readonly [number, number]) => (from === to ? String(from / 1000) : `${from / 1000}–${to / 1000}`)

/** The formats know four: too much memory or output is a run that failed, a part of a test's points an accepted one. Tests that were left out say nothing. */
const inFormats: Partial<Record<TestVerdict, TestVerdict>> = { MLE: 'RE', OLE: 'RE', PARTIAL: 'AC' }
const isOneOf = (verdict: TestVerdict, those: readonly TestVerdict[]): boolean =>
  verdict === 'SKIPPED' || those.includes(verdict) || those.includes(inFormats[verdict] ?? verdict)
