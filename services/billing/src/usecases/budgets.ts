import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { type Ms, minutes } from '#kernel/units'
import type { Deps } from '#kit/define-service'

type Budget = { readonly limit: number; readonly window: Ms }
export const budgets = {
  /** Guessing 50 bits is hopeless at any pace; this keeps who tries from being a nuisance. */
  joinByUser: { limit: 10, window: minutes(5) },
  /** A whole class behind one address joins at the bell. */
  joinByAddress: { limit: 300, window: minutes(1) },
  /** Each may be a call to a provider and a row of ours: far more than a person needs, far less than a program can ask for. */
  checkoutByUser: { limit: 30, window: minutes(10) },
} as const satisfies Record<string, Budget>

/**
 * Takes one try from each, in this order; refuses with the time to wait where one is used up, and takes nothing from those behind it: who has used up a
 * budget of their own does not use up one that others share.
 */
export async function spend(
  { cache }: Pick<Deps, 'cache'>,
  ...from: readonly (readonly [key: string, budget: Budget])[]
): Promise<Result<null, ApiFailure<'TOO_MANY_REQUESTS'>>> {
  for (const [key, { limit, window }] of from) {
    const wait = await cache.hit(`billing:${key}`, limit, window)
    if (wait > 0) return fail({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: Math.ceil(wait / 1_000) } })
  }
  return ok(null)
}
