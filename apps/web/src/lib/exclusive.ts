/**
 * One tab at a time. Web Locks where the browser has them; they are missing on plain http, which is how a class on its own network is served, so
 * there a lease in localStorage stands in: claim, wait a moment, look whether the claim survived.
 */
import type { KeyValue } from './storage.ts'

export type LeaseDeps = {
  readonly storage: KeyValue
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly id: string
  readonly name?: string
}

const leaseMs = 10_000
const settleMs = 40

/** Holds the lease while `work` runs. A holder that died is overtaken after 10 s. */
export async function withLease<T>({ storage, now, sleep, id, name }: LeaseDeps, work: () => Promise<T>): Promise<T> {
  const key = name === undefined ? 'arena.lease' : `arena.lease.${name}`
  for (;;) {
    const [holder, until] = (storage.get(key) ?? '').split(' ')
    if (!holder || holder === id || Number(until) < now()) {
      storage.set(key, `${id} ${now() + leaseMs}`)
      await sleep(settleMs)
      if (storage.get(key)?.startsWith(`${id} `)) break
    }
    await sleep(settleMs * 2)
  }
  try {
    return await work()
  } finally {
    if (storage.get(key)?.startsWith(`${id} `)) storage.remove(key)
  }
}

/** What carries another `name` waits for nobody here: the outbox renews the session while it holds its own. */
export function exclusiveIn(locks: LockManager | undefined, lease: LeaseDeps): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => (locks ? await locks.request(`arena.${lease.name ?? 'refresh'}`, work) : withLease(lease, work))
}
