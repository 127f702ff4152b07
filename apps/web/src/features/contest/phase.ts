import type { Contest } from '#contracts/contest'

export type ContestProblem = NonNullable<Contest['problems']>[number]

type Timed = Pick<Contest, 'phase' | 'myPhase' | 'startsAt' | 'endsAt' | 'myEndsAt' | 'timing'>

/** The next moment at which what the page shows must change, and what it is called. */
export function nextMoment(contest: Timed): { readonly at: string; readonly what: 'startsIn' | 'endsIn' | 'myEndsIn' } | undefined {
  if (contest.phase === 'scheduled') return contest.startsAt ? { at: contest.startsAt, what: 'startsIn' } : undefined
  if (contest.phase === 'ended') return undefined
  if (contest.timing === 'personal' && contest.myEndsAt && contest.myPhase !== 'ended') return { at: contest.myEndsAt, what: 'myEndsIn' }
  return contest.endsAt ? { at: contest.endsAt, what: 'endsIn' } : undefined
}

/** By the clock it should have moved on, but the answer we hold has not: ask again soon. */
export function isOverdue(contest: Timed, nowMs: number): boolean {
  const next = nextMoment(contest)
  return next !== undefined && Date.parse(next.at) <= nowMs
}

export const maySubmit = (contest: Pick<Contest, 'myPhase' | 'registered'>) =>
  contest.registered && (contest.myPhase === 'running' || contest.myPhase === 'frozen')
/** Joining is open while it has not ended; with personal timing only while it runs, since the clock starts at once. */
export const mayJoin = (contest: Pick<Contest, 'phase' | 'timing' | 'registered'>) =>
  !contest.registered && contest.phase !== 'ended' && !(contest.timing === 'personal' && contest.phase === 'scheduled')
