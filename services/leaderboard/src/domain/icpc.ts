import type { Run } from './facts.ts'
import { type Format, minuteOf } from './format.ts'

/**
 * ICPC. A problem is solved by its first accepted run; its time is that run's minute, floored, and every rejected run before it costs `penaltyMinutes`.
 * A compile error is no attempt and costs nothing; what the judge could not judge is pending, not rejected. Unsolved problems cost nothing.
 * @see ICPC World Finals rules, "Scoring of the Finals"; rounding per solution is the rule of 225 of 258 real boards
 */
export const icpc: Format = {
  cell: (problem, runs, startedAt) => {
    const acceptance = runs.findIndex((run) => run.judgement?.verdict === 'AC')
    const accepted = runs[acceptance]
    // what comes after the acceptance changes nothing any more
    const before = accepted === undefined ? runs : runs.slice(0, acceptance)
    const rejected = before.filter(isRejected).length
    const pending = before.filter((run) => run.judgement === undefined).length
    const cell = { problemId: problem.problemId, solved: accepted !== undefined, pending }
    if (accepted === undefined) return { ...cell, score: 0, attempts: rejected }
    const solvedBy = { submittedAt: accepted.submittedAt, submissionId: accepted.submissionId }
    return { ...cell, score: 1, attempts: rejected + 1, minute: minuteOf(accepted.submittedAt, startedAt), solvedBy }
  },
  totals: (cells, { penaltyMinutes }) => {
    const solved = cells.filter((cell) => cell.solved)
    return {
      score: solved.length,
      penalty: solved.reduce((sum, cell) => sum + (cell.minute ?? 0) + penaltyMinutes * (cell.attempts - 1), 0),
      lastMinute: solved.reduce((last, cell) => Math.max(last, cell.minute ?? 0), 0),
    }
  },
}

const isRejected = ({ judgement }: Run): boolean => judgement !== undefined && judgement.verdict !== 'AC' && judgement.verdict !== 'CE'
