import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import type { Receipt } from '#contracts/billing'
import { api } from '../../lib/arena.ts'
import { formatDay } from '../../lib/format.ts'
import { formatMoney } from '../../lib/money.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Shown } from '../../ui/states.tsx'
import './billing.css'

export function ReceiptPage() {
  const { t } = useTranslation()
  const { number = '' } = useParams<{ number: string }>()
  usePageTitle(t('billing.receiptNumber', { number }))
  const read = useQuery({
    queryKey: keys.receipt(number),
    queryFn: async ({ signal }) => (await api.call('GET /api/receipts/:number', { params: { number } }, { signal })).receipt,
  })
  return (
    <div className="narrow">
      <div className="row row-between not-printed" style={{ marginBottom: '1rem' }}>
        <Link href="/me/subscription" className="button button-quiet button-small">
          <Icon name="left" />
          {t('billing.mine')}
        </Link>
        {read.data && <Button onPress={() => window.print()}>{t('billing.print')}</Button>}
      </div>
      <Shown read={read}>{(receipt) => <ReceiptPaper receipt={receipt} />}</Shown>
    </div>
  )
}

function ReceiptPaper({ receipt }: { readonly receipt: Receipt }) {
  const { t, i18n } = useTranslation()
  const isCredit = receipt.kind === 'credit-note'
  const day = (iso: string) => formatDay(iso, i18n.language)
  const facts: readonly (readonly [string, string])[] = [
    [t('billing.issued'), day(receipt.issuedAt)],
    [t('billing.payer'), receipt.payerName],
    ...(receipt.school ? [[t('billing.school'), receipt.school] as const] : []),
    [t('billing.plan'), receipt.planName],
    [t('billing.period'), `${day(receipt.periodStartsAt)} – ${day(receipt.periodEndsAt)}`],
    [t('billing.paidBy'), t(`billing.provider.${receipt.provider}`)],
    [t('billing.transferReference'), receipt.reference],
    ...(receipt.of === undefined ? [] : [[t('billing.takesBackFrom'), t('billing.receiptNumber', { number: receipt.of })] as const]),
  ]
  return (
    <article className="card receipt" aria-labelledby="receipt-title">
      <header className="receipt-head row row-between">
        <h1 id="receipt-title">{t(isCredit ? 'billing.creditNumber' : 'billing.receiptNumber', { number: receipt.number })}</h1>
        <strong>Competa Arena</strong>
      </header>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="receipt-total number">
        {t(isCredit ? 'billing.givenBack' : 'billing.received')}: {formatMoney(receipt, i18n.language)}
      </p>
    </article>
  )
}
