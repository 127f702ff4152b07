import type { Instant } from '#kernel/time'

const day = 86_400_000
/** A new signing key every 30 days. */
export const keyLifeMs = 30 * day
/** The key before is published until the last token under it has expired, and an hour beyond for replicas that rotate late and clocks that differ. */
export const retiredKeyMs = (600 + 3_600) * 1_000

export type KeyAge = { readonly kid: string; readonly createdAt: Instant }

/** `keys` newest first. Whether a new key is due, and which are no longer needed by any token. */
export function decideKeys(keys: readonly KeyAge[], now: Instant): { needsNew: boolean; expired: string[] } {
  const newest = keys[0]
  const expired = keys.filter((_, at) => {
    const successor = keys[at - 1]
    return successor !== undefined && now - successor.createdAt > retiredKeyMs
  })
  return { needsNew: newest === undefined || now - newest.createdAt >= keyLifeMs, expired: expired.map((key) => key.kid) }
}
