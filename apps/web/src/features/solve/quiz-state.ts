/**
 * A sheet of questions: what was answered, what is to be sent, what is left. Pure. An answer is a draft until it is sent; a draft that says what was sent last
 * is not sent again, since an attempt is dear.
 */
import type { Problem } from '#contracts/contest'
import type { Answer } from '#contracts/submission'
import { attemptsLeft, type ProblemState } from '../../lib/submission-state.ts'

export type AnswerDraft = {
  readonly choices: readonly string[]
  readonly value: string
  readonly unit: string
  readonly isFlagged: boolean
  /** The answer that was sent last, as `sentMark` writes it. */
  readonly sent?: string
}
export const emptyAnswer: AnswerDraft = { choices: [], value: '', unit: '', isFlagged: false }

/** An empty text for a draft that says nothing, so that nothing is kept of it. */
export function encodeAnswer(draft: AnswerDraft): string {
  const isEmpty = draft.choices.length === 0 && draft.value === '' && draft.unit === '' && !draft.isFlagged && draft.sent === undefined
  return isEmpty ? '' : JSON.stringify(draft)
}

/** What was kept may be of an older page. */
export function decodeAnswer(text: string | undefined): AnswerDraft {
  let kept: Partial<Record<keyof AnswerDraft, unknown>>
  try {
    kept = Object(JSON.parse(text || 'null'))
  } catch {
    return emptyAnswer
  }
  return {
    choices: Array.isArray(kept.choices) ? kept.choices.filter((each): each is string => typeof each === 'string') : [],
    value: typeof kept.value === 'string' ? kept.value : '',
    unit: typeof kept.unit === 'string' ? kept.unit : '',
    isFlagged: kept.isFlagged === true,
    ...(typeof kept.sent === 'string' && { sent: kept.sent }),
  }
}

type Asked = Pick<Problem, 'kind' | 'options' | 'unit'>

/** The whole answer, or undefined while a piece of it is missing. A forgotten unit would cost an attempt, so it counts as missing. */
export function answerOf(problem: Asked, draft: AnswerDraft): Answer | undefined {
  if (problem.kind === 'choice') {
    const choices = (problem.options ?? []).map(({ id }) => id).filter((id) => draft.choices.includes(id))
    return choices.length > 0 ? { choices } : undefined
  }
  const [value, unit] = [draft.value.trim(), draft.unit.trim()]
  if (value === '' || (problem.unit !== undefined && unit === '')) return undefined
  return { value, ...(unit && { unit }) }
}

export const sentMark = (answer: Answer): string => JSON.stringify(answer)

/**
 * `ready`: to be sent; `sent`: what stands here was sent, whatever became of it; `started`: a piece is missing; `spent`: no attempt is left;
 * `solved`: nothing more to do.
 */
export type QuestionState = 'empty' | 'started' | 'ready' | 'sent' | 'spent' | 'solved'

type Question = { readonly problem: Asked; readonly draft: AnswerDraft; readonly own: ProblemState; readonly maxAttempts: number | undefined }

export function questionState({ problem, draft, own, maxAttempts }: Question): QuestionState {
  if (own.status === 'solved') return 'solved'
  if (attemptsLeft(maxAttempts, own) === 0) return 'spent'
  const answer = answerOf(problem, draft)
  if (answer) return draft.sent === sentMark(answer) ? 'sent' : 'ready'
  return draft.choices.length > 0 || draft.value.trim() !== '' || draft.unit.trim() !== '' ? 'started' : 'empty'
}

export type Sheet = {
  /** Indexes of the questions, in order. */
  readonly ready: readonly number[]
  readonly unanswered: readonly number[]
  readonly flagged: readonly number[]
  readonly done: readonly number[]
}

export function sheetOf(questions: readonly { readonly state: QuestionState; readonly isFlagged: boolean }[]): Sheet {
  const those = (test: (question: (typeof questions)[number]) => boolean) => questions.flatMap((question, at) => (test(question) ? [at] : []))
  return {
    ready: those(({ state }) => state === 'ready'),
    unanswered: those(({ state }) => state === 'empty' || state === 'started'),
    flagged: those(({ state, isFlagged }) => isFlagged && state !== 'solved' && state !== 'spent'),
    done: those(({ state }) => state === 'sent' || state === 'solved' || state === 'spent'),
  }
}

/** `1` chooses the first option. @returns undefined where the key chooses nothing */
export function optionOfKey(problem: Asked, key: string): string | undefined {
  return /^[1-9]$/.test(key) ? problem.options?.[Number(key) - 1]?.id : undefined
}
