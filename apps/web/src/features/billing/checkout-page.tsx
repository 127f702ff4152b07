import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useParams } from 'wouter'
import type { Currency, Plan } from '#contracts/billing'
import { type Answer, ApiError } from '../../lib/api-client.ts'
import { api, keptKeys } from '../../lib/arena.ts'
import { currenciesOf, formatMoney } from '../../lib/money.ts'
import { plansQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { RadioField, SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { usePriceText } from '../../ui/price.tsx'
import { Empty, FormError, Note, Shown } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { keptCurrency } from './kept-currency.ts'
import { PlanFacts } from './plan-facts.tsx'
import { ProviderField } from './provider-field.tsx'
import { type Provider, payingPlace, priceIn, providersFor } from './purchase.ts'
import './billing.css'
import { useAction } from '../../lib/use-action.ts'

export function CheckoutPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams<{ id: string }>()
  const read = useQuery(plansQuery)
  usePageTitle(read.data?.plans.find((plan) => plan.id === id)?.name ?? t('billing.plans'))
  return (
    <Shown read={read} lines={8}>
      {({ plans, providers }) => {
        const plan = plans.find((each) => each.id === id)
        return plan ? <Buying plan={plan} providers={providers} /> : <NotOnSale />
      }}
    </Shown>
  )
}

function NotOnSale() {
  const { t } = useTranslation()
  return (
    <Empty icon="star">
      <h1>{t('errors.PLAN_NOT_FOUND')}</h1>
      <Link href="/plans">{t('billing.allPlans')}</Link>
    </Empty>
  )
}

type Order = { readonly currency: Currency; readonly provider: Provider['name'] | undefined; readonly school: string; readonly withoutTrial: boolean }

/** One purchase has one key: a second press, a reload or a lost answer is the same purchase. */
function useBuy(plan: Plan) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const user = useUser()
  const [, go] = useLocation()
  const slot = `buy.${user?.id ?? ''}.${plan.id}`
  const onSuccess = ({ checkout }: Answer<'POST /api/subscriptions'>) => {
    void client.invalidateQueries({ queryKey: keys.billing() })
    if (!checkout) {
      keptKeys.settle(slot)
      toast(t('billing.begun', { name: plan.name }))
      return go('/me/subscription')
    }
    const place = payingPlace(checkout)
    if (place.kind === 'leave') location.assign(place.url)
    else go(place.path)
  }
  return useAction({
    mutationFn: ({ currency, provider, school, withoutTrial }: Order) => {
      const body = {
        planId: plan.id,
        currency,
        ...(provider && { provider }),
        ...(plan.audience === 'school' && { school: school.trim() }),
        ...(withoutTrial && { withoutTrial }),
      }
      return api.call('POST /api/subscriptions', { headers: { 'idempotency-key': keptKeys.begin(slot, body) }, body })
    },
    onSuccess,
    onError: (error) => {
      if (error instanceof ApiError && !error.isAmbiguous && error.status !== 401) keptKeys.settle(slot)
    },
  })
}

function Buying({ plan, providers }: { readonly plan: Plan; readonly providers: readonly Provider[] }) {
  const { t } = useTranslation()
  const user = useUser()
  const [order, setOrder] = useState<Order>(() => ({
    currency: priceIn(plan, keptCurrency() ?? 'RWF')?.currency ?? 'RWF',
    provider: undefined,
    school: user?.school ?? '',
    withoutTrial: plan.trialDays === 0,
  }))
  const [wasPressed, setPressed] = useState(false)
  const buy = useBuy(plan)
  const offered = providersFor(providers, order.currency)
  const price = priceIn(plan, order.currency)
  const isFree = price?.amount === 0
  const provider = isFree ? undefined : (offered.find(({ name }) => name === order.provider) ?? offered[0])?.name
  const schoolMissing = plan.audience === 'school' && order.school.trim() === ''
  const isStuck = !isFree && provider === undefined
  const change = (part: Partial<Order>) => setOrder((before) => ({ ...before, ...part }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (!schoolMissing && !isStuck) buy.mutate({ ...order, provider })
  }
  return (
    <div className="narrow">
      <p className="small">
        <Link href="/plans">{t('billing.allPlans')}</Link>
      </p>
      <form className="card" onSubmit={onSubmit} noValidate>
        <h1>{plan.name}</h1>
        <PlanFacts plan={plan} price={price} />
        <OrderFields plan={plan} order={order} change={change} schoolError={wasPressed && schoolMissing ? t('errors.SCHOOL_MISSING') : undefined} />
        {!isFree && provider && <ProviderField providers={offered} value={provider} onPick={(next) => change({ provider: next })} />}
        {isStuck && (
          <Note tone="gold" icon="info">
            <p>{t('billing.noWayToPay')}</p>
          </Note>
        )}
        <BuyError error={buy.error} />
        <Button type="submit" tone="primary" busy={buy.isPending} disabled={isStuck}>
          {isFree ? t('billing.begin') : order.withoutTrial ? t('billing.toPayment') : t('billing.beginTrial')}
        </Button>
      </form>
    </div>
  )
}

type FieldsProps = { readonly plan: Plan; readonly order: Order; readonly change: (part: Partial<Order>) => void; readonly schoolError: string | undefined }

function OrderFields({ plan, order, change, schoolError }: FieldsProps) {
  const { t, i18n } = useTranslation()
  const priceText = usePriceText()
  const price = priceIn(plan, order.currency)
  const currencies = currenciesOf(plan.prices)
  return (
    <>
      {price && <p className="plan-price number">{priceText(price, plan)}</p>}
      {currencies.length > 1 && (
        <SelectField
          label={t('billing.currency')}
          value={order.currency}
          options={currencies.map((value) => ({ value, label: t(`billing.currencies.${value}`) }))}
          onPick={(currency) => change({ currency })}
        />
      )}
      {plan.audience === 'school' && (
        <TextField
          label={t('billing.school')}
          hint={t('billing.schoolHint')}
          value={order.school}
          onText={(school) => change({ school })}
          error={schoolError}
          maxLength={120}
          autoComplete="organization"
        />
      )}
      {plan.trialDays > 0 && price && price.amount > 0 && (
        <RadioField
          label={t('billing.how')}
          value={order.withoutTrial ? 'pay' : 'try'}
          onPick={(picked) => change({ withoutTrial: picked === 'pay' })}
          options={[
            { value: 'try', label: t('billing.tryFirst', { count: plan.trialDays }), hint: t('billing.tryFirstHint') },
            { value: 'pay', label: t('billing.payNow', { price: formatMoney(price, i18n.language) }) },
          ]}
        />
      )}
    </>
  )
}

function BuyError({ error }: { readonly error: unknown }) {
  const { t } = useTranslation()
  const isMine = error instanceof ApiError && error.code === 'ALREADY_SUBSCRIBED'
  return (
    <>
      <FormError error={error} />
      {isMine && (
        <p>
          <Link href="/me/subscription">{t('billing.toMine')}</Link>
        </p>
      )}
    </>
  )
}
