import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Subscription } from '#contracts/billing'
import { subscriptionsQuery } from '../../lib/queries.ts'
import { JoinSchool } from '../../ui/join-school.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { BackToContest } from './back-to-contest.tsx'
import { isOpen, isOver } from './purchase.ts'
import { ReceiptList } from './receipt-list.tsx'
import { SubscriptionCard } from './subscription-card.tsx'
import './billing.css'

export function SubscriptionPage() {
  const { t } = useTranslation()
  usePageTitle(t('billing.mine'))
  const read = useQuery({
    ...subscriptionsQuery,
    // A payment that is on its way ends by itself.
    refetchInterval: ({ state }) => (state.data?.some(({ due }) => due !== undefined) ? 15_000 : false),
  })
  return (
    <div className="narrow">
      <h1>{t('billing.mine')}</h1>
      <Shown read={read}>{(subscriptions) => <Mine subscriptions={subscriptions} />}</Shown>
      <section className="card" aria-labelledby="join-school">
        <h2 id="join-school">{t('billing.joinTitle')}</h2>
        <JoinSchool />
      </section>
      <ReceiptList />
    </div>
  )
}

function Mine({ subscriptions }: { readonly subscriptions: readonly Subscription[] }) {
  const { t } = useTranslation()
  const [now, earlier] = [subscriptions.filter((each) => !isOver(each)), subscriptions.filter(isOver)]
  return (
    <>
      {now.some(isOpen) && (
        <p>
          <BackToContest />
        </p>
      )}
      {now.length === 0 && <Empty icon="star">{t('billing.noneYet')}</Empty>}
      {now.map((subscription) => (
        <SubscriptionCard key={subscription.id} subscription={subscription} />
      ))}
      <p>
        <Link href="/plans" className={now.length === 0 ? 'button button-primary' : ''}>
          {t('billing.allPlans')}
        </Link>
      </p>
      {earlier.length > 0 && (
        <details>
          <summary>{t('billing.earlier', { count: earlier.length })}</summary>
          {earlier.map((subscription) => (
            <SubscriptionCard key={subscription.id} subscription={subscription} />
          ))}
        </details>
      )}
    </>
  )
}
