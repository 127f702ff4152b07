import type { Detail } from '#contracts/common'
import type { ContestSnapshot } from '#contracts/contest'
import type { Submission, TestResult } from '#contracts/submission'
import type { Instant } from '#kernel/time'
import { toIso } from '#kernel/time'
import type { JudgementRow, SubmissionRow } from './rows.ts'

export type Audience = 'participant' | 'staff'
export type ContestView = {
  readonly timing: ContestSnapshot['timing']
  readonly feedback: ContestSnapshot['feedback']
  readonly detail: Detail
  readonly endsAt: Instant | undefined
}

/** Kept back until the end of the contest, whatever happens to it before: two worlds that differ in the verdict look the same. */
export const isHeld = (contest: ContestView | undefined, now: Instant): boolean =>
  contest?.feedback === 'after-end' && (contest.endsAt === undefined || now < contest.endsAt)

const isRunning = (contest: ContestView | undefined, now: Instant): boolean => contest !== undefined && (contest.endsAt === undefined || now < contest.endsAt)

type Given = { readonly row: SubmissionRow; readonly judgement: JudgementRow | undefined; readonly contest: ContestView | undefined; readonly running: boolean }

/**
 * A submission as `audience` may see it at `now`. While a contest runs, a participant learns of hidden tests the verdict class only: exact time, memory and
 * the judge's remarks would be a side channel to the data; the totals are those of the samples then (in untimed contests, which never end, the true ones).
 * The contest's `detail` may say less still: no word on samples, or no tests at all.
 */
export function viewSubmission({ row, judgement, contest, running }: Given, audience: Audience, now: Instant): Submission {
  const plain = { ...identity(row), ...(row.source === undefined ? {} : { source: row.source }), ...(row.answer === undefined ? {} : { answer: row.answer }) }
  if (audience === 'participant' && isHeld(contest, now)) return { ...plain, status: 'held' }
  if (row.status === 'fault')
    return { ...plain, status: 'fault', ...(audience === 'staff' && row.fault ? { fault: { whose: row.fault.whose, reason: row.fault.reason } } : {}) }
  if (row.status === 'queued' || !judgement) return { ...plain, status: running ? 'running' : 'queued' }
  const restricted = audience === 'participant' && isRunning(contest, now)
  const tests = audience === 'staff' ? judgement.tests : testsShown(judgement.tests, restricted ? (contest?.detail ?? 'full') : undefined)
  const totals = restricted && contest?.timing !== 'untimed' ? totalsOf(judgement.tests.filter((test) => test.sample)) : judgement
  return {
    ...plain,
    status: 'judged',
    verdict: judgement.verdict,
    score: judgement.score,
    ...(judgement.points && { points: judgement.points }),
    judgedAt: toIso(judgement.judgedAt),
    ...(row.kind === 'program' ? { cpuMs: totals.cpuMs, memoryBytes: totals.memoryBytes, tests } : {}),
    ...(judgement.compileLog === undefined ? {} : { compileLog: judgement.compileLog }),
    ...(audience === 'staff' ? { stages: judgement.stages } : {}),
  }
}

/** For lists: no source, no tests, no logs. */
export function viewInList(given: Given, audience: Audience, now: Instant): Submission {
  const { source: _source, tests: _tests, compileLog: _log, answer: _answer, stages: _stages, ...light } = viewSubmission(given, audience, now)
  return light
}

const identity = (row: SubmissionRow) => ({
  id: row.id,
  problemId: row.problemId,
  userId: row.userId,
  kind: row.kind,
  attempt: row.attempt,
  submittedAt: toIso(row.submittedAt),
  ...(row.contestId === undefined ? {} : { contestId: row.contestId }),
  ...(row.language === undefined ? {} : { language: row.language }),
})

/** What the judge says of a hidden test, the program's own words included, would be the test itself: never told, also when nothing else is kept back. */
const withoutWords = ({ detail, ...test }: TestResult): TestResult => (test.sample && detail !== undefined ? { ...test, detail } : test)
/** @param detail of a contest that runs; undefined: nothing is kept back but words on hidden tests. */
function testsShown(tests: readonly TestResult[], detail: Detail | undefined): TestResult[] {
  if (detail === undefined) return tests.map(withoutWords)
  if (detail === 'none' || detail === 'verdict') return []
  return tests.map(classOnly).map((test) => (detail === 'full' ? test : withoutDetail(test)))
}
const withoutDetail = ({ detail: _, ...test }: TestResult): TestResult => test
/** Of a hidden test its class, and where it stands; what a checker gave for it would be more than a class. */
const classOnly = (test: TestResult): TestResult =>
  test.sample ? test : { index: test.index, sample: false, verdict: test.verdict, ...(test.group === undefined ? {} : { group: test.group }) }

const totalsOf = (tests: readonly TestResult[]) => ({
  cpuMs: Math.max(0, ...tests.map((test) => test.cpuMs ?? 0)),
  memoryBytes: Math.max(0, ...tests.map((test) => test.memoryBytes ?? 0)),
})
