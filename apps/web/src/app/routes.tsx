import { type ComponentType, lazy, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import type { Role } from '#contracts/common'
import { HomePage } from '../features/home/home-page.tsx'
import { useSession } from '../lib/use-session.ts'
import { Loading } from '../ui/states.tsx'
import { Forbidden, NotFound } from './not-found.tsx'

/** A page of its own chunk, by the name it is exported under. */
const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) => lazy(async () => ({ default: (await load())[name] }))

const LoginPage = page(() => import('../features/account/login-page.tsx'), 'LoginPage')
const RegisterPage = page(() => import('../features/account/register-page.tsx'), 'RegisterPage')
const ProfilePage = page(() => import('../features/account/profile-page.tsx'), 'ProfilePage')
const ContestPages = page(() => import('./contest-pages.tsx'), 'ContestPages')
const PracticePages = page(() => import('./practice-pages.tsx'), 'PracticePages')
const TeachPages = page(() => import('../features/authoring/teach-pages.tsx'), 'TeachPages')
const AdminPages = page(() => import('../features/admin/admin-pages.tsx'), 'AdminPages')

/** Only for those logged in (with one of `roles`); others are asked to log in and come back. */
function Members({ page: Page, roles }: { readonly page: ComponentType; readonly roles?: readonly Role[] }) {
  const session = useSession()
  const [path] = useLocation()
  if (session.status === 'restoring') return <Loading />
  if (session.status !== 'signed-in') return <Redirect to={`/login?next=${encodeURIComponent(path)}`} replace />
  return roles && !roles.includes(session.user.role) ? <Forbidden /> : <Page />
}

export function Routes() {
  return (
    <Suspense fallback={<Loading lines={6} />}>
      <Switch>
        <Route path="/" component={HomePage} />
        <Route path="/login" component={LoginPage} />
        <Route path="/register" component={RegisterPage} />
        <Route path="/contests/:id/*?" component={ContestPages} />
        <Route path="/practice/*?">
          <Members page={PracticePages} />
        </Route>
        <Route path="/profile">
          <Members page={ProfilePage} />
        </Route>
        <Route path="/teach/*?">
          <Members page={TeachPages} roles={['teacher', 'admin']} />
        </Route>
        <Route path="/admin/*?">
          <Members page={AdminPages} roles={['admin']} />
        </Route>
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  )
}
