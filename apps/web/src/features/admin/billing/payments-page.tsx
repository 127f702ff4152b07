import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Payment, PaymentStatus, ProviderName } from '#contracts/billing'
import { api } from '../../../lib/arena.ts'
import { keys } from '../../../lib/query-keys.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../../ui/field.tsx'
import { usePageTitle } from '../../../ui/page-title.ts'
import { Empty, Shown } from '../../../ui/states.tsx'
import { PaymentCard } from './payment-card.tsx'

type Filter = { readonly status: PaymentStatus | ''; readonly provider: ProviderName | ''; readonly troubled: boolean; readonly text: string }
const statuses: readonly PaymentStatus[] = ['pending', 'succeeded', 'failed', 'expired']
const providers: readonly ProviderName[] = ['manual', 'flutterwave', 'stripe', 'sandbox']
const everything: Filter = { status: '', provider: '', troubled: false, text: '' }

/** Payments, newest first; those that a person has to look at before all others. */
export function PaymentsPage() {
  const { t } = useTranslation()
  usePageTitle(t('billingAdmin.tab.payments'))
  const [filter, setFilter] = useState<Filter>(everything)
  return (
    <>
      <Filters filter={filter} change={(part) => setFilter((before) => ({ ...before, ...part }))} />
      {filter === everything && <Troubled />}
      <PaymentList filter={filter} />
    </>
  )
}

function Filters({ filter, change }: { readonly filter: Filter; readonly change: (part: Partial<Filter>) => void }) {
  const { t } = useTranslation()
  return (
    <search>
      <div className="form-row">
        <TextField
          label={t('billingAdmin.find')}
          hint={t('billingAdmin.findHint')}
          type="search"
          value={filter.text}
          onText={(text) => change({ text })}
          maxLength={100}
        />
        <SelectField
          label={t('billingAdmin.status')}
          value={filter.status}
          options={[
            { value: '' as const, label: t('billingAdmin.any') },
            ...statuses.map((value) => ({ value, label: t(`billingAdmin.paymentStatus.${value}`) })),
          ]}
          onPick={(status) => change({ status })}
        />
        <SelectField
          label={t('billingAdmin.provider')}
          value={filter.provider}
          options={[{ value: '' as const, label: t('billingAdmin.any') }, ...providers.map((value) => ({ value, label: t(`billing.provider.${value}`) }))]}
          onPick={(provider) => change({ provider })}
        />
      </div>
      <CheckField label={t('billingAdmin.onlyTroubled')} checked={filter.troubled} onCheck={(troubled) => change({ troubled })} />
    </search>
  )
}

function Troubled() {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: keys.billingAdmin('troubled'),
    queryFn: async ({ signal }) => (await api.call('GET /api/billing/payments', { query: { troubled: true, limit: 20 } }, { signal })).payments,
    refetchInterval: 60_000,
  })
  if (!data || data.length === 0) return null
  return (
    <section aria-labelledby="troubled">
      <h2 id="troubled">{t('billingAdmin.troubled', { count: data.length })}</h2>
      {data.map((payment) => (
        <PaymentCard key={payment.id} payment={payment} />
      ))}
    </section>
  )
}

function PaymentList({ filter }: { readonly filter: Filter }) {
  const { t } = useTranslation()
  const { status, provider, troubled, text } = filter
  const query = {
    limit: 30,
    ...(status && { status }),
    ...(provider && { provider }),
    ...(troubled && { troubled }),
    ...(text.trim() && { query: text.trim() }),
  }
  const read = useInfiniteQuery({
    queryKey: keys.billingAdmin('payments', query),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => api.call('GET /api/billing/payments', { query: { ...query, ...(pageParam && { before: pageParam }) } }, { signal }),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  return (
    <section aria-labelledby="payments">
      <h2 id="payments">{t('billingAdmin.tab.payments')}</h2>
      <Shown read={read}>{(data) => <Payments payments={data.pages.flatMap((page) => page.payments)} />}</Shown>
      {read.hasNextPage && (
        <Button busy={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </section>
  )
}

function Payments({ payments }: { readonly payments: readonly Payment[] }) {
  const { t } = useTranslation()
  if (payments.length === 0) return <Empty>{t('billingAdmin.noPayments')}</Empty>
  return (
    <>
      {payments.map((payment) => (
        <PaymentCard key={payment.id} payment={payment} />
      ))}
    </>
  )
}
