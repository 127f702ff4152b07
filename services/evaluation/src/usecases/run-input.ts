import { languageById } from '#contracts/languages'
import { type RunJob, type RunReport, standardRunLimits } from '#contracts/runs'
import type { Sandbox } from '#ports/sandbox'
import type { Artefacts } from '../artefacts.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { compileFailed, reportOf, runLimits } from '../domain/run-report.ts'
import type { JudgingSource } from '../test-data.ts'
import { buildProgram, toolchainVersion } from './build-program.ts'
import { openHolding } from './judging-data.ts'
import { sourceOf } from './source-of.ts'

export type RunDeps = {
  readonly source: JudgingSource
  /** undefined: nothing can be run here. */
  readonly sandbox: Sandbox | undefined
  /** Programs that were built before, by runs or submissions of the same source. */
  readonly artefacts?: Artefacts | undefined
}

/**
 * One program, once, with its author's own input, in a box of its own. Of the problem only the limits are looked at, and the grader where it has one: no test
 * is fetched.
 * @throws ProblemFault (not retried), JudgeFault or anything else (ours: retried). Nothing is published here.
 */
export async function runInput({ source, sandbox, artefacts }: RunDeps, job: RunJob, { signal }: { readonly signal: AbortSignal }): Promise<RunReport> {
  if (sandbox === undefined) throw new JudgeFault('there is no sandbox here')
  const language = languageById(job.language)
  if (language === undefined) throw new JudgeFault(`the judge does not know the language ${job.language}`)
  toolchainVersion(sandbox, language) // before a box is opened for nothing
  const judging = job.problem === null ? undefined : await judgingOf(source, job.problem)
  const limits = runLimits(judging?.limits ?? standardRunLimits, language)
  const built = await sourceIn({ judging, language, text: job.source }, source)
  signal.throwIfAborted()
  const box = await sandbox.open({ image: language.image, signal })
  try {
    const program = await buildProgram({ sandbox, box, language, source: built, artefacts, signal })
    if (program.failed) return compileFailed(program.log, limits)
    const stdin = Buffer.from(job.input, 'utf8')
    const ran = await box.run({ argv: program.argv(limits.memory), stdin, limits: limits.run, keepFiles: false, signal })
    const unfit = await program.checkAfter(ran)
    if (unfit !== undefined) return compileFailed(unfit.log, limits)
    const report = reportOf(ran, limits)
    if (report === undefined) throw new JudgeFault(`unknown sandbox outcome ${JSON.stringify(ran.outcome)}`)
    return report
  } finally {
    await box.close()
  }
}

async function judgingOf(source: RunDeps['source'], { id, version }: NonNullable<RunJob['problem']>) {
  const judging = await source.judging(id, version)
  if (judging.kind !== 'program') throw new ProblemFault(`the problem is of kind ${judging.kind}, and a program was to be run`)
  return judging
}

async function sourceIn(asked: Parameters<typeof sourceOf>[0], source: RunDeps['source']) {
  const holding = openHolding(source)
  try {
    return await sourceOf(asked, holding)
  } finally {
    holding.release()
  }
}
