import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { wantedContest } from '../../lib/wanted.ts'

/** For those whom a premium contest sent here. */
export function BackToContest() {
  const { t } = useTranslation()
  const id = wantedContest()
  if (!id) return null
  return (
    <Link href={`/contests/${encodeURIComponent(id)}`} className="button button-primary">
      {t('billing.backToContest')}
    </Link>
  )
}
