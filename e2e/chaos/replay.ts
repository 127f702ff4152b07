/**
 * Boards computed a second time, from what the submission service stored and by other code than the leaderboard's: the smallest that follows the rules of
 * two of the formats.
 */
import type { ContestFormat } from '#contracts/common'

export type Judged = {
  readonly id: string
  readonly userId: string
  readonly contestId: string
  readonly problemId: string
  readonly submittedAt: Date
  readonly verdict: string
}
export type Contest = {
  readonly id: string
  readonly format: ContestFormat
  readonly startsAt: Date | undefined
  /** Points of each problem. */
  readonly problems: ReadonlyMap<string, number>
}
export type Cell = { readonly solved: boolean; readonly score: number; readonly attempts: number; readonly minute: number | undefined }
export type Row = { readonly score: number; readonly penalty: number; readonly cells: ReadonlyMap<string, Cell> }

const penaltyMinutes = 20

/** @param judged of one participant in this contest; whole tests only, so a verdict is AC or nothing. */
export function replayRow({ format, startsAt, problems }: Contest, judged: readonly Judged[]): Row {
  const inOrder = judged.toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime() || (a.id < b.id ? -1 : 1))
  const cells = new Map<string, Cell>()
  for (const [problemId, worth] of problems) {
    const runs = inOrder.filter((run) => run.problemId === problemId && run.verdict !== 'CE')
    const first = runs.findIndex(({ verdict }) => verdict === 'AC')
    const accepted = runs[first]
    // in ICPC what comes after the first acceptance is no attempt any more
    const attempts = format === 'points' || accepted === undefined ? runs.length : first + 1
    const minute = accepted && startsAt && Math.floor((accepted.submittedAt.getTime() - startsAt.getTime()) / 60_000)
    cells.set(problemId, { solved: accepted !== undefined, score: accepted === undefined ? 0 : format === 'icpc' ? 1 : worth, attempts, minute })
  }
  const solved = [...cells.values()].filter((cell) => cell.solved)
  return {
    score: solved.reduce((sum, { score }) => sum + score, 0),
    penalty: format === 'points' ? 0 : solved.reduce((sum, { minute = 0, attempts }) => sum + minute + penaltyMinutes * (attempts - 1), 0),
    cells,
  }
}
