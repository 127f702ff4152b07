import type { Run } from './facts.ts'
import { type Format, minuteOf } from './format.ts'
import { compareShares, isFull, type Marks, marksOf, pointsFor, subtasksOf } from './marks.ts'
import { points } from './points.ts'

/**
 * IOI. For each subtask the best over all runs, summed; a participant who solves one subtask with one program and another with a second has both. Time ranks
 * nobody. Of the judged runs the first `maxAttempts` count; a compile error is no attempt. `minute` is that of the run that last won anything.
 * @see IOI regulations since 2013 (per subtask); the older rule, the best single run, is `best-run`, and is what the points format does
 */
const perSubtask: Format = {
  cell: (problem, runs, startedAt) => {
    const judged = runs.filter((run) => run.judgement !== undefined && run.judgement.verdict !== 'CE')
    const counted = judged.slice(0, problem.maxAttempts ?? judged.length)
    const { marks, last } = bestOf(counted)
    const solved = isFull(marks)
    const cell = {
      problemId: problem.problemId,
      solved,
      score: pointsFor(problem.points, marks),
      attempts: counted.length,
      pending: solved ? 0 : runs.filter((run) => run.judgement === undefined).length,
    }
    if (last === undefined) return cell
    const { submittedAt, submissionId } = last
    return { ...cell, minute: minuteOf(submittedAt, startedAt), ...(solved ? { solvedBy: { submittedAt, submissionId } } : {}) }
  },
  totals: points.totals,
}

/**
 * The runs in order, each adding what it won beyond those before. When the problem was changed in between, so that its subtasks are others, the whole best
 * run of each version stands for itself: subtasks of two versions are not summed.
 */
function bestOf(runs: readonly Run[]): { readonly marks: Marks; readonly last: Run | undefined } {
  const versions = new Map<string, { readonly maxMilli: number; readonly best: Map<string, number> }>()
  let marks: Marks = { milli: 0, maxMilli: 100 }
  let last: Run | undefined
  for (const run of runs) {
    if (run.judgement === undefined) continue
    const subtasks = subtasksOf(run.judgement)
    const key = JSON.stringify(subtasks.map(({ name, maxMilli }) => [name, maxMilli]))
    const version = versions.get(key) ?? { maxMilli: marksOf(run.judgement).maxMilli, best: new Map<string, number>() }
    versions.set(key, version)
    for (const { name, milli } of subtasks) version.best.set(name, Math.max(version.best.get(name) ?? 0, milli))
    const now = { milli: [...version.best.values()].reduce((sum, milli) => sum + milli, 0), maxMilli: version.maxMilli }
    if (compareShares(now, marks) > 0) {
      marks = now
      last = run
    }
  }
  return { marks, last }
}

export const ioi = { subtasks: perSubtask, 'best-run': points } as const satisfies Record<string, Format>
