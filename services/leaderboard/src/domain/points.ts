import { type Format, minuteOf } from './format.ts'

/**
 * Points (quiz). A problem gives its best run's share of its points, floored; of the judged runs the first `maxAttempts` count. Time ranks nobody:
 * equal points share a rank. A compile error is no attempt. Solved means full marks; `minute` is that of the first run with the best score above nothing.
 */
export const points: Format = {
  cell: (problem, runs, startedAt) => {
    const judged = runs.flatMap((run) => (run.judgement !== undefined && run.judgement.verdict !== 'CE' ? [{ run, share: run.judgement.score }] : []))
    const counted = judged.slice(0, problem.maxAttempts ?? judged.length)
    const best = counted.reduce<(typeof counted)[number] | undefined>((top, one) => (top === undefined || one.share > top.share ? one : top), undefined)
    const share = best?.share ?? 0
    const pending = share === 100 ? 0 : runs.filter((run) => run.judgement === undefined).length
    const cell = {
      problemId: problem.problemId,
      solved: share === 100,
      score: Math.floor((problem.points * share) / 100),
      attempts: counted.length,
      pending,
    }
    if (best === undefined || share === 0) return cell
    const { submittedAt, submissionId } = best.run
    return { ...cell, minute: minuteOf(submittedAt, startedAt), ...(share === 100 ? { solvedBy: { submittedAt, submissionId } } : {}) }
  },
  totals: (cells) => ({ score: cells.reduce((sum, cell) => sum + cell.score, 0), penalty: 0, lastMinute: 0 }),
}
