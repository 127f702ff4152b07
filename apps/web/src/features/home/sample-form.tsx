import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SampleQuestion } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Html } from '../../ui/html.tsx'
import { FormError, Note } from '../../ui/states.tsx'
import { answerOf, emptyDraft, type SampleDraft, withOption } from './sample-answer.ts'

type Props = { readonly question: SampleQuestion; readonly onRight: () => void }

/** One question with its answer. What was typed stays; each press asks the server anew, which keeps nothing. */
export function SampleForm({ question, onRight }: Props) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<SampleDraft>(emptyDraft)
  const [isMissing, setMissing] = useState(false)
  const check = useAction({
    mutationFn: (answer: NonNullable<ReturnType<typeof answerOf>>) =>
      api.call('POST /api/samples/:id/check', { params: { id: question.id }, body: { answer } }),
    onSuccess: ({ right }) => right && onRight(),
  })
  const change = (next: SampleDraft) => {
    setDraft(next)
    setMissing(false)
    check.reset()
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const answer = answerOf(question, draft)
    setMissing(answer === undefined)
    if (answer) check.mutate(answer)
  }
  const missing = isMissing ? (question.kind === 'choice' ? t('samples.chooseFirst') : t('samples.writeFirst')) : undefined
  return (
    <form onSubmit={onSubmit} noValidate>
      <Html html={question.statementHtml} />
      {question.kind === 'choice' ? (
        <Options question={question} draft={draft} missing={missing} onChange={change} />
      ) : (
        <div className="form-row sample-number">
          <TextField
            label={t('samples.value')}
            value={draft.value}
            inputMode="decimal"
            maxLength={100}
            error={missing}
            onText={(value) => change({ ...draft, value })}
          />
          {question.unit !== undefined && (
            <TextField label={t('samples.unit')} value={draft.unit} maxLength={30} placeholder={question.unit} onText={(unit) => change({ ...draft, unit })} />
          )}
        </div>
      )}
      <FormError error={check.error} />
      <div aria-live="polite">
        {check.data?.right === false && (
          <Note tone="gold" icon="info">
            <p>{t('samples.wrong')}</p>
          </Note>
        )}
        {check.data?.right && (
          <Note tone="good">
            <p>
              <strong>{t('samples.right')}</strong>
            </p>
            {check.data.explanationHtml && <Html html={check.data.explanationHtml} />}
          </Note>
        )}
      </div>
      {!check.data?.right && (
        <Button type="submit" tone="primary" busy={check.isPending}>
          {t('samples.check')}
        </Button>
      )}
    </form>
  )
}

type OptionsProps = {
  readonly question: SampleQuestion
  readonly draft: SampleDraft
  readonly missing: string | undefined
  readonly onChange: (draft: SampleDraft) => void
}

function Options({ question, draft, missing, onChange }: OptionsProps) {
  const { t } = useTranslation()
  const name = useId()
  return (
    <fieldset aria-describedby={missing && `${name}-missing`}>
      <legend className="small muted">{question.multiple ? t('samples.chooseSeveral') : t('samples.chooseOne')}</legend>
      <div className="sample-options">
        {question.options?.map((option) => (
          <label key={option.id} className="sample-option">
            <input
              type={question.multiple ? 'checkbox' : 'radio'}
              name={name}
              checked={draft.choices.includes(option.id)}
              onChange={() => onChange(withOption(draft, question, option.id))}
            />
            <Html as="span" html={option.html} />
          </label>
        ))}
      </div>
      {missing && (
        <p className="field-error" id={`${name}-missing`} role="alert">
          {missing}
        </p>
      )}
    </fieldset>
  )
}
