import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Checkout, Subscription } from '#contracts/billing'
import { api } from '../../lib/arena.ts'
import { decimalText, formatMoney } from '../../lib/money.ts'
import { plansQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FormError } from '../../ui/states.tsx'
import { ProviderField } from './provider-field.tsx'
import { type Provider, payingPlace, providersFor } from './purchase.ts'

/** Pays what is due: at the provider's page, or by the instructions of a bank transfer. */
export function PayDue({ subscription }: { readonly subscription: Subscription }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const { data } = useQuery(plansQuery)
  const [picked, setPicked] = useState<Provider['name']>()
  const { id, price, due } = subscription
  const offered = providersFor(data?.providers ?? [], price.currency)
  const preferred = picked ?? due?.provider ?? subscription.provider
  const provider = (offered.find(({ name }) => name === preferred) ?? offered[0])?.name
  const pay = useAction({
    mutationFn: () => api.call('POST /api/subscriptions/:id/pay', { params: { id }, body: { ...(provider && { provider }) } }),
    onSuccess: ({ checkout, subscription: after }) => {
      void client.invalidateQueries({ queryKey: keys.subscriptions() })
      const next = checkout ?? after.due
      if (!next) return
      const place = payingPlace(next)
      if (place.kind === 'leave') location.assign(place.url)
      else go(place.path)
    },
  })
  const money = formatMoney(due ?? price, i18n.language)
  return (
    <section className="due" aria-label={t('billing.dueTitle')}>
      {due?.instructions && <Transfer due={due} />}
      {provider && <ProviderField providers={offered} value={provider} onPick={setPicked} />}
      <FormError error={pay.error} />
      {!(due?.instructions && provider === due.provider) && (
        <Button tone="primary" busy={pay.isPending} onPress={() => pay.mutate()}>
          {provider === 'manual' ? t('billing.showTransfer', { money }) : t('billing.pay', { money })}
        </Button>
      )}
    </section>
  )
}

/** Where a bank transfer goes, and what it must name to be found. */
function Transfer({ due }: { readonly due: Checkout }) {
  const { t, i18n } = useTranslation()
  // The reference has a line of its own here.
  const lines = due.instructions?.filter((line) => !line.includes(due.reference)) ?? []
  return (
    <div className="transfer">
      <p>{t('billing.transferLead')}</p>
      <dl className="facts">
        <dt>{t('billing.amount')}</dt>
        <dd>
          <strong className="number">{formatMoney(due, i18n.language)}</strong> <CopyButton text={decimalText(due)} label={t('billing.copyAmount')} />
        </dd>
        <dt>{t('billing.transferReference')}</dt>
        <dd>
          <code>{due.reference}</code> <CopyButton text={due.reference} label={t('billing.copyReference')} />
        </dd>
      </dl>
      <ul className="plain-list">
        {lines.map((line) => (
          <li key={line} className="row">
            <span className="grow">{line}</span>
            <CopyButton text={line} label={t('billing.copyLine', { line })} />
          </li>
        ))}
      </ul>
      <p className="hint">{t('billing.transferWait')}</p>
    </div>
  )
}
