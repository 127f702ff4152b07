import { ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import { phaseAt } from '../domain/contest.ts'
import { sightOfProblems, type Viewer } from '../domain/visibility.ts'
import type { Entitlements, EntryFailure } from '../entitlement.ts'
import { markOpened, type SeenContest } from '../store-contests.ts'

type Needs = Pick<Deps, 'db'> & { readonly entitlements: Entitlements }

/**
 * Whether a caller may see a contest's problems now; of a premium one the first sight is paid for, and kept. What is looked at after the end is not: the
 * archive is for those who took part in time, and for subscribers. Repeating it changes nothing.
 */
export async function openProblems(
  { db, entitlements }: Needs,
  { contest, registration }: Pick<SeenContest, 'contest' | 'registration'>,
  { viewer, now }: { readonly viewer: Viewer | undefined; readonly now: Instant },
): Promise<Result<boolean, EntryFailure>> {
  const sight = sightOfProblems(contest, { viewer, registration, now })
  if (sight !== 'for-subscribers' || !viewer) return ok(sight === 'shown')
  const may = await entitlements.mayEnter(viewer, contest)
  if (may.ok && registration && phaseAt(contest, now) !== 'ended') await markOpened(db, contest.id, { userId: viewer.userId, now })
  return may
}
