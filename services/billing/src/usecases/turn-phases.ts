import type { Deps } from '#kit/define-service'
import { lockNextTurn } from '../store-subscriptions.ts'
import { type KeepDeps, keepStanding } from './keep-standing.ts'

/** Done by one run of the job at most; the next one goes on. */
const atMost = 500

/**
 * What time alone changes: a trial that ends, a period that goes over into grace, a reminder that is due. Each in a transaction of its own, with the
 * subscription locked, so that of several replicas one tells it, once.
 */
export async function turnPhases(deps: Pick<Deps, 'db'> & KeepDeps): Promise<void> {
  for (let count = 0; count < atMost; count++) {
    const turned = await deps.db.transaction(async (tx) => {
      const id = await lockNextTurn(tx, deps.clock.now())
      if (id !== undefined) await keepStanding(tx, deps, id)
      return id !== undefined
    })
    if (!turned) return
  }
}
