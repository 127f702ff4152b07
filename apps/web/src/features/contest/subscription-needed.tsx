import { type ComponentProps, Suspense } from 'react'
import { ApiError } from '../../lib/api-client.ts'
import { lazyPart } from '../../ui/lazy-page.ts'
import { Loading } from '../../ui/states.tsx'

const Offer = lazyPart(() => import('./premium-offer.tsx'), 'PremiumOffer')

/** 402: a subscription would open it. */
export const needsSubscription = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 'SUBSCRIPTION_NEEDED'

/** What a subscription costs and opens is fetched by those who need one, not by every pupil of a class. */
export function PremiumOffer(props: ComponentProps<typeof Offer>) {
  return (
    <Suspense fallback={<Loading />}>
      <Offer {...props} />
    </Suspense>
  )
}
