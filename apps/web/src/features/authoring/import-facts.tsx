import { useTranslation } from 'react-i18next'
import type { ImportReport } from '#contracts/contest'
import { formatCpu, formatMemory, formatNumber } from '../../lib/format.ts'

/** What was understood of a package, to be compared with what its author meant. */
export function ImportFacts({ report }: { readonly report: ImportReport }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const facts: readonly (readonly [string, string])[] = [
    [t('import.fact.format'), t(`import.format.${report.format}`)],
    [t('import.fact.mode'), t(`import.mode.${report.mode}`)],
    [t('import.fact.checker'), t(`import.checker.${report.checker}`)],
    [t('import.fact.tests'), t('import.testsAndSamples', { tests: report.tests, samples: report.samples })],
    [t('import.fact.limits'), `${formatCpu(report.limits.cpuMs, language)} · ${formatMemory(report.limits.memoryBytes, language)}`],
    ...(report.statements.length > 0 ? [[t('import.fact.statements'), report.statements.join(', ')] as const] : []),
    ...(report.solutions > 0 ? [[t('import.fact.solutions'), formatNumber(report.solutions, language)] as const] : []),
  ]
  return (
    <section aria-label={t('import.understood')}>
      <h2>{t('import.understood')}</h2>
      <dl className="import-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {report.groups.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('import.group')}</th>
                <th scope="col">{t('import.points')}</th>
                <th scope="col">{t('import.fact.tests')}</th>
              </tr>
            </thead>
            <tbody>
              {report.groups.map(({ name, points, tests }) => (
                <tr key={name}>
                  <td>{name}</td>
                  <td className="number">{formatNumber(points, language)}</td>
                  <td className="number">{formatNumber(tests, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
