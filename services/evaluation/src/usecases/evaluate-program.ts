import { open } from 'node:fs/promises'
import type { Compare } from '#contracts/common'
import type { Judging } from '#contracts/contest'
import { type LanguageSpec, languageById } from '#contracts/languages'
import type { EvaluationJob, TestResult } from '#contracts/submission'
import { type Ms, mebibytes, ms } from '#kernel/units'
import type { Box, RunResult, Sandbox } from '#ports/sandbox'
import type { Artefacts } from '../artefacts.ts'
import { classify } from '../domain/classify.ts'
import { openComparison } from '../domain/compare.ts'
import type { Difference } from '../domain/compare-place.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { type TestLimits, testLimits } from '../domain/limits.ts'
import { printable } from '../domain/printable.ts'
import { endsRun, foldVerdict, hasWasted, isNearMiss } from '../domain/verdict.ts'
import { type OutputBudget, openOutputBudget } from '../output-budget.ts'
import type { Held, JudgingSource } from '../test-data.ts'
import { buildProgram, type Program, toolchainVersion } from './build-program.ts'
import type { JudgedOutcome, Progress } from './evaluate.ts'

/**
 * Compiles once (`build-program.ts`), runs the tests in order in one box, compares outside it: the expected output never enters. Test data is fetched while
 * the compiler works. What is large of it is never in memory as a whole: inputs go as files into the sandbox, expected outputs come in pieces from theirs.
 * Every stage has its time, so that a slow judge can be told from a slow program.
 */
export type ProgramWork = {
  readonly source: JudgingSource
  readonly sandbox: Sandbox | undefined
  readonly judging: Extract<Judging, { kind: 'program' }>
  readonly job: EvaluationJob
  readonly signal: AbortSignal
  readonly progress: Progress
  /** performance.now() when the job was taken. */
  readonly started: number
  /** Absent: everything is compiled. */
  readonly artefacts?: Artefacts | undefined
  /** Default: one that all judgings of this process share. */
  readonly outputs?: OutputBudget | undefined
}
type Test = ProgramWork['judging']['tests'][number]
type HeldTest = { readonly test: Test; readonly input: Held; readonly output: Held }
type Clocks = { fetchMs: number; compileMs: number; runMs: number; checkMs: number }
type Running = ProgramWork & { readonly box: Box; readonly language: LanguageSpec; readonly clocks: Clocks }

/** Outputs to 16 MiB are held as they come; above that the worker's judgings share 128 MiB. */
const sharedOutputs = openOutputBudget(mebibytes(128), mebibytes(16))

export async function evaluateProgram(work: ProgramWork): Promise<JudgedOutcome> {
  const { sandbox, job, signal } = work
  if (sandbox === undefined) throw new JudgeFault('there is no sandbox here')
  const language = languageById(job.language ?? '')
  if (language === undefined || job.source === null) throw new ProblemFault(`the judge does not know the language ${job.language}`)
  toolchainVersion(sandbox, language)
  if (work.judging.tests.length === 0) throw new ProblemFault('the problem has no tests')

  const clocks: Clocks = { fetchMs: Math.round(performance.now() - work.started), compileMs: 0, runMs: 0, checkMs: 0 }
  const releases: (() => void)[] = []
  const fetching = timed(clocks, 'fetchMs', () => holdTests(work, releases))
  fetching.catch(() => undefined) // it is awaited once the compiler has done; until then its failure waits
  const box = await sandbox.open({ image: language.image, signal }).catch(async (error: unknown) => {
    await fetching.catch(() => undefined)
    throw error
  })
  try {
    work.progress('compiling', 0, work.judging.tests.length)
    const building = { sandbox, box, language, source: job.source, artefacts: work.artefacts, signal }
    const program = await timed(clocks, 'compileMs', () => buildProgram(building))
    if (!program.failed && (program.cached || language.onlyChecks)) clocks.compileMs = 0 // nothing was compiled
    const tests = await fetching
    const judged = program.failed ? compileError(program.log) : await runTests(tests, program, { ...work, box, language, clocks })
    return {
      type: 'judged',
      ...judged,
      provenance: {
        problemVersion: job.problemVersion,
        dataDigest: work.judging.dataDigest,
        toolchain: program.toolchain,
        checker: work.judging.compare.kind ?? 'default',
        sandbox: sandbox.name,
      },
      stages: {
        fetchMs: Math.round(clocks.fetchMs),
        compileMs: Math.round(clocks.compileMs),
        runMs: Math.round(clocks.runMs),
        checkMs: Math.round(clocks.checkMs),
      },
    }
  } finally {
    await fetching.catch(() => undefined) // its failure was thrown above, or something before it was
    for (const release of releases) release()
    await box.close()
  }
}

async function timed<T>(clocks: Clocks, stage: keyof Clocks, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await work()
  } finally {
    clocks[stage] += performance.now() - started
  }
}

