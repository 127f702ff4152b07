import type { Role } from '#contracts/common'
import type { Instant } from '#kernel/time'
import { type Contest, type ContestClock, phaseAt, type Registration } from './contest.ts'

/**
 * Who may see and change what: role × resource × ownership. What a caller may not see does not exist for them (404), so that no answer tells of hidden
 * problems; what they see and may not change is a 403.
 */
export type Viewer = { readonly userId: string; readonly role: Role }

type Owned = { readonly ownerId: string }
/** Owner or admin: reads answer keys, edits. A teacher demoted to student keeps nothing of it. */
export const mayEdit = (viewer: Viewer | undefined, { ownerId }: Owned): boolean =>
  viewer !== undefined && (viewer.role === 'admin' || (viewer.role === 'teacher' && viewer.userId === ownerId))

/** Teachers and admins need no subscription, whoever's contest it is. */
export const isStaff = ({ role }: Viewer): boolean => role !== 'student'

/** `for-subscribers`: to be seen by who has a subscription now. */
export type Sight = 'hidden' | 'shown' | 'for-subscribers'
/**
 * A contest's problems: its staff always, participants from their start, after the end everybody who is logged in. Of a premium contest they are for
 * subscribers; who has opened them once keeps them, also when the subscription ends in the middle.
 */
export function sightOfProblems(
  contest: ContestClock & Owned & Pick<Contest, 'premium'>,
  { viewer, registration, now }: { viewer: Viewer | undefined; registration: Registration | undefined; now: Instant },
): Sight {
  if (!viewer) return 'hidden'
  if (mayEdit(viewer, contest)) return 'shown'
  const phase = phaseAt(contest, now)
  if (phase === 'scheduled') return 'hidden'
  if (phase !== 'ended' && !(registration && now >= registration.startedAt)) return 'hidden'
  return !contest.premium || isStaff(viewer) || (registration?.openedAt ?? null) !== null ? 'shown' : 'for-subscribers'
}

type ProblemFacts = Owned & { readonly public: boolean }
/** Apart from the contests it is in. */
export const maySeeProblem = (viewer: Viewer, problem: ProblemFacts): boolean => problem.public || mayEdit(viewer, problem)
/** Into a contest of one's own. */
export const mayUseProblem = (viewer: Viewer, problem: ProblemFacts): boolean => viewer.role !== 'student' && maySeeProblem(viewer, problem)

/** In lists; an archived contest is still there for who has its address. */
export const isListed = (viewer: Viewer | undefined, contest: Pick<Contest, 'archived' | 'ownerId'>): boolean => !contest.archived || mayEdit(viewer, contest)
