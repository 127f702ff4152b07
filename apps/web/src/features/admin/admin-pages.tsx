import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { Empty } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { DeadLettersPage } from './dead-letters-page.tsx'
import { StatusPage } from './status-page.tsx'
import { UsersPage } from './users-page.tsx'

export function AdminPages() {
  const { t } = useTranslation()
  return (
    <>
      <Tabs
        label={t('nav.admin')}
        tabs={[
          { href: '/admin', label: t('admin.tab.users') },
          { href: '/admin/status', label: t('admin.tab.status') },
          { href: '/admin/dead-letters', label: t('admin.tab.letters') },
        ]}
      />
      <Switch>
        <Route path="/admin" component={UsersPage} />
        <Route path="/admin/status" component={StatusPage} />
        <Route path="/admin/dead-letters" component={DeadLettersPage} />
        <Route>
          <Empty icon="flag">{t('notFound.title')}</Empty>
        </Route>
      </Switch>
    </>
  )
}
