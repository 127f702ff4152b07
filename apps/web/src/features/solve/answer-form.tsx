import { type FormEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '#contracts/submission'
import { ApiError } from '../../lib/api-client.ts'
import { errorText } from '../../lib/error-text.ts'
import { Button } from '../../ui/button.tsx'
import { AnswerFields, withOption } from './answer-fields.tsx'
import { answerBody } from './answer-forms.ts'
import { answerOf, optionOfKey, sentMark } from './quiz-state.ts'
import { useAnswers } from './use-answers.ts'
import { useKeys } from './use-keys.ts'
import type { AnswerFormProps } from './use-submit.ts'

/** One question, answered by itself. The answer is a draft until it is sent; a forgotten unit would cost an attempt, so it cannot be left empty. */
export function AnswerForm({ target, submitting, isDone }: AnswerFormProps) {
  const { t } = useTranslation()
  const { problem, contestId, userId } = target
  const answers = useAnswers({ userId, contestId }, [problem.id])
  const draft = answers.of(problem.id)
  const answer = answerOf(problem, draft)
  const isDisabled = isDone || submitting.isSending
  const unreadable = submitting.error instanceof ApiError && submitting.error.code === 'ANSWER_UNREADABLE' ? errorText(t, submitting.error) : undefined
  const sending = useRef<Answer | undefined>(undefined)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (!answer || isDisabled) return
    submitting.submit(answerBody({ problemId: problem.id, contestId }, answer))
    sending.current = answer
  }
  useEffect(() => {
    const taken = sending.current
    if (submitting.sentId && taken) answers.change(problem.id, (before) => ({ ...before, sent: sentMark(taken) }))
  }, [submitting.sentId])
  useKeys((key) => {
    const option = isDisabled ? undefined : optionOfKey(problem, key)
    if (option !== undefined) answers.change(problem.id, withOption(problem, option))
    return option !== undefined
  })
  return (
    <form onSubmit={onSubmit}>
      <AnswerFields problem={problem} draft={draft} onChange={(change) => answers.change(problem.id, change)} disabled={isDisabled} unreadable={unreadable} />
      <Button type="submit" tone="primary" busy={submitting.isSending} disabled={isDone || answer === undefined}>
        {t('solve.submitAnswer')}
      </Button>
      {!isDone && draft.sent === undefined && answer && <p className="hint">{answers.isKept ? t('quiz.kept') : t('room.draftNotKept')}</p>}
    </form>
  )
}
