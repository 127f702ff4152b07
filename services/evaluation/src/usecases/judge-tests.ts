import type { TestVerdict } from '#contracts/common'
import type { EvaluationJob, TestResult } from '#contracts/submission'
import type { Said } from '../domain/checker-said.ts'
import { ProblemFault } from '../domain/faults.ts'
import { type PlannedTest, planGroups } from '../domain/group-plan.ts'
import { type Given, isPointless, isRuledOut, type Result, resultOf, totalOf } from '../domain/score-groups.ts'
import { endsRun, foldVerdict, hasWasted } from '../domain/verdict.ts'
import type { JudgedOutcome, Progress } from './evaluate.ts'
import type { HeldTest, ProgramJudging } from './judging-data.ts'

/** One test: rejected, or accepted as far as `given` says (absent: wholly). */
export type Finding = {
  readonly verdict: Exclude<TestVerdict, 'PARTIAL' | 'SKIPPED'>
  readonly given?: Given | undefined
  readonly detail: string
  readonly used?: Pick<TestResult, 'cpuMs' | 'wallMs' | 'memoryBytes'>
}
/** Runs and checks one test, or finds at the first that there is no program (CE). */
export type JudgeTest = (test: HeldTest) => Promise<Finding | { readonly compileLog: string }>

export type Judged = Pick<JudgedOutcome, 'verdict' | 'score' | 'points' | 'cpuMs' | 'wallMs' | 'memoryBytes' | 'tests' | 'compileLog'>
/** Of what was checked. */
export const findingOf = (said: Exclude<Said, { fault: string }>): Finding =>
  said.isAccepted ? { verdict: 'AC', given: said.given, detail: said.message } : { verdict: 'WA', detail: said.message }

type Work = { readonly judging: ProgramJudging; readonly job: Pick<EvaluationJob, 'stopAtFirstFailure'>; readonly progress: Progress }

/**
 * The tests one after another, in an order that depends on the problem alone. Where the problem has groups those decide what is run and what it comes to
 * (`score-groups.ts`); else, and in ICPC contests whatever the problem has, it is all or nothing (`verdict.ts`).
 */
export async function judgeTests(tests: readonly HeldTest[], work: Work, judge: JudgeTest): Promise<Judged> {
  const { rules, ordered } = rulesFor(tests, work)
  const results: TestResult[] = []
  for (const [position, held] of ordered.entries()) {
    const { index, sample, group } = held.test
    const named = { index, sample, ...(group === undefined ? {} : { group }) }
    if (rules.isSkipped(index)) {
      rules.keep(index, undefined)
      results.push({ ...named, verdict: 'SKIPPED' })
      continue
    }
    work.progress('running', position + 1, ordered.length)
    const found = await judge(held)
    if ('compileLog' in found) return compileError(work.judging, found.compileLog)
    const { used, detail } = found
    results.push({ ...named, ...rules.keep(index, found), ...used, ...(detail === '' ? {} : { detail }) })
  }
  return {
    ...rules.total(),
    cpuMs: Math.max(0, ...results.map((result) => result.cpuMs ?? 0)),
    wallMs: Math.max(0, ...results.map((result) => result.wallMs ?? 0)),
    memoryBytes: Math.max(0, ...results.map((result) => result.memoryBytes ?? 0)),
    tests: results.sort((a, b) => a.index - b.index),
    compileLog: null,
  }
}

/** Nothing was run, and all points there are were missed. */
export function compileError(judging: ProgramJudging, log: string): Judged {
  const plan = planOf(judging)
  const points = plan === undefined ? {} : { points: totalOf(plan, new Map()).points }
  return { verdict: 'CE', score: 0, ...points, cpuMs: 0, wallMs: 0, memoryBytes: 0, tests: [], compileLog: log }
}

/** @throws ProblemFault when the groups make no sense. */
function planOf({ groups, tests }: ProgramJudging) {
  if (groups === undefined) return undefined
  const plan = planGroups(groups, tests)
  if ('reason' in plan) throw new ProblemFault(`the groups of tests make no sense: ${plan.reason}`)
  return plan
}

type Rules = {
  isSkipped(index: number): boolean
  /** @param found undefined: skipped. */
  keep(index: number, found: Finding | undefined): Pick<TestResult, 'verdict' | 'milli'>
  total(): Pick<JudgedOutcome, 'verdict' | 'score' | 'points'>
}

function rulesFor(tests: readonly HeldTest[], { judging, job }: Work): { readonly rules: Rules; readonly ordered: readonly HeldTest[] } {
  const plan = planOf(judging)
  const planned = new Map(plan?.tests.map((test) => [test.index, test]))
  if (plan === undefined || job.stopAtFirstFailure) return { rules: allOrNothing(job.stopAtFirstFailure, planned), ordered: tests }
  const results = new Map<number, Result>()
  const held = new Map(tests.map((test) => [test.test.index, test]))
  const rules: Rules = {
    isSkipped(index) {
      const test = planned.get(index)
      return test !== undefined && (isRuledOut(test, results) || isPointless(test, results))
    },
    keep(index, found) {
      const test = planned.get(index)
      const result = found === undefined || test === undefined ? { verdict: 'SKIPPED' as const, milli: 0 } : worthIn(test, found)
      results.set(index, result)
      return result
    },
    total: () => totalOf(plan, results),
  }
  return { rules, ordered: plan.tests.flatMap(({ index }) => held.get(index) ?? []) }
}

const worthIn = (test: PlannedTest, { verdict, given }: Finding): Result => (verdict === 'AC' ? resultOf(test, given) : { verdict, milli: test.reject })

/** Less than what a test is worth (one point, where nothing is said) is not accepted. */
function allOrNothing(stopAtFirstFailure: boolean, planned: ReadonlyMap<number, PlannedTest>): Rules {
  const outcomes: { readonly index: number; readonly verdict: TestVerdict }[] = []
  let isOver = false
  return {
    isSkipped: () => isOver,
    keep(index, found) {
      const verdict = found === undefined ? 'SKIPPED' : found.verdict === 'AC' && !isWhole(found.given, planned.get(index)) ? 'WA' : found.verdict
      outcomes.push({ index, verdict })
      isOver ||= endsRun(verdict, stopAtFirstFailure) || hasWasted(outcomes)
      return { verdict }
    },
    total: () => foldVerdict(outcomes),
  }
}
const onePoint = 1000
function isWhole(given: Given | undefined, test: PlannedTest | undefined): boolean {
  if (given === undefined) return true
  if (test !== undefined) return resultOf(test, given).verdict === 'AC'
  return 'milli' in given ? given.milli >= onePoint : given.shareMilli >= 1000
}
