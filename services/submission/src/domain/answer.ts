import type { ProblemKind } from '#contracts/common'
import type { ApiFailure } from '#contracts/errors'
import type { Answer } from '#contracts/submission'
import { parseDecimal } from '#kernel/decimal'
import { fail, ok, type Result } from '#kernel/result'

export type Answerable = { readonly kind: ProblemKind; readonly optionIds: readonly string[]; readonly multiple: boolean }

/** "I could not read this" is not "wrong": what cannot be graded is refused here, before it is stored, and costs no attempt. */
export function readableAnswer(problem: Answerable, answer: Answer): Result<true, ApiFailure<'ANSWER_KIND_MISMATCH' | 'ANSWER_UNREADABLE'>> {
  const mismatch = fail({ code: 'ANSWER_KIND_MISMATCH' as const, details: { kind: problem.kind } })
  if ('choices' in answer) return problem.kind === 'choice' ? readableChoices(problem, answer.choices) : mismatch
  if (problem.kind !== 'numeric') return mismatch
  const value = parseDecimal(answer.value)
  return value.ok ? ok(true) : unreadable(value.error.problem)
}

function readableChoices(problem: Answerable, choices: readonly string[]) {
  const unknown = choices.find((choice) => !problem.optionIds.includes(choice))
  if (unknown !== undefined) return unreadable(`there is no option ${unknown}`)
  if (new Set(choices).size !== choices.length) return unreadable('an option is named twice')
  if (choices.length === 0) return unreadable('no option is chosen')
  if (!problem.multiple && choices.length > 1) return unreadable('only one option may be chosen')
  return ok(true)
}

const unreadable = (problem: string) => fail({ code: 'ANSWER_UNREADABLE' as const, details: { problem } })
