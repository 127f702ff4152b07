import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Currency, Plan } from '#contracts/billing'
import { currenciesOf } from '../../lib/money.ts'
import { plansQuery } from '../../lib/queries.ts'
import { useUser } from '../../lib/use-session.ts'
import { SelectField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { usePriceText } from '../../ui/price.tsx'
import { Empty, Note, Shown } from '../../ui/states.tsx'
import { keepCurrency, keptCurrency } from './kept-currency.ts'
import { PlanFacts } from './plan-facts.tsx'
import { type Provider, priceIn, providersFor } from './purchase.ts'
import './billing.css'

export function PlansPage() {
  const { t } = useTranslation()
  usePageTitle(t('billing.plans'))
  const user = useUser()
  const read = useQuery(plansQuery)
  return (
    <>
      <h1>{t('billing.plans')}</h1>
      <p className="muted">{t('billing.plansLead')}</p>
      {user && (
        <p className="small">
          <Link href="/me/subscription">{t('billing.toMine')}</Link>
        </p>
      )}
      <Shown read={read} lines={8}>
        {({ plans, providers }) => (plans.length === 0 ? <Empty icon="star">{t('billing.noPlans')}</Empty> : <Offer plans={plans} providers={providers} />)}
      </Shown>
    </>
  )
}

const audiences = ['person', 'school'] as const

function Offer({ plans, providers }: { readonly plans: readonly Plan[]; readonly providers: readonly Provider[] }) {
  const { t } = useTranslation()
  const currencies = currenciesOf(plans.flatMap(({ prices }) => prices))
  const [chosen, setChosen] = useState(keptCurrency)
  const currency = chosen && currencies.includes(chosen) ? chosen : (currencies[0] ?? 'RWF')
  const pick = (next: Currency) => {
    keepCurrency(next)
    setChosen(next)
  }
  return (
    <>
      {currencies.length > 1 && (
        <div className="field-narrow">
          <SelectField
            label={t('billing.currency')}
            value={currency}
            options={currencies.map((value) => ({ value, label: t(`billing.currencies.${value}`) }))}
            onPick={pick}
          />
        </div>
      )}
      {audiences.map((audience) => {
        const some = plans.filter((plan) => plan.audience === audience)
        return (
          some.length > 0 && (
            <section key={audience} aria-labelledby={`for-${audience}`}>
              <h2 id={`for-${audience}`}>{t(`billing.for.${audience}`)}</h2>
              <ul className="plain-list plan-grid">
                {some.map((plan) => (
                  <li key={plan.id}>
                    <PlanCard plan={plan} currency={currency} />
                  </li>
                ))}
              </ul>
            </section>
          )
        )
      })}
      <HowToPay providers={providersFor(providers, currency)} />
    </>
  )
}

function PlanCard({ plan, currency }: { readonly plan: Plan; readonly currency: Currency }) {
  const { t } = useTranslation()
  const priceText = usePriceText()
  const price = priceIn(plan, currency)
  const isSold = price?.currency === currency
  return (
    <article className="card plan-card">
      <h3>{plan.name}</h3>
      {price && <p className="plan-price number">{priceText(price, plan)}</p>}
      {!isSold && <p className="small muted">{t('billing.notIn', { currency })}</p>}
      <PlanFacts plan={plan} price={price} />
      <Link href={`/plans/${plan.id}`} className="button button-primary" aria-label={t('billing.chooseName', { name: plan.name })}>
        {t('billing.choose')}
      </Link>
    </article>
  )
}

function HowToPay({ providers }: { readonly providers: readonly Provider[] }) {
  const { t } = useTranslation()
  const methods = [...new Set(providers.flatMap((provider) => provider.methods))]
  return (
    <section aria-labelledby="how-to-pay">
      <h2 id="how-to-pay">{t('billing.howToPay')}</h2>
      {methods.length === 0 && (
        <Note tone="gold" icon="info">
          <p>{t('billing.noWayToPay')}</p>
        </Note>
      )}
      <ul className="plain-list stack">
        {methods.map((method) => (
          <li key={method} className="row pay-method">
            <Icon name={method === 'bank-transfer' ? 'flag' : method === 'play-money' ? 'play' : 'check'} />
            <span className="grow">
              <strong>{t(`billing.method.${method}`)}</strong>
              <span className="hint block">{t(`billing.methodHow.${method}`)}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="hint" style={{ marginTop: '0.8rem' }}>
        {t('billing.oneByOne')}
      </p>
    </section>
  )
}
