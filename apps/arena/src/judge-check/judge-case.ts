import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Judging } from '#contracts/contest'
import type { EvaluationJob } from '#contracts/submission'
import type { Sandbox } from '#ports/sandbox'
import type { JudgingSource } from '#services/evaluation/src/test-data'
import { evaluate } from '#services/evaluation/src/usecases/evaluate'
import type { Bait } from './bait.ts'
import type { Case } from './cases.ts'
import { findProblems, type Judged } from './finding.ts'

/** What came of one case. Without `judged` the judge gave no verdict, and `problems` says why; with `skipped` it was not tried. */
export type CaseResult = {
  readonly case: Case
  readonly judged?: Judged
  /** Empty: all is as the case says. */
  readonly problems: readonly string[]
  readonly skipped?: string
  /** From opening the box to closing it. */
  readonly elapsedMs: number
}

/** No case takes a tenth of it on a calm machine: a judge that has not answered by then hangs. */
const deadlineMs = 120_000

const id = '00000000-0000-7000-8000-000000000001'
const digestOf = (content: string) => createHash('sha256').update(content).digest('hex')

/** Judges a case as the evaluation service judges a submission: the same code, with test data from files of our own. */
export async function judgeCase(sandbox: Sandbox, given: Case, bait: Bait): Promise<CaseResult> {
  const each = {
    ...given,
    source: bait.fill(given.source),
    tests: given.tests.map((test) => ({ ...test, input: bait.fill(test.input), output: bait.fill(test.output) })),
  }
  const nothing = { case: each, problems: [], elapsedMs: 0 }
  if (sandbox.toolchains[each.language] === undefined) return { ...nothing, skipped: `the toolchain of ${each.language} is not there` }
  if (each.processor !== undefined && each.processor !== process.arch) return { ...nothing, skipped: `for ${each.processor} processors` }
  const folder = mkdtempSync(join(tmpdir(), 'arena-case-'))
  const started = performance.now()
  const elapsedMs = () => performance.now() - started
  try {
    const signal = AbortSignal.timeout(deadlineMs)
    const judged = await evaluate({ source: sourceOf(each, folder), sandbox }, jobOf(each), { signal, progress: () => undefined })
    return { case: each, judged, problems: findProblems(each, judged, bait.secret), elapsedMs: elapsedMs() }
  } catch (error) {
    return { case: each, problems: [`no verdict: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`], elapsedMs: elapsedMs() }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sourceOf(each: Case, folder: string): JudgingSource {
  const blob = (content: string) => {
    const digest = digestOf(content)
    writeFileSync(join(folder, digest), content, { mode: 0o644 })
    return digest
  }
  const judging: Judging = {
    kind: 'program',
    limits: each.limits,
    compare: each.compare,
    dataDigest: digestOf(each.id),
    tests: each.tests.map(({ input, output }, index) => ({
      index: index + 1,
      sample: index === 0,
      input: blob(input),
      inputBytes: Buffer.byteLength(input),
      output: blob(output),
      outputBytes: Buffer.byteLength(output),
    })),
  }
  return { judging: async () => judging, hold: async (digest) => ({ path: join(folder, digest), content: undefined, release: () => undefined }) }
}

const jobOf = (each: Case): EvaluationJob => ({
  submissionId: id,
  attempt: 1,
  userId: id,
  contestId: null,
  problemId: id,
  problemVersion: 1,
  kind: 'program',
  lane: 'practice',
  stopAtFirstFailure: !each.runsAll,
  language: each.language,
  source: each.source,
  answer: null,
  submittedAt: '2026-01-01T00:00:00Z',
})

/** Judges cases side by side, as many at once as `slots` says, and tells each result in the cases' own order. */
export async function judgeCases(
  sandbox: Sandbox,
  cases: readonly Case[],
  options: { readonly bait: Bait; readonly slots: number; readonly tell: (result: CaseResult) => void },
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  let next = 0
  let told = 0
  const work = async () => {
    while (next < cases.length) {
      const index = next++
      results[index] = await judgeCase(sandbox, cases[index] as Case, options.bait)
      for (let result = results[told]; result !== undefined; result = results[told]) {
        options.tell(result)
        told++
      }
    }
  }
  await Promise.all(Array.from({ length: options.slots }, work))
  return results
}
