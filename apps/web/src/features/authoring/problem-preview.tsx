import { useTranslation } from 'react-i18next'
import { Html } from '../../ui/html.tsx'
import type { ProblemForm } from './problem-form.ts'
import { usePreview } from './use-preview.ts'

/** The problem as pupils will see it, while it is being written. */
export function ProblemPreview({ form }: { readonly form: ProblemForm }) {
  const { t } = useTranslation()
  const { html, isBusy, hasFailed } = usePreview(form.statement)
  return (
    <section aria-label={t('problem.preview')} className="statement-preview">
      <span className="field-label">{t('problem.preview')}</span>
      <div className="preview-paper" aria-busy={isBusy}>
        {form.title.trim() !== '' && <h2>{form.title}</h2>}
        {html === undefined ? <p className="muted">{hasFailed ? t('problem.previewFailed') : t('problem.previewEmpty')}</p> : <Html html={html} />}
        {form.kind === 'choice' && <PreviewOptions form={form} />}
        {form.kind === 'numeric' && (
          <p className="preview-number">
            <span className="input input-short" aria-hidden="true" /> {form.unit}
          </p>
        )}
        {form.kind === 'program' && <PreviewSamples form={form} />}
      </div>
    </section>
  )
}

function PreviewOptions({ form }: { readonly form: ProblemForm }) {
  return (
    <ul className="plain-list preview-options">
      {form.options.map((option) => (
        <li key={option.id} className={option.correct ? 'is-right' : ''}>
          <input type={form.multiple ? 'checkbox' : 'radio'} disabled checked={option.correct} aria-hidden="true" tabIndex={-1} />
          <PreviewOption text={option.text} />
        </li>
      ))}
    </ul>
  )
}

/** Plain words need no server. */
const hasMarkup = /[$*_`\\[<&]/

function PreviewOption({ text }: { readonly text: string }) {
  const { html } = usePreview(hasMarkup.test(text) ? text : '')
  return html === undefined ? <span>{text || '…'}</span> : <Html html={html} />
}

function PreviewSamples({ form }: { readonly form: ProblemForm }) {
  const { t } = useTranslation()
  const samples = form.samples.filter(({ input, output }) => input !== '' || output !== '')
  return (
    <>
      {samples.map((sample, at) => (
        <div key={at} className="test-row">
          <div className="grow">
            <span className="small muted">{t('problem.sampleInput', { index: at + 1 })}</span>
            <pre className="code-block small">{sample.input}</pre>
          </div>
          <div className="grow">
            <span className="small muted">{t('problem.sampleOutput', { index: at + 1 })}</span>
            <pre className="code-block small">{sample.output}</pre>
          </div>
        </div>
      ))}
    </>
  )
}
