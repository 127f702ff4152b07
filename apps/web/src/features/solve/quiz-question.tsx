import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api-client.ts'
import { errorText } from '../../lib/error-text.ts'
import { attemptsLeft, isPending } from '../../lib/submission-state.ts'
import { Html } from '../../ui/html.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Note } from '../../ui/states.tsx'
import { SubmissionBadge } from '../../ui/verdict-badge.tsx'
import { AnswerFields } from './answer-fields.tsx'
import { isLocked, type Question, questionId } from './quiz-sheet.ts'
import type { AnswerDraft } from './quiz-state.ts'
import type { Sending } from './send-answers.ts'

type Props = {
  readonly question: Question
  readonly sending: Sending | undefined
  readonly isSending: boolean
  readonly onChange: (change: (before: AnswerDraft) => AnswerDraft) => void
}

/** One question of a sheet: asked, answered, flagged, and what became of it. */
export function QuizQuestion({ question, sending, isSending, onChange }: Props) {
  const { t } = useTranslation()
  const { entry, draft, own, state, last } = question
  const left = attemptsLeft(entry.maxAttempts, own)
  const failure = sending?.state === 'failed' ? sending : undefined
  const isUnreadable = failure?.error instanceof ApiError && failure.error.code === 'ANSWER_UNREADABLE'
  return (
    <section className="card quiz-question" id={questionId(entry.label)} aria-label={`${entry.label}. ${entry.title}`}>
      <div className="row row-between quiz-head">
        <h3>
          <span className="problem-label">{entry.label}</span> {entry.title}
        </h3>
        <button
          type="button"
          className="button button-small button-quiet"
          aria-pressed={draft.isFlagged}
          onClick={() => onChange((before) => ({ ...before, isFlagged: !before.isFlagged }))}
        >
          <Icon name="flag" size={15} className={draft.isFlagged ? 'quiz-flag' : undefined} />
          {draft.isFlagged ? t('quiz.flagged') : t('quiz.flag')}
        </button>
      </div>
      <Html html={entry.problem.statementHtml} />
      <AnswerFields
        problem={entry.problem}
        draft={draft}
        onChange={onChange}
        disabled={isLocked(question) || isSending}
        unreadable={isUnreadable ? errorText(t, failure.error) : undefined}
      />
      <div className="row quiz-state" role="status">
        {last && !(state === 'ready' && isPending(last)) && <SubmissionBadge submission={last} />}
        <span className="small muted">
          {sending?.state === 'sending' || sending?.state === 'waiting' ? t('quiz.sending') : t(`quiz.state.${state}`)}
          {left !== undefined && !isLocked(question) && ` · ${t('solve.attemptsLeft', { count: left })}`}
        </span>
      </div>
      {failure && !isUnreadable && (
        <Note tone="bad" live>
          <p>{errorText(t, failure.error)}</p>
          {failure.isOpen && <p>{t('solve.unanswered')}</p>}
        </Note>
      )}
    </section>
  )
}
