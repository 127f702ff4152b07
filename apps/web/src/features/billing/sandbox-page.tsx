import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useParams } from 'wouter'
import type { Answer } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { formatMoney } from '../../lib/money.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note, Shown } from '../../ui/states.tsx'
import { ownPath } from './purchase.ts'
import './billing.css'
import { useAction } from '../../lib/use-action.ts'

type SandboxPayment = Answer<'GET /api/billing/sandbox/:reference'>

/** The page of the provider of play money: what a real provider shows on its own site. */
export function SandboxPage() {
  const { t } = useTranslation()
  usePageTitle(t('sandbox.title'))
  const { reference = '' } = useParams<{ reference: string }>()
  const read = useQuery({
    queryKey: [...keys.billing(), 'sandbox', reference],
    queryFn: ({ signal }) => api.call('GET /api/billing/sandbox/:reference', { params: { reference } }, { signal }),
  })
  return (
    <section className="card card-narrow play-money">
      <h1>{t('sandbox.title')}</h1>
      <Note tone="gold" icon="play">
        <p>{t('sandbox.lead')}</p>
      </Note>
      <Shown read={read}>{(payment) => <Paying payment={payment} />}</Shown>
    </section>
  )
}

function Paying({ payment }: { readonly payment: SandboxPayment }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const { reference, status } = payment
  const back = ownPath(payment.returnUrl) ?? '/me/subscription'
  const decide = useAction({
    mutationFn: (outcome: 'pay' | 'refuse') => api.call('POST /api/billing/sandbox/:reference', { params: { reference }, body: { outcome } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.billing() })
      go(back)
    },
  })
  return (
    <>
      <p>{payment.description}</p>
      <p className="plan-price number">{formatMoney(payment, i18n.language)}</p>
      <p className="small muted">{t('billing.reference', { reference })}</p>
      <FormError error={decide.error} />
      {status === 'open' ? (
        <div className="row">
          <Button tone="primary" busy={decide.isPending && decide.variables === 'pay'} disabled={decide.isPending} onPress={() => decide.mutate('pay')}>
            {t('sandbox.pay')}
          </Button>
          <Button tone="danger" busy={decide.isPending && decide.variables === 'refuse'} disabled={decide.isPending} onPress={() => decide.mutate('refuse')}>
            {t('sandbox.refuse')}
          </Button>
          <Link href={back}>{t('sandbox.leave')}</Link>
        </div>
      ) : (
        <>
          <p>{t(`sandbox.status.${status}`)}</p>
          <Link href={back} className="button button-primary">
            {t('sandbox.back')}
          </Link>
        </>
      )}
    </>
  )
}
