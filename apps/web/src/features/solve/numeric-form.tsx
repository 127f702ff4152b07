import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api-client.ts'
import { errorText } from '../../lib/error-text.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { numericBody } from './answer-forms.ts'
import type { AnswerFormProps } from './use-submit.ts'

/** The number as typed: the server reads it, and an unreadable one costs no attempt. A forgotten unit would cost one, so it cannot be left empty. */
export function NumericForm({ target, submitting, isDone }: AnswerFormProps) {
  const { t } = useTranslation()
  const { problem, contestId } = target
  const [value, setValue] = useState('')
  const [unit, setUnit] = useState('')
  const unreadable = submitting.error instanceof ApiError && submitting.error.code === 'ANSWER_UNREADABLE' ? errorText(t, submitting.error) : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submitting.submit(numericBody({ problemId: problem.id, contestId }, value, unit))
  }
  return (
    <form onSubmit={onSubmit}>
      <div className="numeric-row">
        <div className="grow">
          <TextField
            label={t('solve.value')}
            hint={t('solve.valueHint')}
            error={unreadable}
            value={value}
            onText={setValue}
            inputMode="text"
            autoComplete="off"
            maxLength={100}
            disabled={isDone}
            className="number"
          />
        </div>
        {problem.unit !== undefined && (
          <div className="numeric-unit">
            <TextField
              label={t('solve.unit')}
              hint={t('solve.unitHint', { unit: problem.unit })}
              value={unit}
              onText={setUnit}
              autoComplete="off"
              maxLength={30}
              disabled={isDone}
            />
          </div>
        )}
      </div>
      <Button
        type="submit"
        tone="primary"
        busy={submitting.isSending}
        disabled={isDone || value.trim() === '' || (problem.unit !== undefined && unit.trim() === '')}
      >
        {t('solve.submitAnswer')}
      </Button>
    </form>
  )
}
