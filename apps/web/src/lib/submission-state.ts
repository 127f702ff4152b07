/** What one's own submissions say about each problem. Pure; order of the list does not matter. */
import type { Submission } from '#contracts/submission'

export type ProblemState = {
  readonly status: 'untouched' | 'pending' | 'tried' | 'partial' | 'solved' | 'held'
  /** Submissions that use up an attempt: all but those the judge could not judge. */
  readonly attempts: number
  /** 0 to 100; absent while nothing is judged. */
  readonly bestScore?: number
}

export const isPending = (submission: Pick<Submission, 'status'>) => submission.status === 'queued' || submission.status === 'running'

/** `submissions` of one problem. Solved beats all; a pending one shows until something is solved. */
export function problemState(submissions: readonly Submission[]): ProblemState {
  const counted = submissions.filter(({ status }) => status !== 'fault')
  const judged = counted.filter(({ status }) => status === 'judged')
  const bestScore = judged.length === 0 ? undefined : Math.max(...judged.map(({ score }) => score ?? 0))
  const status = ((): ProblemState['status'] => {
    if (judged.some(({ verdict }) => verdict === 'AC')) return 'solved'
    if (counted.some(isPending)) return 'pending'
    if (counted.some((each) => each.status === 'held')) return 'held'
    if (bestScore !== undefined && bestScore > 0) return 'partial'
    return judged.length > 0 ? 'tried' : 'untouched'
  })()
  return { status, attempts: counted.length, ...(bestScore !== undefined && { bestScore }) }
}

export function problemStates(submissions: readonly Submission[]): ReadonlyMap<string, ProblemState> {
  const byProblem = new Map<string, Submission[]>()
  for (const submission of submissions) byProblem.set(submission.problemId, [...(byProblem.get(submission.problemId) ?? []), submission])
  return new Map([...byProblem].map(([problemId, own]) => [problemId, problemState(own)]))
}

/** undefined: no bound. Never negative. */
export const attemptsLeft = (maxAttempts: number | undefined, state: Pick<ProblemState, 'attempts'>) =>
  maxAttempts === undefined ? undefined : Math.max(0, maxAttempts - state.attempts)
