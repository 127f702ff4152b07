import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { clock } from '../../lib/arena.ts'
import { formatCpu, formatMoment } from '../../lib/format.ts'
import { Shown } from '../../ui/states.tsx'
import { VerdictBadge } from '../../ui/verdict-badge.tsx'
import { judgementsQuery } from './reads.ts'
import './rejudging.css'

/** Every judging of a submission, newest first, for staff: which counts, and by what each was judged. */
export function JudgementList({ submissionId }: { readonly submissionId: string }) {
  const { t, i18n } = useTranslation()
  const read = useQuery(judgementsQuery(submissionId))
  return (
    <section aria-label={t('rejudging.history')}>
      <h3>{t('rejudging.history')}</h3>
      <Shown read={read} lines={2}>
        {(judgements) =>
          judgements.length === 0 ? (
            <p className="muted">{t('rejudging.noHistory')}</p>
          ) : (
            <ol className="plain-list rejudging-history">
              {judgements.map(({ attempt, counts, verdict, score, cpuMs, judgedAt, rejudgingId, provenance }) => (
                <li key={attempt}>
                  <div className="row">
                    <span className="number muted small">{t('rejudging.attempt', { attempt })}</span>
                    <VerdictBadge verdict={verdict} />
                    <span className="number small">{t('rejudging.percent', { score })}</span>
                    {counts && <strong className="badge tone-good">{t('rejudging.counts')}</strong>}
                    {rejudgingId && <span className="badge">{t('rejudging.again')}</span>}
                    <time className="number muted small" dateTime={judgedAt}>
                      {formatMoment(judgedAt, i18n.language, clock.now())}
                    </time>
                    <span className="number muted small">{formatCpu(cpuMs, i18n.language)}</span>
                  </div>
                  <p className="muted small rejudging-provenance">
                    {t('rejudging.provenance', { version: provenance.problemVersion, checker: provenance.checker })}
                    {provenance.toolchain !== 'none' && ` · ${provenance.toolchain}`} · {t('rejudging.tests')}{' '}
                    <code title={provenance.dataDigest}>{provenance.dataDigest.slice(0, 12)}</code>
                  </p>
                </li>
              ))}
            </ol>
          )
        }
      </Shown>
    </section>
  )
}
