import type { ContestSnapshot } from '#contracts/contest'
import { type Instant, parseIso } from '#kernel/time'

/**
 * May a participant hear now what became of a submission of this contest? With feedback after the end only once it has ended by its own clock.
 * A contest not known here tells nothing: which failure is worse is plain.
 */
export function mayTellResult(contest: Pick<ContestSnapshot, 'feedback' | 'endsAt'> | undefined, now: Instant): boolean {
  if (contest === undefined) return false
  if (contest.feedback === 'now') return true
  const endsAt = contest.endsAt === null ? undefined : parseIso(contest.endsAt)
  return endsAt !== undefined && now >= endsAt
}

/** Whether participants may follow the tests of a judging as they run: how far it came says which were passed. */
export const tellsProgress = ({ feedback, detail = 'full' }: Pick<ContestSnapshot, 'feedback' | 'detail'>): boolean =>
  feedback === 'now' && (detail === 'tests' || detail === 'full')
