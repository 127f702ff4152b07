import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearch } from 'wouter'
import { api, keptKeys } from '../../lib/arena.ts'
import { formatMoney } from '../../lib/money.ts'
import { keys } from '../../lib/query-keys.ts'
import { useUser } from '../../lib/use-session.ts'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Note, Shown } from '../../ui/states.tsx'
import { BackToContest } from './back-to-contest.tsx'
import { nextAskMs, type Standing, standingOf } from './purchase.ts'
import './billing.css'

/** Where the provider's page sends the payer back to. It proves nothing: the server is asked until it knows, and only its word is shown. */
export function ReturnPage() {
  const { t } = useTranslation()
  usePageTitle(t('billing.returnTitle'))
  const reference = new URLSearchParams(useSearch()).get('reference') ?? ''
  const [since] = useState(() => Date.now())
  const user = useUser()
  const client = useQueryClient()
  const read = useQuery({
    queryKey: [...keys.subscriptions(), 'standing', reference],
    queryFn: async ({ signal }) => {
      const { subscriptions } = await api.call('GET /api/subscriptions/mine', undefined, { signal })
      const { receipts } = await api.call('GET /api/receipts', { query: { limit: 50 } }, { signal })
      return standingOf(reference, subscriptions, receipts)
    },
    staleTime: 0,
    refetchInterval: ({ state }) => nextAskMs(state.data, Date.now() - since),
    refetchIntervalInBackground: true,
  })
  const isPaid = read.data?.state === 'paid'
  useEffect(() => {
    if (!isPaid) return
    keptKeys.settleAll(`buy.${user?.id ?? ''}.`)
    void client.invalidateQueries({ queryKey: keys.billing() })
  }, [isPaid, user?.id, client])
  return (
    <section className="card card-narrow">
      <h1>{t('billing.returnTitle')}</h1>
      <Shown read={read} lines={3}>
        {(standing) => <StandingShown standing={standing} isLong={Date.now() - since > 45_000} />}
      </Shown>
      <p className="hint">{t('billing.reference', { reference })}</p>
    </section>
  )
}

function StandingShown({ standing, isLong }: { readonly standing: Standing; readonly isLong: boolean }) {
  const { t, i18n } = useTranslation()
  if (standing.state === 'paid') {
    const { number, amount, currency, planName } = standing.receipt
    return (
      <>
        <Note tone="good" live>
          <p>{t('billing.paid', { money: formatMoney({ amount, currency }, i18n.language), name: planName })}</p>
        </Note>
        <div className="row">
          <BackToContest />
          <Link href={`/me/receipts/${number}`} className="button">
            {t('billing.receiptNumber', { number })}
          </Link>
          <Link href="/me/subscription">{t('billing.toMine')}</Link>
        </div>
      </>
    )
  }
  const mayLeave = (
    <p>
      <Link href="/me/subscription">{t('billing.toMine')}</Link>
    </p>
  )
  if (standing.state === 'waiting') {
    return (
      <>
        <div role="status" className="row">
          <Icon name="wait" className="spin" />
          <p className="grow">{t('billing.asking')}</p>
        </div>
        {isLong && <p className="muted">{t('billing.takesLong')}</p>}
        {mayLeave}
      </>
    )
  }
  return (
    <>
      <Note tone="gold" live>
        <p>{t('billing.notPaid')}</p>
      </Note>
      {mayLeave}
    </>
  )
}
