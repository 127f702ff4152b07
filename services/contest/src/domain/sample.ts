import type { SampleQuestion } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import type { Answer } from '#contracts/submission'
import { parseDecimal } from '#kernel/decimal'
import { gradeChoice, gradeNumeric } from '#kernel/grading'
import { fail, ok, type Result } from '#kernel/result'
import type { StoredProblem } from './problem.ts'

/**
 * Questions that anybody may try without an account (docs/adr/0046). A sample is a public choice or numeric problem that its author marked by a tag, and
 * that no contest asks which is not over: whoever may learn the answer here may not be asked it there.
 */
export const sampleTag = 'sample'
/** `language-rw` on a question in Kinyarwanda; without such a tag it is taken for English. */
export const languageTag = (language: string) => `language-${language}`

/** What the whole world sees of it: the question. */
export function sampleView({ id, title, subject, content, view }: StoredProblem): SampleQuestion[] {
  const common = { id, title, subject, statementHtml: view.statementHtml }
  if (content.kind === 'choice') return [{ ...common, kind: 'choice', options: [...(view.options ?? [])], multiple: content.multiple }]
  if (content.kind === 'numeric') return [{ ...common, kind: 'numeric', ...(content.unit === null ? {} : { unit: content.unit }) }]
  return []
}

type Checked = { readonly right: boolean; readonly explanationHtml?: string }
/** The explanation comes with the right answer only: who is wrong may think again. What cannot be read is not called wrong. */
export function checkSample({ content, view }: StoredProblem, answer: Answer): Result<Checked, ApiFailure<'ANSWER_KIND_MISMATCH' | 'ANSWER_UNREADABLE'>> {
  const right = gradedRight(content, answer)
  if (!right.ok) return right
  return ok({ right: right.value, ...(right.value && view.explanationHtml !== undefined ? { explanationHtml: view.explanationHtml } : {}) })
}

function gradedRight(content: StoredProblem['content'], answer: Answer): Result<boolean, ApiFailure<'ANSWER_KIND_MISMATCH' | 'ANSWER_UNREADABLE'>> {
  if (content.kind === 'choice' && 'choices' in answer) return ok(gradeChoice(content, answer.choices).verdict === 'AC')
  if (content.kind !== 'numeric' || !('value' in answer)) return fail({ code: 'ANSWER_KIND_MISMATCH', details: { kind: content.kind } })
  const read = parseDecimal(answer.value)
  if (!read.ok) return fail({ code: 'ANSWER_UNREADABLE', details: { problem: read.error.problem } })
  const { unit, ...key } = content
  const graded = gradeNumeric(unit === null ? key : { ...key, unit }, answer)
  return ok(graded.ok && graded.value.verdict === 'AC') // a key that cannot be read is refused when it is saved
}
