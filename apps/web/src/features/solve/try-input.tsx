import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import type { Run } from '#contracts/runs'
import { formatCpu, formatMemory } from '../../lib/format.ts'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { FormError } from '../../ui/states.tsx'
import { ToolLog } from './tool-log.tsx'
import { endOf, sampleOf } from './try-run.ts'
import type { useRun } from './use-run.ts'

type Props = {
  readonly problem: Problem
  readonly input: string
  readonly onInput: (input: string) => void
  readonly running: ReturnType<typeof useRun>
}

/** An input of one's own for the program above, and what came of it. */
export function TryInput({ problem, input, onInput, running }: Props) {
  const { t } = useTranslation()
  const { run, isRunning, error } = running
  const end = useRef<HTMLDivElement>(null)
  // below the fold of a phone, or of the answer's own scroll area
  useEffect(() => {
    if (run) end.current?.scrollIntoView({ block: 'nearest' })
  }, [run?.id])
  return (
    <section className="try" aria-label={t('try.title')}>
      <Field label={t('try.input')} hint={t('try.hint')}>
        {(control) => (
          <>
            {problem.samples?.map((sample, at) => (
              <button
                key={at}
                type="button"
                className="button button-small try-sample"
                aria-pressed={sample.input === input}
                onClick={() => onInput(sample.input)}
              >
                {t('solve.sample', { index: at + 1 })}
              </button>
            ))}
            <textarea
              {...control}
              className="input input-mono try-text"
              rows={4}
              value={input}
              spellCheck={false}
              autoCapitalize="off"
              autoCorrect="off"
              onChange={(event) => onInput(event.currentTarget.value)}
            />
          </>
        )}
      </Field>
      <div ref={end}>
        <div role="status" aria-live="polite">
          {isRunning && (
            <p>
              <span className="badge tone-wait">
                <Icon name="wait" size={14} className="spin" />
                {t('try.running')}
              </span>
            </p>
          )}
          {run && <Ended run={run} />}
        </div>
        <FormError error={isRunning ? null : error} />
        {run && <Printed run={run} expected={sampleOf(problem, running.input)} />}
      </div>
    </section>
  )
}

function Ended({ run }: { readonly run: Run }) {
  const { t, i18n } = useTranslation()
  const end = endOf(run, i18n.language)
  if (!end) return null
  return (
    <>
      <p className="row">
        <span className={`badge ${end.isGood ? 'tone-good' : end.said === 'compileFailed' || end.said === 'fault' ? 'tone-gold' : 'tone-bad'}`}>
          <Icon name={end.isGood ? 'check' : end.said === 'compileFailed' ? 'wrench' : 'alert'} size={14} />
          {t(`try.end.${end.said}`, end.params)}
        </span>
        {run.outcome !== undefined && run.outcome !== 'compileFailed' && (
          <span className="muted number">
            {formatCpu(run.cpuMs ?? 0, i18n.language)} · {formatMemory(run.memoryBytes ?? 0, i18n.language)}
          </span>
        )}
      </p>
      {end.said !== 'finished' && end.said !== 'compileFailed' && <p className="small">{t(`try.why.${end.said}`, end.params)}</p>}
    </>
  )
}

function Printed({ run, expected }: { readonly run: Run; readonly expected: { readonly index: number; readonly output: string } | undefined }) {
  const { t } = useTranslation()
  if (run.outcome === undefined) return null
  if (run.outcome === 'compileFailed') return <Stream title={t('submission.compileLog')} text={run.compileLog ?? ''} isLog />
  return (
    <>
      <div className={expected ? 'sample-pair' : ''}>
        <Stream title={t('try.stdout')} text={run.stdout ?? ''} isCut={run.stdoutTruncated === true} />
        {expected && <Stream title={t('try.expected', { index: expected.index })} text={expected.output} />}
      </div>
      {run.stderr && <Stream title={t('try.stderr')} text={run.stderr} isCut={run.stderrTruncated === true} isLog />}
    </>
  )
}

type StreamProps = {
  readonly title: string
  readonly text: string
  readonly isCut?: boolean
  /** It may name lines of the program. */
  readonly isLog?: boolean
}

function Stream({ title, text, isCut = false, isLog = false }: StreamProps) {
  const { t } = useTranslation()
  return (
    <section className="sample-text try-stream" aria-label={title}>
      <span className="small muted">{title}</span>
      {text === '' ? <p className="muted">{t('try.nothing')}</p> : isLog ? <ToolLog text={text} /> : <pre className="code-block small">{text}</pre>}
      {isCut && <p className="small">{t('try.cut')}</p>}
    </section>
  )
}
