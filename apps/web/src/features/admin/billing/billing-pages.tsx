import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { Empty } from '../../../ui/states.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { LedgerPage } from './ledger-page.tsx'
import { PaymentsPage } from './payments-page.tsx'
import { PlansAdminPage } from './plans-page.tsx'
import { SponsorPage } from './sponsor-page.tsx'

export function BillingPages() {
  const { t } = useTranslation()
  return (
    <>
      <h1>{t('billingAdmin.title')}</h1>
      <Tabs
        label={t('billingAdmin.title')}
        tabs={[
          { href: '/admin/billing', label: t('billingAdmin.tab.payments') },
          { href: '/admin/billing/plans', label: t('billingAdmin.tab.plans') },
          { href: '/admin/billing/ledger', label: t('billingAdmin.tab.ledger') },
          { href: '/admin/billing/sponsor', label: t('billingAdmin.tab.sponsor') },
        ]}
      />
      <Switch>
        <Route path="/admin/billing" component={PaymentsPage} />
        <Route path="/admin/billing/plans" component={PlansAdminPage} />
        <Route path="/admin/billing/ledger" component={LedgerPage} />
        <Route path="/admin/billing/sponsor" component={SponsorPage} />
        <Route>
          <Empty icon="flag">{t('notFound.title')}</Empty>
        </Route>
      </Switch>
    </>
  )
}
