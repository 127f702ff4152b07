import type { Currency } from '#contracts/billing'

/** Currencies whose balances do not add up to zero: there are none, unless the books are wrong. */
export function unbalanced(accounts: readonly { readonly currency: Currency; readonly balance: number }[]): readonly Currency[] {
  const sums = new Map<Currency, number>()
  for (const { currency, balance } of accounts) sums.set(currency, (sums.get(currency) ?? 0) + balance)
  return [...sums].flatMap(([currency, sum]) => (sum === 0 ? [] : currency))
}
