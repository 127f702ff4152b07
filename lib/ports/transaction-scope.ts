import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Whether the running code was started by a transaction that is still open.
 *
 * A transaction holds one connection of a small pool. Code that, inside it, waits for a second connection (another `db.query`, or a peer whose
 * service needs one) starves the pool under load and then hangs for ever, while every test with one caller passes. So the pool and the peer
 * client ask here and throw. The mark is an object that is closed with its transaction: a timer started inside and firing later is free again.
 */
type Scope = { open: boolean }
const scopes = new AsyncLocalStorage<Scope>()

export const isInTransaction = (): boolean => scopes.getStore()?.open === true

/** Runs `work` marked as inside a transaction until it settles. */
export async function inTransactionScope<T>(work: () => Promise<T>): Promise<T> {
  const scope: Scope = { open: true }
  try {
    return await scopes.run(scope, work)
  } finally {
    scope.open = false
  }
}

/** @throws when called inside a transaction; `what` names the forbidden call in the message. */
export function refuseInTransaction(what: string): void {
  if (isInTransaction()) throw new Error(`${what} was called inside a transaction: use the transaction, or call it after the commit`)
}
