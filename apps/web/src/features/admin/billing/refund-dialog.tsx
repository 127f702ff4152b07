import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Payment } from '#contracts/billing'
import { ApiError } from '../../../lib/api-client.ts'
import { api, keptKeys } from '../../../lib/arena.ts'
import { formatMoney, parseMoney } from '../../../lib/money.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useAction } from '../../../lib/use-action.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { RadioField, TextField } from '../../../ui/field.tsx'
import { FormError } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toasts.tsx'

type Props = { readonly payment: Payment; readonly onDone: () => void }

/** Gives money back, whole or in part. The same refund tried again keeps its key, so that it is given once. */
export function RefundDialog({ payment, onDone }: Props) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const [how, setHow] = useState<'whole' | 'part'>('whole')
  const [text, setText] = useState('')
  const [reason, setReason] = useState('')
  const [wasPressed, setPressed] = useState(false)
  const { id, currency } = payment
  const left = payment.amount - payment.refundedAmount
  const part = parseMoney(text, currency)
  const amount = how === 'whole' ? left : part
  const amountGood = amount !== undefined && amount > 0 && amount <= left
  const reasonGood = reason.trim() !== ''
  const money = (minor: number) => formatMoney({ amount: minor, currency }, i18n.language)
  const slot = `refund.${id}`
  const refund = useAction({
    mutationFn: () => {
      const body = { ...(how === 'part' && amount !== undefined && { amount }), reason: reason.trim() }
      const key = keptKeys.begin(slot, { ...body, left })
      return api.call('POST /api/billing/payments/:id/refund', { params: { id }, headers: { 'idempotency-key': key }, body })
    },
    onSuccess: () => {
      keptKeys.settle(slot)
      toast(t('billingAdmin.refundDone', { money: money(amount ?? 0) }))
      onDone()
    },
    onError: (error) => {
      if (error instanceof ApiError && !error.isAmbiguous && error.status !== 401) keptKeys.settle(slot)
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.billing() }),
  })
  const onConfirm = () => {
    setPressed(true)
    if (amountGood && reasonGood) refund.mutate()
  }
  return (
    <ConfirmDialog
      title={t('billingAdmin.refundTitle')}
      confirm={t('billingAdmin.refund')}
      danger
      busy={refund.isPending}
      onConfirm={onConfirm}
      onCancel={onDone}
    >
      <p>{t('billingAdmin.refundLead', { name: payment.holderName, reference: payment.reference })}</p>
      <RadioField
        label={t('billingAdmin.refundHow')}
        value={how}
        onPick={setHow}
        options={[
          { value: 'whole', label: t('billingAdmin.refundWhole', { money: money(left) }) },
          { value: 'part', label: t('billingAdmin.refundPart') },
        ]}
      />
      {how === 'part' && (
        <TextField
          label={t('billingAdmin.refundAmount', { currency })}
          value={text}
          onText={setText}
          error={wasPressed && !amountGood ? t('billingAdmin.wrong.refundBad', { money: money(left) }) : undefined}
          inputMode="decimal"
        />
      )}
      <TextField
        label={t('billingAdmin.reason')}
        value={reason}
        onText={setReason}
        error={wasPressed && !reasonGood ? t('billingAdmin.wrong.reasonMissing') : undefined}
        maxLength={200}
      />
      <FormError error={refund.error} />
    </ConfirmDialog>
  )
}
