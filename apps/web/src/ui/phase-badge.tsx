import { useTranslation } from 'react-i18next'
import type { Phase, Timing } from '#contracts/common'
import { Icon, type IconName } from './icons.tsx'

const look: Record<Phase, { icon: IconName; tone: string }> = {
  scheduled: { icon: 'clock', tone: 'tone-wait' },
  running: { icon: 'bolt', tone: 'tone-good' },
  frozen: { icon: 'snow', tone: 'tone-wait' },
  ended: { icon: 'flag', tone: '' },
}

export function PhaseBadge({ phase, timing }: { readonly phase: Phase; readonly timing: Timing }) {
  const { t } = useTranslation()
  const { icon, tone } = timing === 'untimed' && phase !== 'ended' ? { icon: 'star' as const, tone: 'tone-teal' } : look[phase]
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} size={14} />
      {timing === 'untimed' && phase !== 'ended' ? t('phase.untimed') : t(`phase.${phase}`)}
    </span>
  )
}
