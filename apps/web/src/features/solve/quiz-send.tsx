import { useTranslation } from 'react-i18next'
import { attemptsLeft } from '../../lib/submission-state.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { Question } from './quiz-sheet.ts'
import type { Sheet } from './quiz-state.ts'

type Props = { readonly questions: readonly Question[]; readonly sheet: Sheet; readonly onSend: () => void; readonly onCancel: () => void }

/** What will be sent, what is unanswered or flagged, and which questions cannot be answered again after it. */
export function SendDialog({ questions, sheet, onSend, onCancel }: Props) {
  const { t } = useTranslation()
  const named = (indexes: readonly number[]) => indexes.map((index) => questions[index]?.entry.label).join(', ')
  const last = sheet.ready.filter((index) => {
    const question = questions[index]
    return question !== undefined && attemptsLeft(question.entry.maxAttempts, question.own) === 1
  })
  return (
    <ConfirmDialog title={t('quiz.sendTitle')} confirm={t('quiz.sendNow')} onConfirm={onSend} onCancel={onCancel}>
      <p>{t('quiz.willSend', { count: sheet.ready.length, labels: named(sheet.ready) })}</p>
      {last.length > 0 && <p>{t('quiz.lastAttempt', { labels: named(last) })}</p>}
      {sheet.unanswered.length > 0 && <p>{t('quiz.unanswered', { count: sheet.unanswered.length, labels: named(sheet.unanswered) })}</p>}
      {sheet.flagged.length > 0 && <p>{t('quiz.stillFlagged', { count: sheet.flagged.length, labels: named(sheet.flagged) })}</p>}
    </ConfirmDialog>
  )
}
