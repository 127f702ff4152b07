import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import { formatNumber } from '../../lib/format.ts'
import { TextField } from '../../ui/field.tsx'
import { Html } from '../../ui/html.tsx'
import { toggled } from './answer-forms.ts'
import type { AnswerDraft } from './quiz-state.ts'
import { type NumberRead, powerText, readNumber } from './read-number.ts'

export type AnswerFieldsProps = {
  readonly problem: Problem
  readonly draft: AnswerDraft
  readonly onChange: (change: (before: AnswerDraft) => AnswerDraft) => void
  readonly disabled: boolean
  /** What the judge said of the number, in words. */
  readonly unreadable?: string | undefined
}

/** Where a question is answered: options, or a number with its unit. */
export const AnswerFields = (props: AnswerFieldsProps) => (props.problem.kind === 'choice' ? <ChoiceFields {...props} /> : <NumericFields {...props} />)

export const withOption = (problem: Problem, option: string) => (before: AnswerDraft) => ({
  ...before,
  choices: toggled(before.choices, option, problem.multiple ?? false),
})

function ChoiceFields({ problem, draft: { choices }, onChange, disabled }: AnswerFieldsProps) {
  const { t } = useTranslation()
  const multiple = problem.multiple ?? false
  return (
    <fieldset disabled={disabled}>
      <legend className="hint">{multiple ? t('solve.chooseSeveral') : t('solve.chooseOne')}</legend>
      {problem.options?.map((option, at) => (
        <label key={option.id} className={`choice ${choices.includes(option.id) ? 'choice-on' : ''}`}>
          <input
            type={multiple ? 'checkbox' : 'radio'}
            name={`choice-${problem.id}`}
            value={option.id}
            checked={choices.includes(option.id)}
            onChange={() => onChange(withOption(problem, option.id))}
          />
          <Html as="span" html={option.html} className="prose choice-text" />
          {at < 9 && <ChoiceKey digit={at + 1} />}
        </label>
      ))}
    </fieldset>
  )
}

/** The key that chooses it, for eyes alone: the option is named by its text. */
const ChoiceKey = ({ digit }: { readonly digit: number }) => <span className="choice-key" data-key={digit} />

/** The number as typed: the judge reads it, and an unreadable one costs no attempt. How it will be read is said while it is typed. */
function NumericFields({ problem, draft, onChange, disabled, unreadable }: AnswerFieldsProps) {
  const { t, i18n } = useTranslation()
  const read = readNumber(draft.value)
  const { unit } = problem
  return (
    <div className="numeric-row">
      <div className="grow">
        <TextField
          label={t('solve.value')}
          hint={read.state === 'read' ? t('quiz.readAs', { number: shown(read, i18n.language) }) : t('solve.valueHint')}
          error={unreadable ?? problemOf(read, t)}
          value={draft.value}
          onText={(value) => onChange((before) => ({ ...before, value }))}
          inputMode="text"
          autoComplete="off"
          maxLength={100}
          disabled={disabled}
          className="number"
        />
      </div>
      {unit !== undefined && (
        <div className="numeric-unit">
          <TextField
            label={t('solve.unit')}
            hint={t('solve.unitHint', { unit })}
            value={draft.unit}
            onText={(text) => onChange((before) => ({ ...before, unit: text }))}
            autoComplete="off"
            maxLength={30}
            disabled={disabled}
          />
          {draft.unit.trim() === '' && !disabled && (
            <button type="button" className="button button-small unit-fill" onClick={() => onChange((before) => ({ ...before, unit }))}>
              {t('quiz.fillUnit', { unit })}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

type Read = Extract<NumberRead, { state: 'read' }>

function shown({ mantissa, power }: Read, language: string): string {
  const digits = formatNumber(mantissa as `${number}`, language, { maximumFractionDigits: 20 })
  return power === 0 ? digits : `${digits} × ${powerText(power)}`
}

/** Half a number (`1.6e`) is no mistake yet, so only what cannot become one is told at once. */
function problemOf(read: NumberRead, t: ReturnType<typeof useTranslation>['t']): string | undefined {
  return read.state === 'either' ? t('quiz.either', { first: read.readings[0], second: read.readings[1] }) : undefined
}
