import { fail, ok, type Result } from '#kernel/result'
import type { Cache } from '#ports/cache'
import { type Budget, budgets } from './domain/throttling.ts'
import { randomToken } from './secrets.ts'

export type TooMany = { readonly code: 'TOO_MANY_REQUESTS'; readonly details: { readonly retryAfterSeconds: number } }
export type Spent = { readonly giveBack: () => Promise<void> }

/**
 * Takes one try from a budget; refuses with the time to wait when it is used up. `giveBack` makes the budget whole again: the cache cannot take back
 * hits, so a budget has an epoch in its key, and a new epoch is a new budget.
 */
export async function spend(cache: Cache, key: string, { limit, window }: Budget): Promise<Result<Spent, TooMany>> {
  const epoch = (await cache.get(key)) ?? '0'
  const wait = await cache.hit(`${key}:${epoch}`, limit, window)
  if (wait > 0) return fail({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: Math.ceil(wait / 1_000) } })
  return ok({ giveBack: () => cache.set(key, randomToken(), window) })
}

/** One mail that proves an address, out of what this address may get, whoever asks. */
export const spendMailTo = (cache: Cache, email: string): Promise<Result<Spent, TooMany>> =>
  spend(cache, `user:verification:anybody:${email}`, budgets.verificationByAnybody)
