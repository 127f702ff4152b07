import type { ApiFailure } from '#contracts/errors'
import { largestRejudging, type Rejudging, rejudgingApplied } from '#contracts/rejudging'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { decideApply, decideDiscard, isChanged } from '../domain/rejudging.ts'
import { isHeld } from '../domain/view.ts'
import { endRejudging, findRejudging, letCount, listPairs, type Pair } from '../store-rejudgings.ts'
import { answerFor, maySee } from './read-rejudgings.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'outbox'>
type Answer = { rejudging: Rejudging; serverNow: string }

/** All of its verdicts count from one transaction on, and those that are others are told in it: of each contest in one message. */
export async function applyRejudging(
  deps: Needs,
  id: string,
  caller: UserCaller,
): Promise<Result<Answer, ApiFailure<'REJUDGING_NOT_FOUND' | 'REJUDGING_NOT_READY' | 'REJUDGING_DISCARDED'>>> {
  const applied = await deps.db.transaction(async (tx) => {
    const found = await findRejudging(tx, id, { withLock: true })
    if (!found || !maySee(found, caller)) return fail({ code: 'REJUDGING_NOT_FOUND' as const })
    const step = decideApply(found.state)
    if (!step.ok || step.value === 'nothing') return step
    const now = deps.clock.now()
    const pairs = await listPairs(tx, id, { limit: largestRejudging, withLock: true })
    await letCount(tx, id)
    await tell(tx, deps, { id, now, changed: pairs.filter(({ before, after }) => isChanged(before, after)) })
    await endRejudging(tx, id, { state: 'applied', by: caller.userId, at: now })
    return step
  })
  return applied.ok ? ok(await answer(deps, id)) : applied
}

async function tell(tx: Tx, { outbox }: Needs, { id, now, changed }: { id: string; now: Instant; changed: readonly Pair[] }): Promise<void> {
  const byContest = Map.groupBy(changed, ({ fact }) => fact.contestId)
  for (const [contestId, pairs] of byContest)
    await outbox.add(tx, rejudgingApplied, {
      rejudgingId: id,
      contestId,
      verdicts: pairs.map(({ fact, contest }) => ({ ...fact, held: isHeld(contest, now) })),
    })
}

export async function discardRejudging(
  deps: Needs,
  id: string,
  caller: UserCaller,
): Promise<Result<Answer, ApiFailure<'REJUDGING_NOT_FOUND' | 'REJUDGING_APPLIED'>>> {
  const discarded = await deps.db.transaction(async (tx) => {
    const found = await findRejudging(tx, id, { withLock: true })
    if (!found || !maySee(found, caller)) return fail({ code: 'REJUDGING_NOT_FOUND' as const })
    const step = decideDiscard(found.state)
    if (!step.ok || step.value === 'nothing') return step
    await endRejudging(tx, id, { state: 'discarded', by: caller.userId, at: deps.clock.now() })
    return step
  })
  return discarded.ok ? ok(await answer(deps, id)) : discarded
}

const answer = async ({ db, clock }: Needs, id: string): Promise<Answer> => ({ rejudging: await answerFor(db, id), serverNow: toIso(clock.now()) })
