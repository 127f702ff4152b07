import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LedgerEntry } from '#contracts/billing'
import type { Answer } from '../../../lib/api-client.ts'
import { api } from '../../../lib/arena.ts'
import { formatDateTime } from '../../../lib/format.ts'
import { formatMoney } from '../../../lib/money.ts'
import { keys } from '../../../lib/query-keys.ts'
import { Button } from '../../../ui/button.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { usePageTitle } from '../../../ui/page-title.ts'
import { Empty, Note, Shown } from '../../../ui/states.tsx'
import { unbalanced } from './ledger.ts'

type Balance = Answer<'GET /api/billing/ledger'>['accounts'][number]

/** The books: what each account holds, and every entry. Debit is positive, credit negative. */
export function LedgerPage() {
  const { t } = useTranslation()
  usePageTitle(t('billingAdmin.tab.ledger'))
  const [account, setAccount] = useState('')
  const read = useInfiniteQuery({
    queryKey: keys.billingAdmin('ledger', { account }),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        'GET /api/billing/ledger',
        { query: { limit: 50, ...(account && { account }), ...(pageParam !== undefined && { after: pageParam }) } },
        { signal },
      ),
    getNextPageParam: (page) => page.next,
  })
  return (
    <Shown read={read} lines={8}>
      {({ pages }) => {
        const accounts = pages[0]?.accounts ?? []
        return (
          <>
            <Balances accounts={accounts} />
            <h2>{t('billingAdmin.entries')}</h2>
            <div className="field-narrow">
              <SelectField
                label={t('billingAdmin.account')}
                value={account}
                options={[
                  { value: '', label: t('billingAdmin.any') },
                  ...[...new Set([...accounts.map((each) => each.account), ...(account ? [account] : [])])].map((value) => ({ value, label: value })),
                ]}
                onPick={setAccount}
              />
            </div>
            <Entries entries={pages.flatMap((page) => page.entries)} />
            {read.hasNextPage && (
              <Button busy={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
                {t('action.more')}
              </Button>
            )}
          </>
        )
      }}
    </Shown>
  )
}

function Balances({ accounts }: { readonly accounts: readonly Balance[] }) {
  const { t, i18n } = useTranslation()
  const wrong = unbalanced(accounts)
  if (accounts.length === 0) return null
  return (
    <>
      <h2>{t('billingAdmin.balances')}</h2>
      {wrong.length === 0 ? (
        <Note tone="good">
          <p>{t('billingAdmin.balanced')}</p>
        </Note>
      ) : (
        <Note tone="bad" live>
          <p>{t('billingAdmin.unbalanced', { currencies: wrong.join(', ') })}</p>
        </Note>
      )}
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t('billingAdmin.account')}</th>
            <th scope="col">{t('billingAdmin.balance')}</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ account, currency, balance }) => (
            <tr key={`${account} ${currency}`}>
              <td>
                <code>{account}</code>
              </td>
              <td data-label={t('billingAdmin.balance')} className="number">
                {formatMoney({ amount: balance, currency }, i18n.language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Entries({ entries }: { readonly entries: readonly LedgerEntry[] }) {
  const { t, i18n } = useTranslation()
  if (entries.length === 0) return <Empty>{t('billingAdmin.noEntries')}</Empty>
  return (
    <ol className="plain-list">
      {entries.map((entry) => (
        <li key={entry.id} className="card">
          <div className="row row-between">
            <strong>{t(`billingAdmin.entryKind.${entry.kind}`)}</strong>
            <time className="small muted" dateTime={entry.at}>
              {formatDateTime(entry.at, i18n.language)}
            </time>
          </div>
          <p className="small muted" style={{ overflowWrap: 'anywhere' }}>
            {entry.reference}
          </p>
          <ul className="plain-list">
            {entry.postings.map(({ account, currency, amount }) => (
              <li key={`${account} ${currency}`} className="row row-between small">
                <code>{account}</code>
                <span className="number">{formatMoney({ amount, currency }, i18n.language)}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}
