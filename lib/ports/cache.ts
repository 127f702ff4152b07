import type { Ms } from '#kernel/units'

/** Shared, quick and losable: everything in it can be rebuilt. */
export interface Cache {
  /**
   * Counts a hit against a budget of `limit` per `window` (sliding).
   * @returns how long the caller should wait before this hit would be within the budget; 0 when it is.
   */
  hit(key: string, limit: number, window: Ms): Promise<Ms>
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttl: Ms): Promise<void>
  delete(key: string): Promise<void>
}
