import type { SubscriptionSnapshot } from '#contracts/billing'

/**
 * What a holder hears of a subscription: that it opened something, that it is over. Snapshots come in any order and some never; the newest counts, and
 * what lies between two is no news. `openUntil` of one that is over tells that it was open once: nobody hears of the end of what was never paid.
 */
export type ToldSubscription = { readonly revision: number; readonly last: SubscriptionNews | null }
export type SubscriptionNews = 'opened' | 'ended'

const newsIn = {
  pending: null,
  trialing: 'opened',
  active: 'opened',
  grace: 'opened',
  expired: 'ended',
  cancelled: 'ended',
} as const satisfies Record<SubscriptionSnapshot['status'], SubscriptionNews | null>

/** @returns undefined when what is known is as new; `news` undefined when there is nothing to tell. */
export function newsOf(
  told: ToldSubscription | undefined,
  { revision, status, openUntil }: Pick<SubscriptionSnapshot, 'revision' | 'status' | 'openUntil'>,
): { readonly told: ToldSubscription; readonly news: SubscriptionNews | undefined } | undefined {
  if (told !== undefined && told.revision >= revision) return undefined
  const last = told?.last ?? null
  const news = newsIn[status]
  const isNews = news !== null && news !== last && (news === 'opened' || last === 'opened' || openUntil !== null)
  return { told: { revision, last: isNews ? news : last }, news: isNews ? news : undefined }
}
