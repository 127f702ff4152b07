/** What the parts of a sheet hand to each other. */
import type { Contest } from '#contracts/contest'
import type { Answer, Submission } from '#contracts/submission'
import type { ProblemState } from '../../lib/submission-state.ts'
import type { AnswerDraft, QuestionState } from './quiz-state.ts'

export type QuizEntry = NonNullable<Contest['problems']>[number]
export type Question = {
  readonly entry: QuizEntry
  readonly draft: AnswerDraft
  readonly own: ProblemState
  readonly state: QuestionState
  readonly answer: Answer | undefined
  /** The newest submission. */
  readonly last: Submission | undefined
}
export const isLocked = ({ state }: Pick<Question, 'state'>) => state === 'solved' || state === 'spent'
export const questionId = (label: string) => `question-${label}`
