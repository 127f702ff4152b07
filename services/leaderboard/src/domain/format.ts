import type { Instant } from '#kernel/time'
import type { BoardProblem, BoardRules, Run } from './facts.ts'

/** One participant at one problem, as computed from their own facts alone; who was first is seen when rows meet (board.ts). */
export type ScoredCell = {
  readonly problemId: string
  readonly solved: boolean
  readonly score: number
  readonly attempts: number
  readonly pending: number
  /** Whole minutes from the participant's start, floored for each solution. */
  readonly minute?: number
  /** The run that solved it: decides who was first. Never leaves the service. */
  readonly solvedBy?: { readonly submittedAt: Instant; readonly submissionId: string }
}
export type Totals = { readonly score: number; readonly penalty: number; readonly lastMinute: number }
export type ScoredRow = Totals & { readonly userId: string; readonly cells: readonly ScoredCell[] }

/** How one format counts. Whole numbers throughout: floats never rank anybody. */
export type Format = {
  /** `runs` are the participant's visible runs of this problem in order of (submittedAt, submissionId). Gives `pending` for those alone. */
  readonly cell: (problem: BoardProblem, runs: readonly Run[], startedAt: Instant) => ScoredCell
  readonly totals: (cells: readonly ScoredCell[], rules: BoardRules) => Totals
}

/** Submissions before one's own clock began (a clock set back by staff) count as minute 0. */
export const minuteOf = (at: Instant, startedAt: Instant): number => Math.max(0, Math.floor((at - startedAt) / 60_000))
