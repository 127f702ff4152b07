import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import { formatCpu, formatMemory } from '../../lib/format.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Html } from '../../ui/html.tsx'
import { FormError } from '../../ui/states.tsx'
import { useStatement } from './use-statement.ts'

type Props = {
  readonly problem: Problem
  /** Puts a sample's input where programs are tried; absent where none is written. */
  readonly onUse?: ((input: string) => void) | undefined
}

export function Statement({ problem, onUse }: Props) {
  const { t, i18n } = useTranslation()
  const statement = useStatement(problem)
  return (
    <>
      <div className="row row-between statement-head">
        <h2 className="problem-title" lang={statement.language}>
          {statement.title}
        </h2>
        <button type="button" className="button button-small button-quiet" onClick={() => window.print()}>
          {t('room.print')}
        </button>
      </div>
      {problem.limits && (
        <p className="small muted">
          {t('solve.limits', { time: formatCpu(problem.limits.cpuMs, i18n.language), memory: formatMemory(problem.limits.memoryBytes, i18n.language) })}
        </p>
      )}
      {statement.languages.length > 1 && (
        <div className="statement-language">
          <SelectField
            label={t('room.statementLanguage')}
            value={statement.language ?? ''}
            options={statement.languages.map((value) => ({ value, label: languageName(value, t) }))}
            onPick={statement.choose}
          />
        </div>
      )}
      <FormError error={statement.error} />
      <div lang={statement.language}>
        <Html html={statement.html} />
      </div>
      <Papers problem={problem} />
      {problem.samples?.map((sample, index) => (
        <SampleView key={index} index={index + 1} sample={sample} onUse={onUse} />
      ))}
    </>
  )
}

const ofTheArena = ['en', 'rw', 'fr'] as const

/** Each language named in itself, as far as the browser knows it. */
function languageName(language: string, t: ReturnType<typeof useTranslation>['t']): string {
  const known = ofTheArena.find((each) => each === language)
  if (known !== undefined) return t(`language.${known}`)
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  } catch {
    return language
  }
}

/** Statements on paper: PDF files, fetched when one is opened. */
function Papers({ problem }: { readonly problem: Problem }) {
  const papers = problem.files?.filter(({ contentType }) => contentType === 'application/pdf') ?? []
  if (papers.length === 0) return null
  return (
    <ul className="plain-list">
      {papers.map(({ name, url }) => (
        <li key={name}>
          <a href={url} download={name}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  )
}

type Sample = NonNullable<Problem['samples']>[number]
type SampleProps = { readonly index: number; readonly sample: Sample; readonly onUse: Props['onUse'] }

function SampleView({ index, sample, onUse }: SampleProps) {
  const { t } = useTranslation()
  return (
    <section className="sample" aria-label={t('solve.sample', { index })}>
      <div className="row row-between">
        <h3>{t('solve.sample', { index })}</h3>
        {onUse && (
          <button
            type="button"
            className="button button-small button-quiet"
            aria-label={`${t('room.useAsInput')}: ${t('solve.sample', { index })}`}
            onClick={() => onUse(sample.input)}
          >
            {t('room.useAsInput')}
          </button>
        )}
      </div>
      <div className="sample-pair">
        <SampleText title={t('solve.input')} copy={t('solve.copyInput', { index })} text={sample.input} />
        <SampleText title={t('solve.output')} copy={t('solve.copyOutput', { index })} text={sample.output} />
      </div>
      {sample.noteHtml && <Html html={sample.noteHtml} />}
    </section>
  )
}

function SampleText({ title, copy, text }: { readonly title: string; readonly copy: string; readonly text: string }) {
  return (
    <div className="sample-text">
      <div className="row row-between">
        <span className="small muted">{title}</span>
        <CopyButton text={text} label={copy} />
      </div>
      <pre className="code-block">{text}</pre>
    </div>
  )
}
