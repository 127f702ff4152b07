/**
 * Idempotency-Keys of what must not happen twice. A key is kept in this browser with what it was made for: the same again (a second press, a reload, a bad
 * line) takes the same key, anything else a new one. It is given up an hour after it was made, so that an old purchase is never answered for a new one.
 */
import type { KeyValue } from './storage.ts'

export type KeptKeys = {
  readonly begin: (slot: string, body: unknown) => string
  /** A clear answer came: the next press is a new one. */
  readonly settle: (slot: string) => void
  /** All slots that begin so. */
  readonly settleAll: (prefix: string) => void
}

const name = (slot: string) => `arena.key.${slot}`
const lifeMs = 60 * 60_000
type Kept = { readonly key: string; readonly body: string; readonly at: number }

export function createKeptKeys(storage: KeyValue, { now, newKey }: { readonly now: () => number; readonly newKey: () => string }): KeptKeys {
  const find = (slot: string): Kept | undefined => {
    try {
      return JSON.parse(storage.get(name(slot)) ?? 'null') ?? undefined
    } catch {
      return undefined
    }
  }
  return {
    begin(slot, body) {
      const kept = find(slot)
      const text = JSON.stringify(body)
      if (kept && kept.body === text && Math.abs(now() - kept.at) < lifeMs) return kept.key
      const key = newKey()
      storage.set(name(slot), JSON.stringify({ key, body: text, at: now() }))
      return key
    },
    settle: (slot) => storage.remove(name(slot)),
    settleAll(prefix) {
      for (const key of storage.keys()) if (key.startsWith(name(prefix))) storage.remove(key)
    },
  }
}
