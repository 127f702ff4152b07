import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemKind } from '#contracts/common'
import { Button } from '../../ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { FormError } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'
import { ChoiceFields, ExplanationField, NumericFields } from './problem-fields.tsx'
import { formProblems, type ProblemForm, wrongAt } from './problem-form.ts'
import { ProblemPreview } from './problem-preview.tsx'
import { ProgramFields } from './program-fields.tsx'
import { StatementField } from './statement-field.tsx'

type Props = {
  readonly form: ProblemForm
  readonly setForm: (change: (before: ProblemForm) => ProblemForm) => void
  readonly isNew: boolean
  /** Which kinds may be made here; one that exists never changes its kind. */
  readonly kinds: readonly ProblemKind[]
  readonly isBusy: boolean
  readonly canSave: boolean
  readonly error: unknown
  readonly save: string
  readonly onSave: () => void
}

/** Side by side on a wide screen; on a phone one of the two, by a switch. */
export function ProblemEditor(props: Props) {
  const { t } = useTranslation()
  const [isPreview, setPreview] = useState(false)
  return (
    <div className={`editor-pair ${isPreview ? 'shows-preview' : ''}`}>
      <fieldset className="editor-switch">
        <legend className="sr-only">{t('problem.view')}</legend>
        <button type="button" className="button button-small" aria-pressed={!isPreview} onClick={() => setPreview(false)}>
          {t('problem.write')}
        </button>
        <button type="button" className="button button-small" aria-pressed={isPreview} onClick={() => setPreview(true)}>
          {t('problem.preview')}
        </button>
      </fieldset>
      <EditorFields {...props} />
      <div className="editor-preview">
        <ProblemPreview form={props.form} />
      </div>
    </div>
  )
}

function EditorFields({ form, setForm, isNew, kinds, isBusy, canSave, error, save, onSave }: Props) {
  const { t } = useTranslation()
  const [wasPressed, setPressed] = useState(false)
  const change = (part: Partial<ProblemForm>) => setForm((before) => ({ ...before, ...part }))
  const problems = formProblems(form)
  const wrong = (field: keyof ProblemForm) => {
    const found = wasPressed ? wrongAt(problems, field) : undefined
    return found && t(`problem.wrong.${found}`)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (problems.length === 0) return onSave()
    const fields = event.currentTarget as HTMLFormElement
    // the complaints are drawn first
    requestAnimationFrame(() => fields.querySelector<HTMLElement>('[aria-invalid="true"], [aria-describedby$="-error"] input')?.focus())
  }
  const fields = { form, onChange: change, wrong }
  return (
    <form className="card editor-fields" onSubmit={onSubmit} noValidate>
      <div className="form-row">
        {isNew && (
          <SelectField
            label={t('problem.kind')}
            value={form.kind}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onPick={(kind) => change({ kind, ...(kind === 'program' && { subject: 'computer-science' as const }) })}
          />
        )}
        <SelectField
          label={t('problem.subject')}
          value={form.subject}
          options={subjects.map((value) => ({ value, label: t(`subject.${value}`) }))}
          onPick={(subject) => change({ subject })}
        />
      </div>
      <TextField label={t('problem.title')} error={wrong('title')} value={form.title} onText={(title) => change({ title })} maxLength={200} required />
      <StatementField label={t('problem.statement')} error={wrong('statement')} value={form.statement} onText={(statement) => change({ statement })} />
      {form.kind === 'choice' && <ChoiceFields {...fields} />}
      {form.kind === 'numeric' && <NumericFields {...fields} />}
      {form.kind === 'program' && <ProgramFields {...fields} isNew={isNew} />}
      {form.kind !== 'program' && <ExplanationField {...fields} />}
      <TextField label={t('problem.tags')} hint={t('problem.tagsHint')} value={form.tags} onText={(tags) => change({ tags })} />
      <CheckField label={t('problem.public')} checked={form.public} onCheck={(isPublic) => change({ public: isPublic })} />
      <FormError error={error} />
      {wasPressed && problems.length > 0 && (
        <p className="field-error" role="alert">
          {t('problem.mend', { count: problems.length })}
        </p>
      )}
      <Button type="submit" tone="primary" busy={isBusy} disabled={!canSave}>
        {save}
      </Button>
    </form>
  )
}
