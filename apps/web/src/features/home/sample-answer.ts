import type { SampleQuestion } from '#contracts/contest'
import type { Answer } from '#contracts/submission'

/** What is on the form of one sample question; unanswered while nothing can be checked. */
export type SampleDraft = { readonly choices: readonly string[]; readonly value: string; readonly unit: string }
export const emptyDraft: SampleDraft = { choices: [], value: '', unit: '' }

/** One option where one is right, else it is put to the others or taken away. */
export function withOption(draft: SampleDraft, { multiple }: Pick<SampleQuestion, 'multiple'>, option: string): SampleDraft {
  if (!multiple) return { ...draft, choices: [option] }
  const others = draft.choices.filter((each) => each !== option)
  return { ...draft, choices: others.length < draft.choices.length ? others : [...others, option] }
}

export function answerOf({ kind, unit }: Pick<SampleQuestion, 'kind' | 'unit'>, draft: SampleDraft): Answer | undefined {
  if (kind === 'choice') return draft.choices.length > 0 ? { choices: [...draft.choices] } : undefined
  const value = draft.value.trim()
  if (value === '') return undefined
  return unit === undefined ? { value } : { value, unit: draft.unit.trim() }
}
