/** Which of a teacher's contests are looked for. */
import type { ContestSummary } from '#contracts/contest'

export type ContestState = 'all' | 'running' | 'coming' | 'past' | 'archived'
export const contestStates: readonly ContestState[] = ['all', 'running', 'coming', 'past', 'archived']

export function stateOf({ archived, phase }: Pick<ContestSummary, 'archived' | 'phase'>): Exclude<ContestState, 'all'> {
  if (archived) return 'archived'
  if (phase === 'scheduled') return 'coming'
  return phase === 'ended' ? 'past' : 'running'
}

/** `all` means all that is not put away. */
export function wantedContests<C extends Pick<ContestSummary, 'archived' | 'phase' | 'title'>>(
  contests: readonly C[],
  state: ContestState,
  query: string,
): readonly C[] {
  const text = query.trim().toLowerCase()
  return contests.filter(
    (contest) => (state === 'all' ? !contest.archived : stateOf(contest) === state) && (text === '' || contest.title.toLowerCase().includes(text)),
  )
}
