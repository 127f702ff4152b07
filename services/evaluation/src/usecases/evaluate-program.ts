import { type LanguageSpec, languageById, textLanguage } from '#contracts/languages'
import type { EvaluationJob } from '#contracts/submission'
import { type Bytes, bytes, type Ms, mebibytes, ms } from '#kernel/units'
import type { Box, RunResult, Sandbox } from '#ports/sandbox'
import type { Artefacts } from '../artefacts.ts'
import { classify } from '../domain/classify.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { type TestLimits, testLimits } from '../domain/limits.ts'
import { printable } from '../domain/printable.ts'
import { isNearMiss } from '../domain/verdict.ts'
import { type OutputBudget, openOutputBudget } from '../output-budget.ts'
import type { JudgingSource } from '../test-data.ts'
import { type Build, buildProgram, type Program, toolchainVersion } from './build-program.ts'
import { type Checking, openChecking } from './checking.ts'
import type { JudgedOutcome, Progress } from './evaluate.ts'
import { evaluateText } from './evaluate-text.ts'
import { evaluateInteractive } from './interact.ts'
import { compileError, type Finding, findingOf, type Judged, type JudgeTest, judgeTests } from './judge-tests.ts'
import { type HeldTest, type Holding, openHolding, type ProgramJudging } from './judging-data.ts'
import { sourceOf } from './source-of.ts'
import { rounded, type StageTimes, timed } from './stages.ts'

/**
 * Compiles once (`build-program.ts`), runs the tests in order in one box, and has the outputs checked outside of it (`checking.ts`): the expected output never
 * enters. Test data is fetched while the compiler works. What is large of it is never in memory as a whole: inputs go as files into the sandbox, expected
 * outputs come in pieces from theirs (but into a checker's box as a whole). Every stage has its time, so that a slow judge can be told from a slow program.
 */
