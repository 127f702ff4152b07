import { type ReactNode, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { ConfirmAddress } from '../features/account/confirm-address.tsx'
import { Inbox } from '../features/notifications/inbox.tsx'
import { drafts, liveState, reachable, sessionOver } from '../lib/arena.ts'
import { loadNewVersion, newVersion } from '../lib/service-worker.ts'
import { useSession } from '../lib/use-session.ts'
import { useStore } from '../lib/use-store.ts'
import { Button } from '../ui/button.tsx'
import { lazyPage } from '../ui/lazy-page.ts'
import { LanguagePicker } from './language-picker.tsx'
import { OutboxBar } from './outbox-bar.tsx'
import { UserMenu, useNavLinks } from './user-menu.tsx'

const LoginAgain = lazyPage(() => import('./login-again.tsx'), 'LoginAgain')

function Top() {
  const { t } = useTranslation()
  const session = useSession()
  const [path] = useLocation()
  const links = useNavLinks()
  return (
    <header className="top">
      <div className="top-inner">
        <Link href="/" className="brand">
          <img src="/favicon.svg" alt="" />
          <span>Competa Arena</span>
        </Link>
        <nav className="nav only-wide" aria-label={t('shell.navigation')}>
          {links.map((link) => (
            <Link key={link.href} href={link.href} aria-current={link.isCurrent(path) ? 'page' : undefined}>
              {link.label}
            </Link>
          ))}
        </nav>
        {session.status === 'signed-in' && <Inbox />}
        {session.status === 'anonymous' && (
          <nav className="nav" aria-label={t('shell.account')}>
            <Link href="/login">{t('action.logIn')}</Link>
            <Link href="/register" className="button-primary only-wide">
              {t('action.register')}
            </Link>
          </nav>
        )}
        <UserMenu />
      </div>
    </header>
  )
}

/** What is wrong with the line, said once and plainly. */
function LineState() {
  const { t } = useTranslation()
  const isReachable = useStore(reachable)
  const live = useStore(liveState)
  const over = useStore(sessionOver)
  const isNew = useStore(newVersion)
  const isFull = useStore(drafts.isFull)
  const session = useSession()
  const [path] = useLocation()
  const isIn = session.status === 'signed-in'
  const unreachable = isIn ? t('shell.offlineKept') : t('shell.unreachable')
  const text = !isReachable ? unreachable : live === 'waiting' ? t('shell.liveDown') : ''
  return (
    <>
      <div role="status" aria-live="polite">
        {text && <div className="strip">{text}</div>}
        {isFull && <div className="strip">{t('shell.full')}</div>}
        {isNew && (
          <div className="strip">
            {t('shell.newVersion')}{' '}
            <Button small onPress={loadNewVersion}>
              {t('shell.newVersionNow')}
            </Button>
          </div>
        )}
        {over && !isIn && (
          <div className="strip">
            {t(`errors.${over}`)} {path !== '/login' && <Link href={`/login?next=${encodeURIComponent(path)}`}>{t('action.logIn')}</Link>}
          </div>
        )}
      </div>
      {over && isIn && (
        <Suspense fallback={null}>
          <LoginAgain />
        </Suspense>
      )}
      <OutboxBar />
    </>
  )
}

function Foot() {
  const { t } = useTranslation()
  const live = useStore(liveState)
  const session = useSession()
  return (
    <footer className="foot">
      {session.status === 'anonymous' && <LanguagePicker />}
      {live !== 'off' && (
        <span style={{ marginRight: '1rem' }}>
          <span className={`dot dot-${live}`} />
          {t(`live.${live}`)}
        </span>
      )}
      <Link href="/plans">{t('nav.plans')}</Link> · <a href="/api/docs">{t('shell.api')}</a>
    </footer>
  )
}

/** A new page begins at its top, and the keyboard begins there too. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const [path] = useLocation()
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [path])
  return main
}

export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const main = useFocusOnNavigation()
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <Top />
      <LineState />
      <ConfirmAddress />
      <main className="main" id="main" tabIndex={-1} ref={main}>
        {children}
      </main>
      <Foot />
    </div>
  )
}
