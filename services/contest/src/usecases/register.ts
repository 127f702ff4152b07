import { registrationChanged } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { clockFrom, mayJoin } from '../domain/contest.ts'
import { findContest, insertRegistration, lockContestForJoining } from '../store-contests.ts'
import { type ContestAnswered, seenBy } from './read-contests.ts'
import { registrationFact } from './save-contest.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'outbox'>

/** Joins, or finds the caller joined already: then nothing changes, also after the end. */
export function register(
  { db, clock, outbox }: Needs,
  id: string,
  caller: UserCaller,
): Promise<Result<ContestAnswered, ApiFailure<'CONTEST_NOT_FOUND' | 'CONTEST_NOT_OPEN'>>> {
  return db.transaction(async (tx) => {
    const contest = await lockContestForJoining(tx, id)
    if (!contest) return fail({ code: 'CONTEST_NOT_FOUND' })
    const now = clock.now()
    const known = await findContest(tx, id, caller.userId)
    if (!known?.registration) {
      if (!mayJoin(contest, now)) return fail({ code: 'CONTEST_NOT_OPEN' })
      const registration = { userId: caller.userId, joinedAt: now, ...clockFrom(contest, now) }
      // two requests at once: one writes and tells
      if (await insertRegistration(tx, id, registration)) await outbox.add(tx, registrationChanged, registrationFact(id, registration))
    }
    return ok(await seenBy(tx, id, { viewer: caller, now }))
  })
}
