import { useTranslation } from 'react-i18next'
import { Icon } from './icons.tsx'

/** Joining it takes a subscription. */
export function PremiumBadge() {
  const { t } = useTranslation()
  return (
    <span className="badge tone-gold">
      <Icon name="star" size={14} />
      {t('premium.badge')}
    </span>
  )
}
