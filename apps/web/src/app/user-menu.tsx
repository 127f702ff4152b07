import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { api } from '../lib/arena.ts'
import { chooseDataSaver } from '../lib/data-saver.ts'
import { useDataSaver } from '../lib/use-data-saver.ts'
import { isStaff, useSession, useUser } from '../lib/use-session.ts'
import { useStore } from '../lib/use-store.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { Menu } from '../ui/menu.tsx'
import { LanguagePicker } from './language-picker.tsx'
import { chooseTheme, type Theme, theme, themes } from './theme.ts'

type NavLink = { readonly href: string; readonly label: string; readonly isCurrent: (path: string) => boolean }

/** What the person may go to; the same list on wide pages and in the menu of narrow ones. */
export function useNavLinks(): readonly NavLink[] {
  const { t } = useTranslation()
  const user = useUser()
  const under = (href: string) => (path: string) => path === href || path.startsWith(`${href}/`)
  return [
    { href: '/', label: t('nav.contests'), isCurrent: (path) => path === '/' || path.startsWith('/contests') },
    ...(user ? [{ href: '/practice', label: t('nav.practice'), isCurrent: under('/practice') }] : []),
    ...(isStaff(user) ? [{ href: '/teach', label: t('nav.teach'), isCurrent: under('/teach') }] : []),
    ...(user?.role === 'admin' ? [{ href: '/admin', label: t('nav.admin'), isCurrent: under('/admin') }] : []),
  ]
}

const themeIcon: Record<Theme, IconName> = { system: 'screen', light: 'sun', dark: 'moon' }

function ThemePicker() {
  const { t } = useTranslation()
  const chosen = useStore(theme)
  return (
    <fieldset style={{ margin: '0.4rem 0.7rem' }}>
      <legend className="small muted">{t('theme.label')}</legend>
      <div className="row" style={{ gap: '0.3rem' }}>
        {themes.map((each) => (
          <button
            key={each}
            type="button"
            className={`button button-small theme-button ${chosen === each ? 'button-primary' : ''}`}
            aria-pressed={chosen === each}
            onClick={() => chooseTheme(each)}
          >
            <Icon name={themeIcon[each]} size={15} />
            {t(`theme.${each}`)}
          </button>
        ))}
      </div>
    </fieldset>
  )
}

function DataSaverSwitch() {
  const { t } = useTranslation()
  const isOn = useDataSaver()
  return (
    <label className="check menu-check">
      <input type="checkbox" checked={isOn} onChange={(event) => chooseDataSaver(event.currentTarget.checked)} />
      <span>
        {t('shell.dataSaver')}
        <span className="small muted menu-hint">{t('shell.dataSaverHint')}</span>
      </span>
    </label>
  )
}

export function UserMenu() {
  const { t } = useTranslation()
  const session = useSession()
  const links = useNavLinks()
  const [, go] = useLocation()
  const user = session.status === 'signed-in' ? session.user : undefined
  const logOut = async () => {
    go('/')
    try {
      await api.logout()
    } catch {
      // The line is down: this browser has forgotten the session; the server ends it by its own time.
    }
  }
  return (
    <Menu label={t('shell.menu')} face={<Icon name={user ? 'person' : 'menu'} size={22} />}>
      {() => (
        <div className="menu-panel">
          {user && (
            <div className="menu-head">
              <strong>{user.name}</strong>
              <span className="small muted">{t(`role.${user.role}`)}</span>
            </div>
          )}
          <nav className="only-narrow-block only-narrow" aria-label={t('shell.navigation')}>
            {links.map((link) => (
              <Link key={link.href} href={link.href}>
                {link.label}
              </Link>
            ))}
          </nav>
          {user && <Link href="/me/submissions">{t('nav.submissions')}</Link>}
          {user && <Link href="/profile">{t('nav.profile')}</Link>}
          {user && <Link href="/me/subscription">{t('nav.subscription')}</Link>}
          {session.status === 'anonymous' && (
            <span className="only-narrow">
              <Link href="/register">{t('action.register')}</Link>
            </span>
          )}
          <LanguagePicker />
          <ThemePicker />
          <DataSaverSwitch />
          {user && (
            <button type="button" className="menu-item" onClick={() => void logOut()}>
              {t('action.logOut')}
            </button>
          )}
        </div>
      )}
    </Menu>
  )
}
