import type { Subject } from '#contracts/common'
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

export type MemberGroups = ContestGroups & { readonly mine: ContestSummary[] }

/** For a member: what they take part in and is not over stands first and nowhere else, what runs before what is to come. */
export function groupForMember(contests: readonly ContestSummary[], subject: Subject | undefined): MemberGroups {
  const groups = groupContests(contests.filter((contest) => subject === undefined || contest.subject === subject))
  const isMine = (contest: ContestSummary) => contest.registered && contest.myPhase !== 'ended'
  const [running, open, coming] = [groups.running, groups.open, groups.coming].map((group) => ({
    mine: group.filter(isMine),
    others: group.filter((contest) => !isMine(contest)),
  })) as [Split, Split, Split]
  return { mine: [...running.mine, ...coming.mine, ...open.mine], running: running.others, open: open.others, coming: coming.others, past: groups.past }
}
type Split = { readonly mine: ContestSummary[]; readonly others: ContestSummary[] }

/** Whole days left where a clock that ticks would say too much: from two days on. Undefined: show the clock. */
export function daysLeft(untilIso: string, nowMs: number): number | undefined {
  const days = Math.floor((Date.parse(untilIso) - nowMs) / 86_400_000)
  return days >= 2 ? days : undefined
}
