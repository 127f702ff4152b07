import { useTranslation } from 'react-i18next'
import type { TestResult } from '#contracts/submission'
import { formatCpu, formatMemory } from '../../lib/format.ts'
import { VerdictBadge } from '../verdict-badge.tsx'

/** Each test with its verdict and cost; what the judge had to say of samples below. */
export function TestStrip({ tests }: { readonly tests: readonly TestResult[] }) {
  const { t, i18n } = useTranslation()
  return (
    <ol className="plain-list test-strip" aria-label={t('submission.tests')}>
      {tests.map((test) => (
        <li key={test.index}>
          <div className="row" style={{ gap: '0.45rem' }}>
            <span className="number muted small">
              {test.sample ? t('submission.sampleTest', { index: test.index }) : t('submission.test', { index: test.index })}
            </span>
            <VerdictBadge verdict={test.verdict} />
            {test.cpuMs !== undefined && test.verdict !== 'SKIPPED' && <span className="number muted small">{formatCpu(test.cpuMs, i18n.language)}</span>}
            {test.memoryBytes !== undefined && test.verdict !== 'SKIPPED' && (
              <span className="number muted small">{formatMemory(test.memoryBytes, i18n.language)}</span>
            )}
          </div>
          {test.detail && <pre className="code-block small">{test.detail}</pre>}
        </li>
      ))}
    </ol>
  )
}
