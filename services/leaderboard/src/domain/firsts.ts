import type { Instant } from '#kernel/time'
import { byTime } from './facts.ts'
import type { ScoredRow } from './format.ts'

/** Who solved a problem before all others, and by which submission; never leaves the service. */
export type First = { readonly userId: string; readonly submittedAt: Instant; readonly submissionId: string }
/** By problemId. */
export type Firsts = Readonly<Record<string, First>>

/**
 * The firsts of a board of which some rows have changed, without looking at the others.
 * @returns `lost`: problems whose first is no longer, or no longer as early; the next one is to be looked for among all rows.
 */
export function moveFirsts(before: Firsts, changed: readonly ScoredRow[]): { readonly firsts: Firsts; readonly lost: readonly string[] } {
  const firsts: Record<string, First> = { ...before }
  const lost = new Set<string>()
  for (const { userId, cells } of changed) {
    for (const { problemId, solvedBy } of cells) {
      const known = firsts[problemId]
      if (known?.userId === userId && (solvedBy === undefined || byTime(known, solvedBy) < 0)) lost.add(problemId)
      else if (solvedBy !== undefined && (known === undefined || byTime(solvedBy, known) < 0)) firsts[problemId] = { ...solvedBy, userId }
    }
  }
  return { firsts, lost: [...lost] }
}

/** The cells that show another `first` now: of who was, and of who is. */
export function cellsMoved(before: Firsts, after: Firsts): { readonly userId: string; readonly problemId: string }[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((problemId) => {
    const users = [before[problemId]?.userId, after[problemId]?.userId]
    if (users[0] === users[1]) return []
    return users.flatMap((userId) => (userId === undefined ? [] : [{ userId, problemId }]))
  })
}
