import { useTranslation } from 'react-i18next'
import type { ProblemState } from '../lib/submission-state.ts'
import { Icon, type IconName } from './icons.tsx'

const look: Record<ProblemState['status'], { icon: IconName; tone: string } | undefined> = {
  untouched: undefined,
  pending: { icon: 'wait', tone: 'tone-wait' },
  tried: { icon: 'cross', tone: 'tone-bad' },
  partial: { icon: 'half', tone: 'tone-gold' },
  solved: { icon: 'check', tone: 'tone-good' },
  held: { icon: 'lock', tone: 'tone-wait' },
}

/** How far one is with a problem; nothing for an untouched one. */
export function StateBadge({ state }: { readonly state: ProblemState }) {
  const { t } = useTranslation()
  const shown = look[state.status]
  if (!shown) return null
  return (
    <span className={`badge ${shown.tone}`}>
      <Icon name={shown.icon} size={14} />
      {t(`own.${state.status}`)}
    </span>
  )
}
