import type { ContestSummary } from '#contracts/contest'

export type ContestGroups = {
  readonly running: ContestSummary[]
  readonly open: ContestSummary[]
  readonly coming: ContestSummary[]
  readonly past: ContestSummary[]
}

const byTime = (of: (contest: ContestSummary) => string | undefined, direction: 1 | -1) => (a: ContestSummary, b: ContestSummary) =>
  direction * (of(a) ?? '').localeCompare(of(b) ?? '')

/**
 * The home page's order: running by what ends first, open ones (untimed) as they come, coming by what begins first, past newest first.
 * Archived ones are left out.
 */
export function groupContests(contests: readonly ContestSummary[]): ContestGroups {
  const shown = contests.filter((contest) => !contest.archived)
  const open = shown.filter((contest) => contest.timing === 'untimed' && contest.phase !== 'ended')
  const timed = shown.filter((contest) => !open.includes(contest))
  return {
    running: timed.filter(({ phase }) => phase === 'running' || phase === 'frozen').sort(byTime((contest) => contest.endsAt, 1)),
    open,
    coming: timed.filter(({ phase }) => phase === 'scheduled').sort(byTime((contest) => contest.startsAt, 1)),
    past: timed.filter(({ phase }) => phase === 'ended').sort(byTime((contest) => contest.endsAt, -1)),
  }
}
