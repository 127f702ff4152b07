/** Which words explain a verdict to a pupil: what it means, and what to look at next. Pure; the words are in the texts under `why`. */
import type { TestVerdict, Verdict } from '#contracts/common'
import type { Submission, TestResult } from '#contracts/submission'

/** Texts `why.means.*` and `why.next.*`. */
export type Explained = Exclude<Verdict, 'AC'> | 'answerWA'
/** Texts `why.crash.*`: a run-time error whose signal or exit code may be told. */
export type Crash = 'memory' | 'arithmetic' | 'abort' | 'killed' | 'exitCode' | 'forbidden' | 'signal'

export type VerdictWords = {
  readonly about: Explained
  readonly crash?: { readonly kind: Crash; readonly code: string }
  /** The first test that was not passed, where tests may be told. */
  readonly firstFailed?: { readonly index: number; readonly isSample: boolean }
  /** How many were passed of those that ran, where tests may be told. */
  readonly passed?: { readonly count: number; readonly of: number }
}

const crashBySignal: Readonly<Record<string, Crash>> = { SIGSEGV: 'memory', SIGBUS: 'memory', SIGFPE: 'arithmetic', SIGABRT: 'abort', SIGKILL: 'killed' }

/** The judge's note of a test, e.g. `killed by SIGSEGV`: told of samples only. */
export function crashOf(detail: string | undefined): VerdictWords['crash'] {
  const exit = /^exit code (-?\d+)/.exec(detail ?? '')?.[1]
  if (exit !== undefined) return { kind: 'exitCode', code: exit }
  if (detail?.startsWith('a forbidden system call')) return { kind: 'forbidden', code: '' }
  const signal = /^killed by (?:signal )?(\w+)/.exec(detail ?? '')?.[1]
  return signal === undefined ? undefined : { kind: crashBySignal[signal] ?? 'signal', code: signal }
}

const isFailed = ({ verdict }: { readonly verdict: TestVerdict }) => verdict !== 'AC' && verdict !== 'SKIPPED'

/** undefined: nothing to explain (not judged, accepted, held). */
export function verdictWords({ status, verdict, kind, tests = [] }: Pick<Submission, 'status' | 'verdict' | 'kind' | 'tests'>): VerdictWords | undefined {
  if (status !== 'judged' || verdict === undefined || verdict === 'AC') return undefined
  if (kind !== 'program') return { about: verdict === 'WA' ? 'answerWA' : verdict }
  const failed: TestResult | undefined = tests.find(isFailed)
  const ran = tests.filter((each) => each.verdict !== 'SKIPPED')
  const crash = verdict === 'RE' && failed?.verdict === 'RE' ? crashOf(failed.detail) : undefined
  return {
    about: verdict,
    ...(crash && { crash }),
    ...(failed && { firstFailed: { index: failed.index, isSample: failed.sample } }),
    ...(ran.length > 0 && { passed: { count: ran.filter((each) => each.verdict === 'AC').length, of: tests.length } }),
  }
}
