import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, Route, Switch } from 'wouter'
import { needsSubscription, PremiumOffer } from '../features/contest/subscription-needed.tsx'
import { PracticeList } from '../features/practice/practice-list.tsx'
import { SolveView } from '../features/solve/solve-view.tsx'
import { problemQuery } from '../lib/queries.ts'
import { useUser } from '../lib/use-session.ts'
import { Icon } from '../ui/icons.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Shown } from '../ui/states.tsx'

export function PracticePages() {
  return (
    <Switch>
      <Route path="/practice/:id">{({ id }) => <PracticeProblem key={id} id={id} />}</Route>
      <Route>
        <PracticeList />
      </Route>
    </Switch>
  )
}

function PracticeProblem({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const user = useUser()
  const problem = useQuery(problemQuery(id))
  usePageTitle(problem.data?.title ?? t('practice.title'))
  return (
    <>
      <h1 className="sr-only">{t('practice.title')}</h1>
      <p>
        <Link href="/practice" className="button button-quiet button-small">
          <Icon name="left" />
          {t('practice.title')}
        </Link>
      </p>
      {needsSubscription(problem.error) ? (
        <PremiumOffer error={problem.error} onOpened={() => void problem.refetch()} />
      ) : (
        <Shown read={problem}>{(data) => user && <SolveView target={{ problem: data, userId: user.id, isOpen: true }} />}</Shown>
      )}
    </>
  )
}