async function holdTests({ source, judging }: ProgramWork, releases: (() => void)[]): Promise<readonly HeldTest[]> {
  const hold = async (digest: string) => {
    const held = await source.hold(digest)
    releases.push(held.release)
    return held
  }
  const tests: HeldTest[] = []
  for (const test of [...judging.tests].sort((a, b) => a.index - b.index)) tests.push({ test, input: await hold(test.input), output: await hold(test.output) })
  return tests
}

const compileError = (log: string) => ({ verdict: 'CE' as const, score: 0, cpuMs: 0, wallMs: 0, memoryBytes: 0, tests: [], compileLog: log })

async function runTests(tests: readonly HeldTest[], program: Program, work: Running) {
  const results: TestResult[] = []
  let over = false
  for (const held of tests) {
    const { index, sample } = held.test
    if (over) {
      results.push({ index, sample, verdict: 'SKIPPED' })
      continue
    }
    work.progress('running', index, tests.length)
    const result = await judgeTest(held, program, work, results.length === 0)
    if ('compileLog' in result) return compileError(result.compileLog)
    results.push(result)
    over = endsRun(result.verdict, work.job.stopAtFirstFailure) || hasWasted(results)
  }
  return {
    ...foldVerdict(results),
    cpuMs: Math.max(0, ...results.map((result) => result.cpuMs ?? 0)),
    wallMs: Math.max(0, ...results.map((result) => result.wallMs ?? 0)),
    memoryBytes: Math.max(0, ...results.map((result) => result.memoryBytes ?? 0)),
    tests: results,
    compileLog: null,
  }
}

async function judgeTest(held: HeldTest, program: Program, work: Running, isFirst: boolean): Promise<TestResult | { readonly compileLog: string }> {
  const { index, sample, outputBytes } = held.test
  const limits = testLimits(work.judging.limits, work.language, outputBytes)
  const release = await (work.outputs ?? sharedOutputs).take(limits.run.output, work.signal)
  try {
    const ran = await timed(work.clocks, 'runMs', () => runTest(held, program, limits, work))
    const unfit = isFirst ? await timed(work.clocks, 'compileMs', () => program.checkAfter(ran)) : undefined
    if (unfit !== undefined) return { compileLog: unfit.log }
    const { verdict, detail } = await timed(work.clocks, 'checkMs', () => check(ran, held, limits, held.test.compare ?? work.judging.compare))
    return { index, sample, verdict, cpuMs: ran.cpu, wallMs: ran.wall, memoryBytes: ran.memory, ...(detail === '' ? {} : { detail }) }
  } finally {
    release()
  }
}

/**
 * The better of two runs counts when the first missed a time limit narrowly, or for the machine's sake: it may have been busy. A clear miss is not
 * repeated. The second time the wall clock is twice as patient; the CPU clock is what it was, so only who waits has something of it.
 */
async function runTest(held: HeldTest, program: Program, limits: TestLimits, { box, signal }: Running): Promise<RunResult> {
  const stdin = held.input.content ?? { file: held.input.path }
  const once = (wall: Ms) => box.run({ argv: program.argv(limits.memory), stdin, limits: { ...limits.run, wall }, keepFiles: false, signal })
  const ran = await once(limits.run.wall)
  if (!isNearMiss(ran, limits.cpu)) return ran
  const first = { ...ran, stdout: new Uint8Array() } // of a run that missed a limit nobody reads it, and two of them would be a lot
  const second = await once(ms(2 * limits.run.wall))
  return second.outcome === 'wallExceeded' || (first.outcome !== 'wallExceeded' && second.cpu > first.cpu) ? first : second
}

type Checked = { readonly verdict: Exclude<TestResult['verdict'], 'SKIPPED'>; readonly detail: string }
async function check(ran: RunResult, held: HeldTest, limits: TestLimits, options: Compare): Promise<Checked> {
  const said = classify(ran, limits)
  if (said === 'checkable') {
    const difference = await compareWith(held.output, ran.stdout, options)
    return difference.equal ? { verdict: 'AC', detail: '' } : { verdict: 'WA', detail: difference.detail }
  }
  if ('judgeFault' in said) throw new JudgeFault(said.judgeFault)
  const lastWords = printable(ran.stderr).trim().slice(-1000).toWellFormed() // half a character at the cut could not be stored, and with it no verdict
  return { verdict: said.verdict as Checked['verdict'], detail: lastWords === '' ? said.detail : `${said.detail}\n${lastWords}` }
}

const pieceBytes = 128 * 1024

/** A large expected output is read as far as it is needed, in one buffer that is used again and again; other work has its turn between two pieces. */
async function compareWith(expected: Held, given: Uint8Array, options: Compare): Promise<Difference> {
  const comparison = openComparison(given, options)
  if (expected.content !== undefined) return comparison.push(expected.content) ?? comparison.end()
  const file = await open(expected.path)
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, pieceBytes)
      if (bytesRead === 0) return comparison.end()
      const found = comparison.push(buffer.subarray(0, bytesRead))
      if (found !== undefined) return found
    }
  } finally {
    await file.close()
  }
}
