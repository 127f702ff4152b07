import type { Ms } from '#kernel/units'
import { ms } from '#kernel/units'
import type { Cache } from '#ports/cache'
import type { Clock } from '#ports/clock'

export type MemoryCacheOptions = {
  readonly clock: Clock
  /** Keys kept at most, for values and for budgets each; the longest unused go first. Default 50,000. */
  readonly maxKeys?: number
  /** Characters of all values together. Default 32 million. */
  readonly maxCharacters?: number
}

type Value = { readonly text: string; readonly expiresAt: number }
/** The moments of the hits that were within the budget, oldest first: at most `limit` of them. */
type Budget = { hits: number[]; expiresAt: number }

/** The cache of one process. Maps keep the order of insertion, so taking a key out and putting it back makes the first key the longest unused. */
export function openMemoryCache({ clock, maxKeys = 50_000, maxCharacters = 32_000_000 }: MemoryCacheOptions): Cache {
  const values = new Map<string, Value>()
  const budgets = new Map<string, Budget>()
  let characters = 0

  const drop = (key: string) => {
    characters -= values.get(key)?.text.length ?? 0
    values.delete(key)
  }
  const dropOldest = () => {
    for (const key of values.keys()) {
      if (values.size <= maxKeys && characters <= maxCharacters) return
      drop(key)
    }
  }

  return {
    hit: async (key, limit, window) => {
      const now = clock.now()
      const hits = (budgets.get(key)?.hits ?? []).filter((at) => at > now - window)
      const wait = waitFor(hits, limit, window, now)
      if (wait === 0) hits.push(now)
      budgets.delete(key)
      budgets.set(key, { hits, expiresAt: now + window })
      forgetBudgets(budgets, now, maxKeys)
      return wait
    },
    get: async (key) => {
      const found = values.get(key)
      if (found === undefined) return undefined
      if (found.expiresAt <= clock.now()) {
        drop(key)
        return undefined
      }
      values.delete(key)
      values.set(key, found)
      return found.text
    },
    set: async (key, text, ttl) => {
      drop(key)
      if (ttl <= 0) return
      values.set(key, { text, expiresAt: clock.now() + ttl })
      characters += text.length
      dropOldest()
    },
    delete: async (key) => drop(key),
  }
}

/** A refused hit is not counted, so who keeps knocking is slowed and never locked out. */
function waitFor(hits: readonly number[], limit: number, window: Ms, now: number): Ms {
  if (limit <= 0) return window
  const blocking = hits.at(-limit)
  return ms(blocking === undefined ? 0 : Math.max(1, blocking + window - now))
}

/** Spent budgets go a few at a time, with the hits that come; living ones only when there are too many. */
function forgetBudgets(budgets: Map<string, Budget>, now: number, maxKeys: number): void {
  let looked = 0
  for (const [key, { expiresAt }] of budgets) {
    const isSpent = expiresAt <= now
    if (!isSpent && budgets.size <= maxKeys) return
    budgets.delete(key)
    looked += 1
    if (looked === 10 && budgets.size <= maxKeys) return
  }
}
