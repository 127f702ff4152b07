import { readFile } from 'node:fs/promises'
import type { Judging } from '#contracts/contest'
import { type LanguageSpec, languageById } from '#contracts/languages'
import type { EvaluationJob, TestResult } from '#contracts/submission'
import type { Box, RunResult, Sandbox } from '#ports/sandbox'
import { classify } from '../domain/classify.ts'
import { compareOutput } from '../domain/compare.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { compileLimits, type TestLimits, testLimits } from '../domain/limits.ts'
import { endsRun, foldVerdict, isNearMiss } from '../domain/verdict.ts'
import type { JudgingSource } from '../test-data.ts'
import type { JudgedOutcome, Progress } from './evaluate.ts'

/**
 * Compiles once (or asks later whether it would, see `onlyChecks`), runs the tests in order in one box, compares outside it: the expected output never enters. Test data is fetched while the
 * compiler works. Every stage has its time, so that a slow judge can be told from a slow program.
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
}
type Test = ProgramWork['judging']['tests'][number]
type HeldTest = { readonly test: Test; readonly inputPath: string; readonly outputPath: string }
type Clocks = { fetchMs: number; compileMs: number; runMs: number; checkMs: number }

export async function evaluateProgram(work: ProgramWork): Promise<JudgedOutcome> {
  const { sandbox, job, signal } = work
  if (sandbox === undefined) throw new JudgeFault('there is no sandbox here')
  const language = languageById(job.language ?? '')
  if (language === undefined || job.source === null) throw new ProblemFault(`the judge does not know the language ${job.language}`)
  const version = sandbox.toolchains[language.id]
  if (version === undefined) throw new JudgeFault(`the toolchain of ${language.name} is not installed on this judge`)
  if (work.judging.tests.length === 0) throw new ProblemFault('the problem has no tests')

  const clocks: Clocks = { fetchMs: Math.round(performance.now() - work.started), compileMs: 0, runMs: 0, checkMs: 0 }
  const releases: (() => void)[] = []
  const fetching = timed(clocks, 'fetchMs', () => holdTests(work, releases))
  fetching.catch(() => undefined) // it is awaited once the compiler has done; until then its failure waits
  const box = await sandbox.open({ signal }).catch(async (error: unknown) => {
    await fetching.catch(() => undefined)
    throw error
  })
  try {
    await box.put(language.sourceFile, Buffer.from(job.source, 'utf8'))
    work.progress('compiling', 0, work.judging.tests.length)
    const compiled = onlyChecks(language) ? notCompiled : await timed(clocks, 'compileMs', () => compile(box, language, work))
    const tests = await fetching
    const judged = compiled.failed ? compileError(compiled.log) : await runTests(box, tests, language, { ...work, clocks })
    return {
      type: 'judged',
      ...judged,
      provenance: {
        problemVersion: job.problemVersion,
        dataDigest: work.judging.dataDigest,
        toolchain: `${language.id} ${version}`,
        checker: 'default',
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
    return held.path
  }
  const tests: HeldTest[] = []
  for (const test of [...judging.tests].sort((a, b) => a.index - b.index))
    tests.push({ test, inputPath: await hold(test.input), outputPath: await hold(test.output) })
  return tests
}

/**
 * Where compiling makes nothing that a test needs (Python), it only tells a source that is none from a program. Such a source cannot come to a good
 * end in any test, so the question is asked when the first test has not: most submissions are spared a start of the interpreter.
 */
const onlyChecks = (language: LanguageSpec) => language.artefact === undefined
const notCompiled = { failed: false, log: '' }
const cameToGoodEnd = (ran: RunResult) => ran.outcome === 'exited' && ran.exitCode === 0

/** A compiler that fails for whatever reason, its limits included, is a compile error: it is the source that made it so. */
async function compile(box: Box, language: LanguageSpec, { signal }: ProgramWork): Promise<{ failed: boolean; log: string }> {
  if (language.compile === undefined) return notCompiled
  const result = await box.run({ argv: fill(language.compile, language, compileLimits), limits: compileLimits, keepFiles: true, signal })
  const log = printable(result.stderr.length > 0 ? result.stderr : result.stdout)
    .slice(0, compileLimits.stderr)
    .toWellFormed()
  const said = classify(result)
  if (said === 'checkable') return { failed: false, log }
  if ('judgeFault' in said) throw new JudgeFault(said.judgeFault)
  return { failed: true, log: result.outcome === 'exited' ? log : `${log}\nThe compiler was stopped: ${said.detail}.`.trim() }
}

