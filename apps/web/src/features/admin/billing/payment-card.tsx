import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Payment, PaymentStatus } from '#contracts/billing'
import { api } from '../../../lib/arena.ts'
import { formatDateTime } from '../../../lib/format.ts'
import { formatMoney } from '../../../lib/money.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useAction } from '../../../lib/use-action.ts'
import { Button } from '../../../ui/button.tsx'
import { FormError, Note } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toasts.tsx'
import { ConfirmTransfer } from './confirm-transfer.tsx'
import { RefundDialog } from './refund-dialog.tsx'

const tones: Record<PaymentStatus, string> = { pending: 'tone-wait', succeeded: 'tone-good', failed: 'tone-bad', expired: '' }

export function PaymentCard({ payment }: { readonly payment: Payment }) {
  const { t, i18n } = useTranslation()
  const money = (amount: number) => formatMoney({ amount, currency: payment.currency }, i18n.language)
  return (
    <article className="card" aria-label={payment.reference}>
      <div className="row row-between">
        <strong>
          {payment.holderName} · {payment.planName}
        </strong>
        <span className={`badge ${tones[payment.status]}`}>{t(`billingAdmin.paymentStatus.${payment.status}`)}</span>
      </div>
      <p className="number" style={{ margin: '0.3rem 0' }}>
        <strong>{money(payment.amount)}</strong>
        {payment.refundedAmount > 0 && ` · ${t('billingAdmin.refunded', { money: money(payment.refundedAmount) })}`}
      </p>
      <p className="small muted payment-line">
        <code>{payment.reference}</code> · {t(`billing.provider.${payment.provider}`)}
        {payment.providerRef && ` ${payment.providerRef}`} · {t('billingAdmin.asked', { when: formatDateTime(payment.createdAt, i18n.language) })}
        {payment.paidAt && ` · ${t('billingAdmin.paidOn', { when: formatDateTime(payment.paidAt, i18n.language) })}`}
      </p>
      {payment.trouble && (
        <Note tone="bad">
          <p>{payment.trouble}</p>
        </Note>
      )}
      <Actions payment={payment} />
    </article>
  )
}

function Actions({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [open, setOpen] = useState<'confirm' | 'refund'>()
  const check = useAction({
    mutationFn: () => api.call('POST /api/billing/payments/:id/check', { params: { id: payment.id } }),
    onSuccess: (answer) => toast(t('billingAdmin.checked', { reference: payment.reference, status: t(`billingAdmin.paymentStatus.${answer.payment.status}`) })),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.billing() }),
  })
  const { status, provider, amount, refundedAmount, receiptNumber } = payment
  const close = () => setOpen(undefined)
  return (
    <>
      <FormError error={check.error} />
      <div className="row">
        {provider === 'manual' && status !== 'succeeded' && (
          <Button small tone="primary" onPress={() => setOpen('confirm')}>
            {t('billingAdmin.confirmTransfer')}
          </Button>
        )}
        {provider !== 'manual' && (
          <Button small busy={check.isPending} onPress={() => check.mutate()}>
            {t('billingAdmin.check')}
          </Button>
        )}
        {status === 'succeeded' && refundedAmount < amount && (
          <Button small tone="danger" onPress={() => setOpen('refund')}>
            {t('billingAdmin.refund')}
          </Button>
        )}
        {receiptNumber !== undefined && <Link href={`/me/receipts/${receiptNumber}`}>{t('billing.receiptNumber', { number: receiptNumber })}</Link>}
      </div>
      {open === 'confirm' && <ConfirmTransfer payment={payment} onDone={close} />}
      {open === 'refund' && <RefundDialog payment={payment} onDone={close} />}
    </>
  )
}
