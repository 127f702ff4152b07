import { useTranslation } from 'react-i18next'
import type { TestVerdict, Verdict } from '#contracts/common'
import type { SubmissionStatus } from '#contracts/submission'
import { Icon, type IconName } from './icons.tsx'

const look: Record<Verdict | TestVerdict, { icon: IconName; tone: string }> = {
  AC: { icon: 'check', tone: 'tone-good' },
  WA: { icon: 'cross', tone: 'tone-bad' },
  TLE: { icon: 'clock', tone: 'tone-bad' },
  MLE: { icon: 'memory', tone: 'tone-bad' },
  OLE: { icon: 'output', tone: 'tone-bad' },
  RE: { icon: 'bolt', tone: 'tone-bad' },
  CE: { icon: 'wrench', tone: 'tone-gold' },
  PARTIAL: { icon: 'half', tone: 'tone-gold' },
  SKIPPED: { icon: 'output', tone: '' },
}

/** A verdict by icon and words; colour only repeats it. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict | TestVerdict }) {
  const { t } = useTranslation()
  const { icon, tone } = look[verdict]
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} size={14} />
      {t(`verdict.${verdict}`)}
    </span>
  )
}

type Stated = { readonly status: SubmissionStatus; readonly verdict?: Verdict | undefined }

export function SubmissionBadge({ submission }: { readonly submission: Stated }) {
  const { t } = useTranslation()
  if (submission.status === 'judged' && submission.verdict) return <VerdictBadge verdict={submission.verdict} />
  const isPending = submission.status === 'queued' || submission.status === 'running'
  return (
    <span className={`badge ${submission.status === 'fault' ? 'tone-gold' : 'tone-wait'}`}>
      <Icon name={isPending ? 'wait' : submission.status === 'held' ? 'lock' : 'alert'} size={14} className={isPending ? 'spin' : undefined} />
      {t(`status.${submission.status}`)}
    </span>
  )
}
