import type { Judging } from '#contracts/contest'
import type { EvaluationOutcome, EvaluationProgress } from '#contracts/evaluation'
import type { EvaluationJob } from '#contracts/submission'
import { gradeChoice, gradeNumeric } from '#kernel/grading'
import type { Sandbox } from '#ports/sandbox'
import type { Artefacts } from '../artefacts.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import type { JudgingSource } from '../test-data.ts'
import { evaluateProgram } from './evaluate-program.ts'

export type JudgedOutcome = Extract<EvaluationOutcome, { type: 'judged' }>
export type Progress = (stage: EvaluationProgress['stage'], test: number, of: number) => void
export type EvaluateDeps = {
  readonly source: JudgingSource
  /** undefined: programs cannot be judged here; quiz answers can. */
  readonly sandbox: Sandbox | undefined
  /** Programs that were compiled before; absent: everything is compiled. */
  readonly artefacts?: Artefacts | undefined
}

/**
 * One job from the queue to its outcome. Quiz answers take the same way as programs; their graders are pure.
 * @throws ProblemFault (the setter's: not retried), JudgeFault or anything else (ours: retried). Nothing is published here.
 */
export async function evaluate(
  deps: EvaluateDeps,
  job: EvaluationJob,
  options: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<JudgedOutcome> {
  const started = performance.now()
  const judging = await deps.source.judging(job.problemId, job.problemVersion)
  options.signal.throwIfAborted()
  if (judging.kind !== job.kind) throw new ProblemFault(`the problem is of kind ${judging.kind}, the submission of kind ${job.kind}`)
  if (judging.kind === 'program') return evaluateProgram({ ...deps, judging, job, ...options, started })
  const grade = gradeAnswer(judging, job.answer)
  const fetchMs = Math.round(performance.now() - started)
  return {
    type: 'judged',
    ...grade,
    cpuMs: 0,
    wallMs: 0,
    memoryBytes: 0,
    tests: [],
    compileLog: null,
    provenance: { problemVersion: job.problemVersion, dataDigest: judging.dataDigest, toolchain: 'none', checker: judging.kind, sandbox: 'none' },
    stages: { fetchMs, compileMs: 0, runMs: 0, checkMs: 0 },
  }
}

function gradeAnswer(judging: Exclude<Judging, { kind: 'program' }>, answer: EvaluationJob['answer']) {
  if (judging.kind === 'choice') {
    if (answer === null || !('choices' in answer)) throw new JudgeFault('a job for a choice problem came without choices')
    return gradeChoice(judging, answer.choices)
  }
  if (answer === null || !('value' in answer)) throw new JudgeFault('a job for a numeric problem came without a value')
  const graded = gradeNumeric(judging, answer)
  if (!graded.ok) throw new ProblemFault(graded.error.problem)
  return graded.value
}
