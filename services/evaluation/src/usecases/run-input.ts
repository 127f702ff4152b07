import { languageById } from '#contracts/languages'
import { type RunJob, type RunReport, standardRunLimits } from '#contracts/runs'
import type { Sandbox } from '#ports/sandbox'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { compileFailed, reportOf, runLimits } from '../domain/run-report.ts'
import type { JudgingSource } from '../test-data.ts'
import { cameToGoodEnd, compile, fill, onlyChecks } from './evaluate-program.ts'

export type RunDeps = {
  readonly source: Pick<JudgingSource, 'judging'>
  /** undefined: nothing can be run here. */
  readonly sandbox: Sandbox | undefined
}

/**
 * One program, once, with its author's own input, in a box of its own. Of the problem only the limits are looked at: no test is fetched.
 * @throws ProblemFault (not retried), JudgeFault or anything else (ours: retried). Nothing is published here.
 */
export async function runInput({ source, sandbox }: RunDeps, job: RunJob, { signal }: { readonly signal: AbortSignal }): Promise<RunReport> {
  if (sandbox === undefined) throw new JudgeFault('there is no sandbox here')
  const language = languageById(job.language)
  if (language === undefined || sandbox.toolchains[language.id] === undefined)
    throw new JudgeFault(`the toolchain of ${language?.name ?? job.language} is not installed on this judge`)
  const limits = runLimits(job.problem === null ? standardRunLimits : await limitsOf(source, job.problem), language.timeFactor)
  signal.throwIfAborted()
  const box = await sandbox.open({ image: language.image, signal })
  try {
    await box.put(language.sourceFile, Buffer.from(job.source, 'utf8'))
    const compiled = onlyChecks(language) ? undefined : await compile(box, language, { signal })
    if (compiled?.failed) return compileFailed(compiled.log, limits)
    const argv = fill(language.run, language, limits.run)
    const ran = await box.run({ argv, stdin: Buffer.from(job.input, 'utf8'), limits: limits.run, keepFiles: false, signal })
    if (onlyChecks(language) && !cameToGoodEnd(ran)) {
      const checked = await compile(box, language, { signal })
      if (checked.failed) return compileFailed(checked.log, limits)
    }
    const report = reportOf(ran, limits)
    if (report === undefined) throw new JudgeFault(`unknown sandbox outcome ${JSON.stringify(ran.outcome)}`)
    return report
  } finally {
    await box.close()
  }
}

async function limitsOf(source: RunDeps['source'], { id, version }: NonNullable<RunJob['problem']>) {
  const judging = await source.judging(id, version)
  if (judging.kind !== 'program') throw new ProblemFault(`the problem is of kind ${judging.kind}, and a program was to be run`)
  return judging.limits
}