const compileError = (log: string) => ({ verdict: 'CE' as const, score: 0, cpuMs: 0, wallMs: 0, memoryBytes: 0, tests: [], compileLog: log })

/** Text for people: no control characters but line breaks and tabs, and what is no UTF-8 replaced. */
const printable = (content: Uint8Array) =>
  Buffer.from(content)
    .toString('utf8')
    .replace(/[^\P{Cc}\t\n]/gu, '\ufffd')

const fill = (argv: readonly string[], language: LanguageSpec, limits: { readonly memory: number }) =>
  argv.map((part) =>
    part
      .replace('{source}', language.sourceFile)
      .replace('{binary}', language.artefact ?? '')
      .replace('{memoryMiB}', String(Math.floor(limits.memory / 1024 ** 2))),
  )

async function runTests(box: Box, tests: readonly HeldTest[], language: LanguageSpec, work: ProgramWork & { readonly clocks: Clocks }) {
  const results: TestResult[] = []
  let over = false
  for (const held of tests) {
    const { index, sample, outputBytes } = held.test
    if (over) {
      results.push({ index, sample, verdict: 'SKIPPED' })
      continue
    }
    work.progress('running', index, tests.length)
    const limits = testLimits(work.judging.limits, language.timeFactor, outputBytes)
    const ran = await timed(work.clocks, 'runMs', () =>
      runTest(box, { argv: fill(language.run, language, limits.run), inputPath: held.inputPath, limits, signal: work.signal }),
    )
    if (results.length === 0 && onlyChecks(language) && !cameToGoodEnd(ran)) {
      const checked = await timed(work.clocks, 'compileMs', () => compile(box, language, work))
      if (checked.failed) return compileError(checked.log)
    }
    const judged = await timed(work.clocks, 'checkMs', () => check(ran, held, limits.cpu, work))
    results.push({
      index,
      sample,
      verdict: judged.verdict,
      cpuMs: ran.cpu,
      wallMs: ran.wall,
      memoryBytes: ran.memory,
      ...(judged.detail === '' ? {} : { detail: judged.detail }),
    })
    over = endsRun(judged.verdict, work.job.stopAtFirstFailure)
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

/** The better of two runs counts when the first missed a time limit narrowly: the machine may have been busy. A clear miss is not repeated. */
async function runTest(box: Box, run: { argv: readonly string[]; inputPath: string; limits: TestLimits; signal: AbortSignal }): Promise<RunResult> {
  const once = () => box.run({ argv: run.argv, stdin: { file: run.inputPath }, limits: run.limits.run, keepFiles: false, signal: run.signal })
  const first = await once()
  if (!isNearMiss(first, run.limits.cpu)) return first
  const second = await once()
  return second.outcome === 'wallExceeded' || (first.outcome !== 'wallExceeded' && second.cpu > first.cpu) ? first : second
}

async function check(
  ran: RunResult,
  held: HeldTest,
  cpuLimit: number,
  { judging }: ProgramWork,
): Promise<{ verdict: Exclude<TestResult['verdict'], 'SKIPPED'>; detail: string }> {
  const said = classify(ran, cpuLimit)
  if (said === 'checkable') {
    const difference = compareOutput(ran.stdout, await readFile(held.outputPath), judging.compare)
    return difference.equal ? { verdict: 'AC', detail: '' } : { verdict: 'WA', detail: difference.detail }
  }
  if ('judgeFault' in said) throw new JudgeFault(said.judgeFault)
  const lastWords = printable(ran.stderr).trim().slice(-1000).toWellFormed() // half a character at the cut could not be stored, and with it no verdict
  return { verdict: said.verdict as Exclude<TestResult['verdict'], 'SKIPPED'>, detail: lastWords === '' ? said.detail : `${said.detail}\n${lastWords}` }
}
