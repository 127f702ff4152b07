import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { Empty } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { EditContestPage, NewContestPage } from './contest-editor.tsx'
import { ContestListPage } from './contest-list.tsx'
import { ImportPage } from './import-page.tsx'
import { EditProblemPage, NewProblemPage } from './problem-editor.tsx'
import { ProblemListPage } from './problem-list.tsx'
import './authoring.css'

export function TeachPages() {
  const { t } = useTranslation()
  return (
    <>
      <Tabs
        label={t('nav.teach')}
        tabs={[
          { href: '/teach', label: t('teach.tab.contests'), isCurrent: (path) => path === '/teach' || path.startsWith('/teach/contests') },
          { href: '/teach/problems', label: t('teach.tab.problems'), isCurrent: (path) => path.startsWith('/teach/problems') },
          { href: '/teach/import', label: t('teach.tab.import') },
        ]}
      />
      <Switch>
        <Route path="/teach" component={ContestListPage} />
        <Route path="/teach/contests/new" component={NewContestPage} />
        <Route path="/teach/contests/:id">{({ id }) => <EditContestPage key={id} id={id} />}</Route>
        <Route path="/teach/problems" component={ProblemListPage} />
        <Route path="/teach/problems/new" component={NewProblemPage} />
        <Route path="/teach/problems/:id">{({ id }) => <EditProblemPage key={id} id={id} />}</Route>
        <Route path="/teach/import" component={ImportPage} />
        <Route>
          <Empty icon="flag">{t('notFound.title')}</Empty>
        </Route>
      </Switch>
    </>
  )
}
