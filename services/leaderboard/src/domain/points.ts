import { type Format, minuteOf } from './format.ts'
import { compareShares, isFull, marksOf, pointsFor } from './marks.ts'

/**
 * Points (quiz). A problem gives its best run's share of its points, floored; of the judged runs the first `maxAttempts` count. Time ranks nobody:
 * equal points share a rank. A compile error is no attempt. Solved means full marks; `minute` is that of the first run with the best score above nothing.
 */
export const points: Format = {
  cell: (problem, runs, startedAt) => {
    const judged = runs.flatMap((run) => (run.judgement !== undefined && run.judgement.verdict !== 'CE' ? [{ run, marks: marksOf(run.judgement) }] : []))
    const counted = judged.slice(0, problem.maxAttempts ?? judged.length)
    const best = counted.reduce<(typeof counted)[number] | undefined>(
      (top, one) => (top === undefined || compareShares(one.marks, top.marks) > 0 ? one : top),
      undefined,
    )
    const solved = best !== undefined && isFull(best.marks)
    const pending = solved ? 0 : runs.filter((run) => run.judgement === undefined).length
    const score = best === undefined ? 0 : pointsFor(problem.points, best.marks)
    const cell = { problemId: problem.problemId, solved, score, attempts: counted.length, pending }
    if (best === undefined || best.marks.milli === 0) return cell
    const { submittedAt, submissionId } = best.run
    return { ...cell, minute: minuteOf(submittedAt, startedAt), ...(solved ? { solvedBy: { submittedAt, submissionId } } : {}) }
  },
  totals: (cells) => ({ score: cells.reduce((sum, cell) => sum + cell.score, 0), penalty: 0, lastMinute: 0 }),
}
