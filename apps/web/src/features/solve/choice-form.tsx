import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { Html } from '../../ui/html.tsx'
import { choiceBody, toggled } from './answer-forms.ts'
import type { AnswerFormProps } from './use-submit.ts'

export function ChoiceForm({ target, submitting, isDone }: AnswerFormProps) {
  const { t } = useTranslation()
  const { problem, contestId } = target
  const multiple = problem.multiple ?? false
  const [chosen, setChosen] = useState<readonly string[]>([])
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submitting.submit(choiceBody({ problemId: problem.id, contestId }, chosen))
  }
  return (
    <form onSubmit={onSubmit}>
      <fieldset disabled={isDone || submitting.isSending}>
        <legend className="hint">{multiple ? t('solve.chooseSeveral') : t('solve.chooseOne')}</legend>
        {problem.options?.map((option) => (
          <label key={option.id} className={`choice ${chosen.includes(option.id) ? 'choice-on' : ''}`}>
            <input
              type={multiple ? 'checkbox' : 'radio'}
              name={`choice-${problem.id}`}
              value={option.id}
              checked={chosen.includes(option.id)}
              onChange={() => setChosen(toggled(chosen, option.id, multiple))}
            />
            <Html as="span" html={option.html} className="prose choice-text" />
          </label>
        ))}
      </fieldset>
      <Button type="submit" tone="primary" busy={submitting.isSending} disabled={isDone || chosen.length === 0}>
        {t('solve.submitAnswer')}
      </Button>
    </form>
  )
}
