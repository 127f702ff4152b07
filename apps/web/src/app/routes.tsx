import { type ComponentType, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter'
import type { Role } from '#contracts/common'
import { useSession } from '../lib/use-session.ts'
import { lazyPage as page, lazyPageWithTexts as pageWithTexts } from '../ui/lazy-page.ts'
import { Loading } from '../ui/states.tsx'
import { Forbidden, NotFound } from './not-found.tsx'

const HomePage = page(() => import('../features/home/home-page.tsx'), 'HomePage')
const LoginPage = page(() => import('../features/account/login-page.tsx'), 'LoginPage')
const RegisterPage = page(() => import('../features/account/register-page.tsx'), 'RegisterPage')
const ProfilePage = pageWithTexts(() => import('../features/account/profile-page.tsx'), 'ProfilePage', 'own')
const ProjectorPage = pageWithTexts(() => import('../features/projector/projector-page.tsx'), 'ProjectorPage', 'board')
const HistoryPage = pageWithTexts(() => import('../features/history/history-page.tsx'), 'HistoryPage', 'own')
const MessagesPage = pageWithTexts(() => import('../features/notifications/messages-page.tsx'), 'MessagesPage', 'own')
const ContestPages = pageWithTexts(() => import('./contest-pages.tsx'), 'ContestPages', 'room')
const PracticePages = pageWithTexts(() => import('./practice-pages.tsx'), 'PracticePages', 'room')
const TeachPages = pageWithTexts(() => import('../features/authoring/teach-pages.tsx'), 'TeachPages')
const ProblemRejudgings = pageWithTexts(() => import('../features/rejudging/rejudging-pages.tsx'), 'ProblemRejudgings')
const AdminPages = pageWithTexts(() => import('../features/admin/admin-pages.tsx'), 'AdminPages')
const DesignPage = pageWithTexts(() => import('../features/design/design-page.tsx'), 'DesignPage')
const ForgotPasswordPage = pageWithTexts(() => import('../features/account/forgot-password-page.tsx'), 'ForgotPasswordPage')
const ResetPasswordPage = pageWithTexts(() => import('../features/account/reset-password-page.tsx'), 'ResetPasswordPage')
const VerifyEmailPage = page(() => import('../features/account/verify-email-page.tsx'), 'VerifyEmailPage')
const UnsubscribePage = pageWithTexts(() => import('../features/account/unsubscribe-page.tsx'), 'UnsubscribePage', 'own')
const PlansPage = pageWithTexts(() => import('../features/billing/plans-page.tsx'), 'PlansPage')
const CheckoutPage = pageWithTexts(() => import('../features/billing/checkout-page.tsx'), 'CheckoutPage')
const ReturnPage = pageWithTexts(() => import('../features/billing/return-page.tsx'), 'ReturnPage')
const SandboxPage = pageWithTexts(() => import('../features/billing/sandbox-page.tsx'), 'SandboxPage')
const SubscriptionPage = pageWithTexts(() => import('../features/billing/subscription-page.tsx'), 'SubscriptionPage')
const ReceiptPage = pageWithTexts(() => import('../features/billing/receipt-page.tsx'), 'ReceiptPage')

/** Only for those logged in (with one of `roles`); others are asked to log in and come back. */
function Members({ page: Page, roles }: { readonly page: ComponentType; readonly roles?: readonly Role[] }) {
  const session = useSession()
  const [path] = useLocation()
  const search = useSearch()
  if (session.status === 'restoring') return <Loading />
  if (session.status !== 'signed-in') return <Redirect to={`/login?next=${encodeURIComponent(search ? `${path}?${search}` : path)}`} replace />
  return roles && !roles.includes(session.user.role) ? <Forbidden /> : <Page />
}

export function Routes() {
  return (
    <Suspense fallback={<Loading lines={6} />}>
      <Switch>
        <Route path="/" component={HomePage} />
        <Route path="/login" component={LoginPage} />
        <Route path="/register" component={RegisterPage} />
        <Route path="/contests/:id/projector" component={ProjectorPage} />
        <Route path="/contests/:id/*?" component={ContestPages} />
        <Route path="/practice/*?">
          <Members page={PracticePages} />
        </Route>
        <Route path="/profile">
          <Members page={ProfilePage} />
        </Route>
        <Route path="/forgot-password" component={ForgotPasswordPage} />
        <Route path="/reset-password" component={ResetPasswordPage} />
        <Route path="/verify-email" component={VerifyEmailPage} />
        <Route path="/unsubscribe" component={UnsubscribePage} />
        <Route path="/plans" component={PlansPage} />
        <Route path="/plans/return">
          <Members page={ReturnPage} />
        </Route>
        <Route path="/plans/:id">
          <Members page={CheckoutPage} />
        </Route>
        <Route path="/pay/sandbox/:reference" component={SandboxPage} />
        <Route path="/me/submissions">
          <Members page={HistoryPage} />
        </Route>
        <Route path="/me/notifications">
          <Members page={MessagesPage} />
        </Route>
        <Route path="/me/subscription">
          <Members page={SubscriptionPage} />
        </Route>
        <Route path="/me/receipts/:number">
          <Members page={ReceiptPage} />
        </Route>
        <Route path="/teach/problems/:id/rejudgings/:rejudgingId?">
          <Members page={ProblemRejudgings} roles={['teacher', 'admin']} />
        </Route>
        <Route path="/teach/*?">
          <Members page={TeachPages} roles={['teacher', 'admin']} />
        </Route>
        <Route path="/admin/*?">
          <Members page={AdminPages} roles={['admin']} />
        </Route>
        <Route path="/design">
          <Members page={DesignPage} roles={['teacher', 'admin']} />
        </Route>
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  )
}
