import type { Currency } from '#contracts/billing'
import { storage } from '../../lib/arena.ts'
import { isCurrency } from '../../lib/money.ts'

const key = 'arena.currency'

/** Chosen before in this browser, if any. */
export function keptCurrency(): Currency | undefined {
  const kept = storage.get(key)
  return isCurrency(kept) ? kept : undefined
}

export const keepCurrency = (currency: Currency) => storage.set(key, currency)
