import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Payment } from '#contracts/billing'
import { api } from '../../../lib/arena.ts'
import { fromLocalInput, timeZoneName } from '../../../lib/format.ts'
import { decimalText, formatMoney, parseMoney } from '../../../lib/money.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useAction } from '../../../lib/use-action.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { FormError } from '../../../ui/states.tsx'
import { soldIn } from './plan-form.ts'

type Props = { readonly payment: Payment; readonly onDone: () => void }

/** What came, as the bank says it: the amount is typed again, so that nobody confirms what was merely asked for. */
export function ConfirmTransfer({ payment, onDone }: Props) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const [amount, setAmount] = useState('')
  const [currency, setCurrency] = useState(payment.currency)
  const [paidAt, setPaidAt] = useState('')
  const [note, setNote] = useState('')
  const [wasPressed, setPressed] = useState(false)
  const given = parseMoney(amount, currency)
  const isGood = given !== undefined && given > 0
  const day = fromLocalInput(paidAt)
  const confirm = useAction({
    mutationFn: (came: number) =>
      api.call('POST /api/billing/payments/:id/confirm', {
        params: { id: payment.id },
        body: { amount: came, currency, ...(day && { paidAt: day }), ...(note.trim() && { note: note.trim() }) },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.billing() })
      onDone()
    },
  })
  const onConfirm = () => {
    setPressed(true)
    if (isGood) confirm.mutate(given)
  }
  return (
    <ConfirmDialog
      title={t('billingAdmin.confirmTitle')}
      confirm={t('billingAdmin.confirmTransfer')}
      busy={confirm.isPending}
      onConfirm={onConfirm}
      onCancel={onDone}
    >
      <p>{t('billingAdmin.confirmLead', { name: payment.holderName, money: formatMoney(payment, i18n.language), reference: payment.reference })}</p>
      <TextField
        label={t('billingAdmin.cameAmount')}
        hint={t('billingAdmin.amountHint', { example: decimalText(payment) })}
        value={amount}
        onText={setAmount}
        error={wasPressed && !isGood ? t('billingAdmin.wrong.priceBad') : undefined}
        inputMode="decimal"
      />
      <SelectField
        label={t('billing.currency')}
        value={currency}
        options={soldIn.map((value) => ({ value, label: t(`billing.currencies.${value}`) }))}
        onPick={setCurrency}
      />
      <TextField
        label={t('billingAdmin.cameAt')}
        hint={`${t('billingAdmin.cameAtHint')} ${t('contestForm.zone', { zone: timeZoneName() })}`}
        type="datetime-local"
        value={paidAt}
        onText={setPaidAt}
      />
      <TextField label={t('billingAdmin.note')} value={note} onText={setNote} maxLength={200} />
      <FormError error={confirm.error} />
    </ConfirmDialog>
  )
}
