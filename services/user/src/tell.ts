import { sessionEnded, userRegistered, userUpdated } from '#contracts/user'
import type { Outbox } from '#kit/outbox'
import type { Tx } from '#ports/db'
import { type Account, snapshotOf } from './domain/account.ts'

/** What the service tells, each in the transaction that makes it true. */
export const tellRegistered = (outbox: Outbox, tx: Tx, account: Account) => outbox.add(tx, userRegistered, snapshotOf(account))
export const tellUpdated = (outbox: Outbox, tx: Tx, account: Account) => outbox.add(tx, userUpdated, snapshotOf(account))
export const tellSessionsEnded = (outbox: Outbox, tx: Tx, userId: string, sessionIds: readonly string[]) =>
  outbox.addAll(
    tx,
    sessionIds.map((sessionId) => ({ topic: sessionEnded.topic, payload: { userId, sessionId } })),
  )
