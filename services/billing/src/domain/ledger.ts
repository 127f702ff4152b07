import type { LedgerEntry } from '#contracts/billing'
import type { CurrencyCode, Money } from '#kernel/money'

/**
 * The books: double entry, debit positive, whole minor units. Accounts: `provider:NAME` (an asset: money that lies with a provider or a bank),
 * `revenue` (what a period was given for), `customer-credit` (a liability: money that came and fits nothing; it is the customer's until it is given back
 * or applied). What belongs to which account depends on the facts alone, so the balances end the same in whatever order news came.
 */
export type Posting = LedgerEntry['postings'][number]
export type Split = { readonly earned: number; readonly credit: number }

const posting = (account: string, currency: CurrencyCode, amount: number): Posting => ({ account, currency, amount })
const nonZero = (postings: readonly Posting[]): Posting[] => postings.filter(({ amount }) => amount !== 0)
const providerAccount = (provider: string) => `provider:${provider}`

/** Of money that is here, what is earned by a period at `price`. The rest is credit. */
export function splitOf(left: number, price: number, isApplied: boolean): Split {
  const earned = isApplied ? Math.min(left, price) : 0
  return { earned, credit: left - earned }
}

export const paymentPostings = (provider: string, { currency }: Money, { earned, credit }: Split): Posting[] =>
  nonZero([posting(providerAccount(provider), currency, earned + credit), posting('revenue', currency, -earned), posting('customer-credit', currency, -credit)])

/** Credit that turned out to fit: the payment that made room for it became known later. Negative: the other way round. */
export const applicationPostings = (currency: CurrencyCode, amount: number): Posting[] => [
  posting('customer-credit', currency, amount),
  posting('revenue', currency, -amount),
]

/** What is the customer's anyway is given back first. @returns what is left of both, and the entry. */
export function refundOf(before: Split, { amount, currency }: Money, provider: string): { after: Split; postings: Posting[] } {
  const fromCredit = Math.min(amount, before.credit)
  const fromEarned = amount - fromCredit
  return {
    after: { earned: before.earned - fromEarned, credit: before.credit - fromCredit },
    postings: nonZero([
      posting('customer-credit', currency, fromCredit),
      posting('revenue', currency, fromEarned),
      posting(providerAccount(provider), currency, -amount),
    ]),
  }
}
