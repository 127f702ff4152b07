import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { lazyPage } from '../../ui/lazy-page.ts'
import { Empty, Loading } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { DeadLettersPage } from './dead-letters-page.tsx'
import { StatusPage } from './status-page.tsx'
import { UsersPage } from './users-page.tsx'
import './admin.css'

const BillingPages = lazyPage(() => import('./billing/billing-pages.tsx'), 'BillingPages')
const MailsPage = lazyPage(() => import('./mails-page.tsx'), 'MailsPage')
const MailPage = lazyPage(() => import('./mails-page.tsx'), 'MailPage')
const below = (href: string) => (path: string) => path === href || path.startsWith(`${href}/`)

export function AdminPages() {
  const { t } = useTranslation()
  return (
    <>
      <Tabs
        label={t('nav.admin')}
        tabs={[
          { href: '/admin', label: t('admin.tab.users') },
          { href: '/admin/billing', label: t('admin.tab.billing'), isCurrent: below('/admin/billing') },
          { href: '/admin/status', label: t('admin.tab.status') },
          { href: '/admin/dead-letters', label: t('admin.tab.letters') },
          { href: '/admin/mails', label: t('admin.tab.mails'), isCurrent: below('/admin/mails') },
          { href: '/design', label: t('design.title') },
        ]}
      />
      <Suspense fallback={<Loading lines={6} />}>
        <Switch>
          <Route path="/admin" component={UsersPage} />
          <Route path="/admin/billing/*?" component={BillingPages} />
          <Route path="/admin/status" component={StatusPage} />
          <Route path="/admin/dead-letters" component={DeadLettersPage} />
          <Route path="/admin/mails" component={MailsPage} />
          <Route path="/admin/mails/:name" component={MailPage} />
          <Route>
            <Empty icon="flag">{t('notFound.title')}</Empty>
          </Route>
        </Switch>
      </Suspense>
    </>
  )
}