export type ProgramWork = {
  readonly source: JudgingSource
  readonly sandbox: Sandbox | undefined
  readonly judging: ProgramJudging
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
/** What every way of judging a program or a text works with. */
export type Work = ProgramWork & { readonly sandbox: Sandbox; readonly text: string; readonly holding: Holding; readonly times: StageTimes }

/** Outputs to 16 MiB are held as they come; above that the worker's judgings share 128 MiB. */
const sharedOutputs = openOutputBudget(mebibytes(128), mebibytes(16))

export async function evaluateProgram(work: ProgramWork): Promise<JudgedOutcome> {
  const { sandbox, job, judging } = work
  if (sandbox === undefined) throw new JudgeFault('there is no sandbox here')
  if (job.source === null) throw new ProblemFault('the submission has no source')
  if (judging.tests.length === 0) throw new ProblemFault('the problem has no tests')
  if (isText(job) !== (judging.mode === 'output-only')) throw new ProblemFault(`the problem does not take ${job.language}`)
  const times: StageTimes = { fetchMs: Math.round(performance.now() - work.started), compileMs: 0, runMs: 0, checkMs: 0 }
  const holding = openHolding(work.source)
  try {
    const { toolchain, ...judged } = await wayOf(work)({ ...work, sandbox, text: job.source, holding, times })
    const { problemVersion } = job
    const provenance = { problemVersion, dataDigest: judging.dataDigest, toolchain, checker: checkerOf(judging), sandbox: sandbox.name }
    return { type: 'judged', ...judged, provenance, stages: rounded(times) }
  } finally {
    holding.release()
  }
}

const wayOf = ({ job, judging }: ProgramWork) => (isText(job) ? evaluateText : judging.mode === 'interactive' ? evaluateInteractive : runProgram)
const isText = ({ language }: EvaluationJob) => language === textLanguage

const checkerOf = ({ checker, interactor, compare }: ProgramJudging) =>
  [interactor, checker].flatMap((each) => (each === undefined ? [] : [`${each.protocol}:${each.program.digest}`])).join(' ') || (compare.kind ?? 'default')

async function runProgram(work: Work): Promise<Judged & { readonly toolchain: string }> {
  const { sandbox, job, judging, holding, times, signal } = work
  const language = languageById(job.language ?? '')
  if (language === undefined) throw new ProblemFault(`the judge does not know the language ${job.language}`)
  toolchainVersion(sandbox, language)
  const fetching = timed(times, 'fetchMs', () => holding.tests(judging.tests))
  fetching.catch(() => undefined) // it is awaited once the compiler has done; until then its failure waits
  const checking = openChecking(work, judging)
  let box: Box | undefined
  try {
    box = await sandbox.open({ image: language.image, signal })
    work.progress('compiling', 0, judging.tests.length)
    const program = await build(work, box, language)
    const tests = await fetching
    if (program.failed) return { ...compileError(judging, program.log), toolchain: program.toolchain }
    return { ...(await judgeTests(tests, work, judgeOne({ ...work, box, language, program, checking }))), toolchain: program.toolchain }
  } finally {
    await fetching.catch(() => undefined) // its failure was thrown above, or something before it was
    await Promise.all([box?.close(), checking.close()])
  }
}

async function build(work: Work, box: Box, language: LanguageSpec): Promise<Build> {
  const { sandbox, artefacts, signal, times, holding } = work
  const source = await sourceOf({ ...work, language }, holding)
  const program = await timed(times, 'compileMs', () => buildProgram({ sandbox, box, language, source, artefacts, signal }))
  if (!program.failed && (program.cached || language.onlyChecks)) times.compileMs = 0 // nothing was compiled
  return program
}

type Running = Work & { readonly box: Box; readonly language: LanguageSpec; readonly program: Program; readonly checking: Checking }

/** Input on stdin, output from stdout. */
function judgeOne(work: Running): JudgeTest {
  const { judging, language, program, checking, times, signal } = work
  let isFirst = true
  return async (held) => {
    const { inputBytes, outputBytes } = held.test
    const limits = withOutput(testLimits(judging.limits, language, outputBytes), checking.mostOutput(held))
    const beside = judging.checker === undefined ? 0 : inputBytes + outputBytes
    const release = await (work.outputs ?? sharedOutputs).take(limits.run.output + beside, signal)
    try {
      const ran = await timed(times, 'runMs', () => runTest(held, limits, work))
      const unfit = isFirst ? await timed(times, 'compileMs', () => program.checkAfter(ran)) : undefined
      isFirst = false
      if (unfit !== undefined) return { compileLog: unfit.log }
      const found = await timed(times, 'checkMs', () => judgeRun(ran, limits, () => checking.check(held, ran.stdout)))
      return { ...found, used: { cpuMs: ran.cpu, wallMs: ran.wall, memoryBytes: ran.memory } }
    } finally {
      release()
    }
  }
}

const withOutput = (limits: TestLimits, most: Bytes): TestLimits => ({ ...limits, run: { ...limits.run, output: bytes(Math.min(limits.run.output, most)) } })

/**
 * The better of two runs counts when the first missed a time limit narrowly, or for the machine's sake: it may have been busy. A clear miss is not
 * repeated. The second time the wall clock is twice as patient; the CPU clock is what it was, so only who waits has something of it.
 */
async function runTest(held: HeldTest, limits: TestLimits, { box, program, signal }: Running): Promise<RunResult> {
  const stdin = held.input.content ?? { file: held.input.path }
  const once = (wall: Ms) => box.run({ argv: program.argv(limits.memory), stdin, limits: { ...limits.run, wall }, keepFiles: false, signal })
  const ran = await once(limits.run.wall)
  if (!isNearMiss(ran, limits.cpu)) return ran
  const first = { ...ran, stdout: new Uint8Array() } // of a run that missed a limit nobody reads it, and two of them would be a lot
  const second = await once(ms(2 * limits.run.wall))
  return second.outcome === 'wallExceeded' || (first.outcome !== 'wallExceeded' && second.cpu > first.cpu) ? first : second
}

async function judgeRun(ran: RunResult, limits: TestLimits, check: () => ReturnType<Checking['check']>): Promise<Finding> {
  const said = classify(ran, limits)
  if (said === 'checkable') return findingOf(await check())
  if ('judgeFault' in said) throw new JudgeFault(said.judgeFault)
  const lastWords = printable(ran.stderr).trim().slice(-1000).toWellFormed() // half a character at the cut could not be stored, and with it no verdict
  return { verdict: said.verdict as Finding['verdict'], detail: lastWords === '' ? said.detail : `${said.detail}\n${lastWords}` }
}
