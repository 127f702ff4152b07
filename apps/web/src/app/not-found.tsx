import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { usePageTitle } from '../ui/page-title.ts'
import { Empty } from '../ui/states.tsx'

export function NotFound() {
  const { t } = useTranslation()
  usePageTitle(t('notFound.title'))
  return (
    <Empty icon="flag">
      <h1>{t('notFound.title')}</h1>
      <p>
        <Link href="/">{t('notFound.home')}</Link>
      </p>
    </Empty>
  )
}

export function Forbidden() {
  const { t } = useTranslation()
  usePageTitle(t('forbidden.title'))
  return (
    <Empty icon="lock">
      <h1>{t('forbidden.title')}</h1>
      <p>{t('forbidden.why')}</p>
    </Empty>
  )
}
