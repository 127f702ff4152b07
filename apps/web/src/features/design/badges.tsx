import { useTranslation } from 'react-i18next'
import type { Phase, TestVerdict, Verdict } from '#contracts/common'
import type { SubmissionStatus } from '#contracts/submission'
import type { ProblemState } from '../../lib/submission-state.ts'
import { PhaseBadge } from '../../ui/phase-badge.tsx'
import { PremiumBadge } from '../../ui/premium-badge.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { SubjectMark, subjects } from '../../ui/subject.tsx'
import { SubmissionBadge, VerdictBadge } from '../../ui/verdict-badge.tsx'

const verdicts: readonly (Verdict | TestVerdict)[] = ['AC', 'PARTIAL', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'SKIPPED']
const statuses: readonly SubmissionStatus[] = ['queued', 'running', 'held', 'fault']
const states: readonly ProblemState['status'][] = ['pending', 'tried', 'partial', 'solved', 'held']
const phases: readonly Phase[] = ['scheduled', 'running', 'frozen', 'ended']

/** Each says what it means by a picture and in words; colour only repeats it. */
export function Badges() {
  const { t } = useTranslation()
  return (
    <section className="card" aria-labelledby="design-badges">
      <h2 id="design-badges">{t('design.badges')}</h2>
      <div className="row design-row">
        {verdicts.map((verdict) => (
          <VerdictBadge key={verdict} verdict={verdict} />
        ))}
      </div>
      <div className="row design-row">
        {statuses.map((status) => (
          <SubmissionBadge key={status} submission={{ status }} />
        ))}
      </div>
      <div className="row design-row">
        {states.map((status) => (
          <StateBadge key={status} state={{ status, attempts: 1 } as ProblemState} />
        ))}
      </div>
      <div className="row design-row">
        {phases.map((phase) => (
          <PhaseBadge key={phase} phase={phase} timing="window" />
        ))}
        <PhaseBadge phase="running" timing="untimed" />
        <PremiumBadge />
      </div>
      <div className="row design-row">
        {subjects.map((subject) => (
          <span key={subject} className="row">
            <SubjectMark subject={subject} /> {t(`subject.${subject}`)}
          </span>
        ))}
      </div>
    </section>
  )
}
