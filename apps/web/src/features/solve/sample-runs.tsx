import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../../lib/error-text.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { DiffView } from './diff-view.tsx'
import type { Sample, SampleResult } from './run-samples.ts'
import { ToolLog } from './tool-log.tsx'
import { endOf } from './try-run.ts'

type Props = { readonly samples: readonly Sample[]; readonly results: readonly SampleResult[]; readonly isRunning: boolean }

/** What the program made of each sample. Not a verdict, and said so. */
export function SampleRuns({ samples, results, isRunning }: Props) {
  const { t } = useTranslation()
  const shown = useRef<HTMLElement>(null)
  // below the fold of a phone, or of the answer's own scroll area
  useEffect(() => {
    if (isRunning) shown.current?.scrollIntoView({ block: 'nearest' })
  }, [isRunning])
  const same = results.filter((each) => each.state === 'ran' && each.diff && each.diff.likeness !== 'different').length
  return (
    <section className="try" aria-label={t('room.samples.title')} ref={shown}>
      <div className="row row-between">
        <h3>{t('room.samples.title')}</h3>
        <span role="status" aria-live="polite">
          {isRunning ? t('try.running') : t('room.samples.summary', { count: same, of: samples.length })}
        </span>
      </div>
      <ol className="plain-list sample-results">
        {results.map((result, at) => (
          <li key={at}>
            <OneSample result={result} index={at + 1} input={samples[at]?.input ?? ''} />
          </li>
        ))}
      </ol>
      <p className="hint">{t('room.samples.notVerdict')}</p>
    </section>
  )
}

function OneSample({ result, index, input }: { readonly result: SampleResult; readonly index: number; readonly input: string }) {
  const { t, i18n } = useTranslation()
  const name = t('solve.sample', { index })
  if (result.state === 'waiting' || result.state === 'running') {
    return (
      <Line
        name={name}
        tone="tone-wait"
        icon="wait"
        isBusy={result.state === 'running'}
        text={t(result.state === 'running' ? 'try.running' : 'room.samples.waiting')}
      />
    )
  }
  if (result.state === 'left') return <Line name={name} tone="tone-gold" icon="clock" text={errorText(t, result.error)} />
  const { run, diff } = result
  const end = endOf(run, i18n.language)
  if (!end) return null
  if (!diff) {
    return (
      <>
        <Line
          name={name}
          tone={end.said === 'compileFailed' || end.said === 'fault' ? 'tone-gold' : 'tone-bad'}
          icon="alert"
          text={t(`try.end.${end.said}`, end.params)}
        />
        {end.said !== 'finished' && end.said !== 'compileFailed' && <p className="small">{t(`try.why.${end.said}`, end.params)}</p>}
        {(run.compileLog || run.stderr) && <ToolLog text={run.compileLog || run.stderr || ''} />}
      </>
    )
  }
  if (diff.likeness === 'same') return <Line name={name} tone="tone-good" icon="check" text={t('room.samples.same')} />
  return (
    <details className="sample-differs" open={index === 1 || diff.likeness === 'different'}>
      <summary>
        <Line
          name={name}
          tone={diff.likeness === 'spacing' ? 'tone-gold' : 'tone-bad'}
          icon={diff.likeness === 'spacing' ? 'half' : 'cross'}
          text={diff.likeness === 'spacing' ? t('room.samples.spacing') : t('room.samples.different', { line: diff.firstLine ?? 1 })}
        />
      </summary>
      <p className="small muted">{t('solve.input')}</p>
      <pre className="code-block small sample-input">{input}</pre>
      <DiffView diff={diff} />
    </details>
  )
}

type LineProps = { readonly name: string; readonly tone: string; readonly icon: IconName; readonly text: string; readonly isBusy?: boolean }

const Line = ({ name, tone, icon, text, isBusy = false }: LineProps) => (
  <span className="row sample-line">
    <span className="small muted number">{name}</span>
    <span className={`badge ${tone}`}>
      <Icon name={icon} size={14} className={isBusy ? 'spin' : undefined} />
      {text}
    </span>
  </span>
)
