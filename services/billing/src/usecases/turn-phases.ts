import { instant } from '#kernel/time'
import { minutes } from '#kernel/units'
import type { Deps } from '#kit/define-service'
import { lockNextTurn, saveNextTurn } from '../store-subscriptions.ts'
import { type KeepDeps, keepStanding } from './keep-standing.ts'

/** Done by one run of the job at most; the next one goes on. */
const atMost = 500
const pauseAfterFailure = minutes(1)

/**
 * What time alone changes: a trial that ends, a period that goes over into grace, a reminder that is due. Each in a transaction of its own, with the
 * subscription locked, so that of several replicas one tells it, once. One that fails is looked at again later and holds up no other. @throws what failed,
 * at the end.
 */
export async function turnPhases(deps: Pick<Deps, 'db'> & KeepDeps): Promise<void> {
  const failures: unknown[] = []
  for (let count = 0; count < atMost; count++) {
    const turned: { id?: string | undefined } = {}
    try {
      await turnNext(deps, turned)
    } catch (cause) {
      if (turned.id === undefined) throw cause
      await saveNextTurn(deps.db, turned.id, instant(deps.clock.now() + pauseAfterFailure))
      failures.push(new Error(`the subscription ${turned.id} could not be brought in line`, { cause }))
    }
    if (turned.id === undefined) break
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
}

/** `turned`: gets the id of what was in hand, also where that fails. */
const turnNext = (deps: Pick<Deps, 'db'> & KeepDeps, turned: { id?: string | undefined }) =>
  deps.db.transaction(async (tx) => {
    turned.id = await lockNextTurn(tx, deps.clock.now())
    if (turned.id !== undefined) await keepStanding(tx, deps, turned.id)
  })
