import type { ApiFailure } from '#contracts/errors'
import { largestRejudging, type NewRejudging, type Rejudging } from '#contracts/rejudging'
import { fail, ok, type Result } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { decideScope } from '../domain/rejudging.ts'
import { findOwners, insertRejudging, lockCandidates } from '../store-rejudgings.ts'
import { feedRejudging } from './feed-rejudgings.ts'
import { answerFor } from './read-rejudgings.ts'

type Failure = ApiFailure<'FORBIDDEN' | 'CONTEST_NOT_FOUND' | 'PROBLEM_NOT_FOUND' | 'REJUDGING_EMPTY' | 'REJUDGING_TOO_LARGE' | 'REJUDGING_UNDER_WAY'>
type Answer = { rejudging: Rejudging; serverNow: string }

/**
 * Names a set and begins to judge it aside. What it holds is fixed here: submissions that come later, or get a verdict later, are not in it.
 */
export async function makeRejudging(
  deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'outbox'>,
  asked: NewRejudging,
  caller: UserCaller,
): Promise<Result<Answer, Failure>> {
  const { filter, reason, version = 'current' } = asked
  const scope = decideScope(filter, caller, await findOwners(deps.db, filter))
  if (!scope.ok) return scope
  const set = { id: deps.ids.next(), filter, reason: reason.trim(), version, madeBy: caller.userId, madeAt: deps.clock.now() }
  const made = await deps.db.transaction(async (tx): Promise<Result<true, Failure>> => {
    const found = await lockCandidates(tx, filter, scope.value, largestRejudging + 1)
    if (found.length === 0) return fail({ code: 'REJUDGING_EMPTY' })
    if (found.length > largestRejudging) return fail({ code: 'REJUDGING_TOO_LARGE', details: { limit: largestRejudging } })
    if (found.some(({ isTaken }) => isTaken)) return fail({ code: 'REJUDGING_UNDER_WAY' })
    await insertRejudging(
      tx,
      set,
      found.map(({ submissionId }) => submissionId),
    )
    await feedRejudging(tx, set.id, deps)
    return ok(true)
  })
  if (!made.ok) return made
  return ok({ rejudging: await answerFor(deps.db, set.id), serverNow: toIso(deps.clock.now()) })
}
