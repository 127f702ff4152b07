import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icons.tsx'
import type { Question } from './quiz-sheet.ts'

type Props = {
  readonly questions: readonly Question[]
  /** The one at hand, where one is shown at a time. */
  readonly at: number | undefined
  readonly onGo: (index: number) => void
}

/** Every question with how far one is with it: a press leads there. */
export function QuizNav({ questions, at, onGo }: Props) {
  const { t } = useTranslation()
  return (
    <ol className="plain-list quiz-nav" aria-label={t('quiz.questions')}>
      {questions.map(({ entry, state, draft }, index) => (
        <li key={entry.problemId}>
          <button
            type="button"
            className={`quiz-${state}`}
            aria-current={index === at ? 'step' : undefined}
            aria-label={`${entry.label}. ${entry.title} (${t(`quiz.state.${state}`)}${draft.isFlagged ? `, ${t('quiz.flagged')}` : ''})`}
            title={entry.title}
            onClick={() => onGo(index)}
          >
            {entry.label}
            {state === 'solved' ? <Icon name="check" size={13} /> : state === 'sent' || state === 'spent' ? <Icon name="lock" size={13} /> : null}
            {draft.isFlagged && <Icon name="flag" size={13} className="quiz-flag" />}
          </button>
        </li>
      ))}
    </ol>
  )
}
