import type { Problem } from '#contracts/contest'

/** What is being solved: a problem inside a contest, or by itself as practice. */
export type SolveTarget = {
  readonly problem: Problem
  readonly userId: string
  readonly contestId?: string
  readonly maxAttempts?: number
  /** Whether handing in is open now; when not, why is said by the page around. */
  readonly isOpen: boolean
}
