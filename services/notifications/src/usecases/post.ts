import type { Log } from '#kit/log'
import { scope } from '#kit/scope'
import type { Clock, Ids } from '#ports/clock'
import type { Tx } from '#ports/db'
import type { Fanout } from '#ports/fanout'
import { batchPosted, posted, tellReplicas } from '../broadcasts.ts'
import type { Notice } from '../domain/messages.ts'
import * as store from '../store.ts'

export type PostDeps = { readonly fanout: Fanout; readonly clock: Clock; readonly ids: Ids; readonly log: Log }

/** Into one user's inbox with the transaction, to their sockets after it. */
export async function post(deps: PostDeps, tx: Tx, userId: string, notice: Notice): Promise<void> {
  const kept = await store.insertMessage(tx, userId, notice, deps.clock.now())
  const { traceparent } = scope()
  const trace = traceparent === undefined ? {} : { traceparent }
  tx.afterCommit(() => tellReplicas(deps, posted, { userId, ...kept, ...trace, params: { ...kept.params } }))
}

/** Likewise for all who joined a contest. */
export async function postToParticipants(deps: PostDeps, tx: Tx, contestId: string, notice: Notice): Promise<void> {
  const batchId = deps.ids.next()
  const count = await store.insertForParticipants(tx, { id: batchId, contestId, notice, at: deps.clock.now() })
  if (count > 0) tx.afterCommit(() => tellReplicas(deps, batchPosted, { batchId }))
}

/** To many, each their own: one statement, one broadcast. */
export async function postEach(deps: PostDeps, tx: Tx, each: readonly { readonly userId: string; readonly notice: Notice }[]): Promise<void> {
  if (each.length === 0) return
  const batchId = deps.ids.next()
  await store.insertForEach(tx, { id: batchId, at: deps.clock.now(), each })
  tx.afterCommit(() => tellReplicas(deps, batchPosted, { batchId }))
}
