import { contestUpdated } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { contestSnapshot } from '../domain/snapshot.ts'
import { mayEdit } from '../domain/visibility.ts'
import { listPlaces, lockContest, pinVersion, saveContest } from '../store-contests.ts'
import { type ContestAnswered, seenBy } from './read-contests.ts'

type Failure = ApiFailure<'CONTEST_NOT_FOUND' | 'PROBLEM_NOT_FOUND' | 'VERSION_NOT_FOUND' | 'FORBIDDEN'>

/**
 * From here on submissions of the contest are judged by another version of the problem; those that were judged stay as they are until somebody has them judged
 * again. Switching to the version it has changes nothing.
 */
export function switchVersion(
  deps: Pick<Deps, 'db' | 'clock' | 'outbox'>,
  { id, problemId, version }: { readonly id: string; readonly problemId: string; readonly version: number },
  caller: UserCaller,
): Promise<Result<ContestAnswered, Failure>> {
  return deps.db.transaction(async (tx) => {
    const contest = await lockContest(tx, id)
    if (!contest) return fail({ code: 'CONTEST_NOT_FOUND' })
    if (!mayEdit(caller, contest)) return fail({ code: 'FORBIDDEN' })
    const place = (await listPlaces(tx, id)).find((each) => each.problemId === problemId)
    if (!place) return fail({ code: 'PROBLEM_NOT_FOUND' })
    if (version > place.newestVersion) return fail({ code: 'VERSION_NOT_FOUND', details: { newest: place.newestVersion } })
    if (version !== place.version) {
      await pinVersion(tx, { contestId: id, problemId, version })
      const grown = { ...contest, revision: contest.revision + 1 }
      await saveContest(tx, grown)
      await deps.outbox.add(tx, contestUpdated, contestSnapshot(grown, await listPlaces(tx, id)))
    }
    return ok(await seenBy(tx, id, { viewer: caller, now: deps.clock.now() }))
  })
}
