/** What the pages of a purchase decide, without the DOM. */
import type { Checkout, Currency, Plan, Receipt, Subscription } from '#contracts/billing'
import type { Answer } from '../../lib/api-client.ts'

export type Provider = Answer<'GET /api/plans'>['providers'][number]

/** Providers that take this currency, in the order of the arena: the first is the standard. */
export const providersFor = (providers: readonly Provider[], currency: Currency): readonly Provider[] =>
  providers.filter(({ currencies }) => currencies.includes(currency))

export type Place = { readonly kind: 'leave'; readonly url: string } | { readonly kind: 'stay'; readonly path: string }

/**
 * Where a payer goes: the provider's page, or the own subscriptions, where instructions are. The page of play money is a page of this web: its path is
 * taken without its host, since the arena may be called by another name here than it knows of. Only web addresses are followed.
 */
export function payingPlace({ url, provider }: Pick<Checkout, 'url' | 'provider'>): Place {
  const own = { kind: 'stay', path: '/me/subscription' } as const
  if (url === undefined) return own
  if (provider === 'sandbox') return { kind: 'stay', path: ownPath(url) ?? own.path }
  return /^https?:\/\//i.test(url) ? { kind: 'leave', url } : own
}

/** Path and query of an address of this web, whatever host it names; undefined where it is none. */
export const ownPath = (address: string): string | undefined => /^(?:https?:\/\/[^/?#\\]+)?(\/(?![/\\])[^#\\]*)/i.exec(address)?.[1]

/** How the payment of a reference stands, by what the server says: a receipt is the proof, an address that somebody came back by is none. */
export type Standing =
  | { readonly state: 'paid'; readonly receipt: Receipt }
  | { readonly state: 'waiting'; readonly due: Checkout; readonly subscription: Subscription }
  | { readonly state: 'notPaid' }

/** @param receipts asked for after `subscriptions`: what is settled by then has its receipt among them. */
export function standingOf(reference: string, subscriptions: readonly Subscription[], receipts: readonly Receipt[]): Standing {
  const receipt = receipts.find((each) => each.kind === 'receipt' && each.reference === reference)
  if (receipt) return { state: 'paid', receipt }
  const subscription = subscriptions.find(({ due }) => due?.reference === reference)
  return subscription?.due ? { state: 'waiting', due: subscription.due, subscription } : { state: 'notPaid' }
}

/** Asks often at first, then calmly, as long as the page is open; milliseconds, or never again. */
export const nextAskMs = (standing: Standing | undefined, askedForMs: number): number | false =>
  standing?.state === 'paid' ? false : askedForMs < 60_000 ? 2_000 : 10_000

const payAheadMs = 14 * 86_400_000
const openStates: readonly Subscription['status'][] = ['trialing', 'active', 'grace']
export const isOpen = ({ status }: Pick<Subscription, 'status'>) => openStates.includes(status)
export const isOver = ({ status }: Pick<Subscription, 'status'>) => status === 'expired' || status === 'cancelled'

type Payable = Pick<Subscription, 'status' | 'isHolder' | 'sponsored' | 'cancelsAtPeriodEnd' | 'periodEndsAt' | 'due' | 'price'>
/** Whether a payment can be made now: the first one, or the next period's from 14 days before the end. The server decides. */
export function mayPay({ status, isHolder, sponsored, cancelsAtPeriodEnd, periodEndsAt, due, price }: Payable, nowMs: number): boolean {
  if (!isHolder || sponsored || price.amount === 0 || isOver({ status })) return false
  if (due || status === 'pending' || status === 'grace') return true
  return !cancelsAtPeriodEnd && periodEndsAt !== null && Date.parse(periodEndsAt) - nowMs <= payAheadMs
}

/** A price in the chosen currency; the plan's first where it is not sold in it. */
export const priceIn = (plan: Pick<Plan, 'prices'>, currency: Currency | undefined) =>
  plan.prices.find((price) => price.currency === currency) ?? plan.prices[0]
