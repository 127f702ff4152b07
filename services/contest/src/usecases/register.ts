import { registrationChanged } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { clockFrom, mayJoin } from '../domain/contest.ts'
import type { Entitlements, EntryFailure } from '../entitlement.ts'
import { findContest, insertRegistration, lockContestForJoining } from '../store-contests.ts'
import { type ContestAnswered, readContest } from './read-contests.ts'
import { registrationFact } from './save-contest.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'outbox'> & { readonly entitlements: Entitlements }
type JoinFailure = ApiFailure<'CONTEST_NOT_FOUND' | 'CONTEST_NOT_OPEN'> | EntryFailure

/**
 * Joins, or finds the caller joined already: then nothing changes, also after the end. Others (who accept submissions, who rank) hear of a participant of a
 * premium contest only after the subscription was seen. The answer is that of looking at the contest, so joining in the middle is opening it.
 */
export async function register(deps: Needs, id: string, caller: UserCaller): Promise<Result<ContestAnswered, JoinFailure>> {
  const seen = await findContest(deps.db, id, caller.userId)
  if (!seen) return fail({ code: 'CONTEST_NOT_FOUND' })
  if (!seen.registration) {
    if (!mayJoin(seen.contest, deps.clock.now())) return fail({ code: 'CONTEST_NOT_OPEN' })
    const may = await deps.entitlements.mayEnter(caller, seen.contest)
    if (!may.ok) return may
    const joined = await join(deps, id, { userId: caller.userId, wasPremium: seen.contest.premium })
    if (!joined.ok) return joined
    // it became premium since it was looked at
    if (joined.value === 'ask-again') return register(deps, id, caller)
  }
  return readContest(deps, { id, languages: [] }, caller)
}

type Joining = { readonly userId: string; readonly wasPremium: boolean }
function join(
  { db, clock, outbox }: Needs,
  id: string,
  { userId, wasPremium }: Joining,
): Promise<Result<'joined' | 'ask-again', ApiFailure<'CONTEST_NOT_FOUND' | 'CONTEST_NOT_OPEN'>>> {
  return db.transaction(async (tx) => {
    const contest = await lockContestForJoining(tx, id)
    if (!contest) return fail({ code: 'CONTEST_NOT_FOUND' })
    if (contest.premium && !wasPremium) return ok('ask-again')
    const now = clock.now()
    if (!mayJoin(contest, now)) return fail({ code: 'CONTEST_NOT_OPEN' })
    const own = clockFrom(contest, now)
    const registration = { userId, joinedAt: now, ...own, openedAt: own.startedAt <= now ? now : null }
    // two requests at once: one writes and tells
    if (await insertRegistration(tx, id, registration)) await outbox.add(tx, registrationChanged, registrationFact(id, registration))
    return ok('joined')
  })
}
