import { useTranslation } from 'react-i18next'
import type { RejudgingState } from '#contracts/rejudging'
import { Icon, type IconName } from '../../ui/icons.tsx'

const look: Record<RejudgingState, { icon: IconName; tone: string }> = {
  judging: { icon: 'wait', tone: 'tone-wait' },
  ready: { icon: 'info', tone: 'tone-gold' },
  applied: { icon: 'check', tone: 'tone-good' },
  discarded: { icon: 'cross', tone: '' },
}

export function RejudgingStateBadge({ state }: { readonly state: RejudgingState }) {
  const { t } = useTranslation()
  const { icon, tone } = look[state]
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} size={14} className={state === 'judging' ? 'spin' : undefined} />
      {t(`rejudging.state.${state}`)}
    </span>
  )
}
