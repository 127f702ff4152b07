import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Receipt } from '#contracts/billing'
import { api } from '../../lib/arena.ts'
import { formatDay } from '../../lib/format.ts'
import { formatMoney } from '../../lib/money.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Shown } from '../../ui/states.tsx'

export function ReceiptList() {
  const { t } = useTranslation()
  const read = useInfiniteQuery({
    queryKey: keys.receipts(),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => api.call('GET /api/receipts', { query: { limit: 20, ...(pageParam && { before: pageParam }) } }, { signal }),
    getNextPageParam: (page) => page.next,
  })
  return (
    <section className="card" aria-labelledby="receipts">
      <h2 id="receipts">{t('billing.receipts')}</h2>
      <Shown read={read} lines={2}>
        {(data) => {
          const receipts = data.pages.flatMap((page) => page.receipts)
          return receipts.length === 0 ? <p className="muted">{t('billing.noReceipts')}</p> : <ReceiptTable receipts={receipts} />
        }}
      </Shown>
      {read.hasNextPage && (
        <Button small busy={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </section>
  )
}

function ReceiptTable({ receipts }: { readonly receipts: readonly Receipt[] }) {
  const { t, i18n } = useTranslation()
  return (
    <table className="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('billing.number')}</th>
          <th scope="col">{t('billing.issued')}</th>
          <th scope="col">{t('billing.plan')}</th>
          <th scope="col">{t('billing.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {receipts.map((receipt) => (
          <tr key={receipt.number}>
            <td>
              <Link href={`/me/receipts/${receipt.number}`}>
                {t(receipt.kind === 'receipt' ? 'billing.receiptNumber' : 'billing.creditNumber', { number: receipt.number })}
              </Link>
            </td>
            <td data-label={t('billing.issued')}>{formatDay(receipt.issuedAt, i18n.language)}</td>
            <td data-label={t('billing.plan')}>{receipt.planName}</td>
            <td data-label={t('billing.amount')} className="number">
              {receipt.kind === 'credit-note' && '−'}
              {formatMoney(receipt, i18n.language)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
