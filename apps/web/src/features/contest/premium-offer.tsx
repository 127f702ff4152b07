import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Plan } from '#contracts/billing'
import type { ApiError } from '../../lib/api-client.ts'
import { formatDay } from '../../lib/format.ts'
import { rememberWanted } from '../../lib/wanted.ts'
import { Icon } from '../../ui/icons.tsx'
import { JoinSchool } from '../../ui/join-school.tsx'
import { usePriceText } from '../../ui/price.tsx'
import { offeredPlans } from './offered-plans.ts'
import './contest.css'

type Props = { readonly error: ApiError; readonly onOpened: () => void; readonly heading?: 'h1' | 'h2' }

/** What opens a premium contest: a plan, or the code of a school that has one. The purchase leads back here. */
export function PremiumOffer({ error, onOpened, heading: Heading = 'h2' }: Props) {
  const { t, i18n } = useTranslation()
  const { contestId, until } = error.details
  const plans = offeredPlans(error.details.plans)
  useEffect(() => {
    if (typeof contestId === 'string') rememberWanted(contestId)
  }, [contestId])
  return (
    <section className="card premium-offer" aria-labelledby="premium-title">
      <Heading id="premium-title">
        <Icon name="star" size={22} /> {t('premium.title')}
      </Heading>
      <p>{t('premium.lead')}</p>
      {typeof until === 'string' && <p>{t('premium.ended', { when: formatDay(until, i18n.language) })}</p>}
      {plans.length > 0 && (
        <ul className="plain-list premium-plans">
          {plans.map((plan) => (
            <li key={plan.id}>
              <PlanRow plan={plan} />
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link href="/plans">{plans.length > 0 ? t('premium.compare') : t('premium.plans')}</Link>
      </p>
      <div className="premium-school">
        <h3>{t('premium.schoolTitle')}</h3>
        <JoinSchool onJoined={onOpened} />
      </div>
    </section>
  )
}

function PlanRow({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation()
  const priceText = usePriceText()
  return (
    <div className="row row-between">
      <span className="grow">
        <strong>{plan.name}</strong>
        <span className="small muted block">
          {plan.prices.map((price) => priceText(price, plan)).join(' · ')}
          {plan.trialDays > 0 && ` · ${t('premium.trial', { count: plan.trialDays })}`}
        </span>
      </span>
      <Link href={`/plans/${plan.id}`} className="button button-small button-primary" aria-label={t('premium.chooseName', { name: plan.name })}>
        {t('premium.choose')}
      </Link>
    </div>
  )
}
