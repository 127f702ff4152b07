import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/button.tsx'
import { CheckField, Field, TextAreaField, TextField } from '../../ui/field.tsx'
import { acceptedRange } from './accepted-range.ts'
import { movedTo } from './contest-form.ts'
import { nextOptionId, type OptionRow, type ProblemForm } from './problem-form.ts'

export type FieldsProps = {
  readonly form: ProblemForm
  readonly onChange: (change: Partial<ProblemForm>) => void
  /** What is wrong with a field, in words; nothing before the first try to save. */
  readonly wrong: (field: keyof ProblemForm) => string | undefined
}

/** The list with the entry at `at` changed, or taken out. */
export const withEntry = <T,>(list: readonly T[], at: number, change: Partial<T>) => list.map((each, index) => (index === at ? { ...each, ...change } : each))
export const without = <T,>(list: readonly T[], at: number) => list.filter((_, index) => index !== at)

const mostOptions = 20
const optionInput = (id: string) => `option-${id}`
const focusOption = (id: string) => requestAnimationFrame(() => document.getElementById(optionInput(id))?.focus())

export function ChoiceFields({ form, onChange, wrong }: FieldsProps) {
  const { t } = useTranslation()
  const error = wrong('options')
  const mark = (at: number, isRight: boolean) =>
    onChange({ options: form.options.map((option, index) => ({ ...option, correct: index === at ? isRight : form.multiple && option.correct })) })
  const add = () => {
    const id = nextOptionId(form.options)
    onChange({ options: [...form.options, { id, text: '', correct: false }] })
    focusOption(id)
  }
  const move = (at: number, by: number) => {
    onChange({ options: movedTo(form.options, at, at + by) })
    const moved = form.options[at]
    if (moved) focusOption(moved.id)
  }
  const onKey = (event: KeyboardEvent, at: number) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      if (form.options.length < mostOptions) add()
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      move(at, event.key === 'ArrowUp' ? -1 : 1)
    } else if (event.altKey && event.key.toLowerCase() === 'r') {
      event.preventDefault()
      mark(at, !form.options[at]?.correct)
    }
  }
  return (
    <fieldset aria-describedby={error && 'options-error'}>
      <legend>{t('problem.options')}</legend>
      <p className="hint">{t('problem.optionsHint')}</p>
      <CheckField label={t('problem.multiple')} checked={form.multiple} onCheck={(multiple) => onChange({ multiple })} />
      {form.options.map((option, at) => (
        <OptionLine
          key={option.id}
          {...{ option, at, form, onKey, move }}
          onMark={(isRight) => mark(at, isRight)}
          onText={(text) => onChange({ options: withEntry(form.options, at, { text }) })}
          onRemove={() => onChange({ options: without(form.options, at) })}
        />
      ))}
      {error && (
        <p className="field-error" id="options-error" role="alert">
          {error}
        </p>
      )}
      <Button small icon="plus" disabled={form.options.length >= mostOptions} onPress={add}>
        {t('problem.addOption')}
      </Button>
    </fieldset>
  )
}

type OptionLineProps = {
  readonly option: OptionRow
  readonly at: number
  readonly form: ProblemForm
  readonly onKey: (event: KeyboardEvent, at: number) => void
  readonly move: (at: number, by: number) => void
  readonly onMark: (isRight: boolean) => void
  readonly onText: (text: string) => void
  readonly onRemove: () => void
}

function OptionLine({ option, at, form, onKey, move, onMark, onText, onRemove }: OptionLineProps) {
  const { t } = useTranslation()
  return (
    <div className={`option-row ${option.correct ? 'is-right' : ''}`}>
      <input
        type={form.multiple ? 'checkbox' : 'radio'}
        name="correct"
        aria-label={t('problem.optionIsRight', { index: at + 1 })}
        checked={option.correct}
        onChange={(event) => onMark(event.currentTarget.checked)}
      />
      <input
        id={optionInput(option.id)}
        className="input"
        aria-label={t('problem.option', { index: at + 1 })}
        value={option.text}
        maxLength={2000}
        onKeyDown={(event) => onKey(event, at)}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <span className="row option-buttons">
        <IconButton icon="up" small tone="quiet" label={t('problem.moveOptionUp', { index: at + 1 })} disabled={at === 0} onPress={() => move(at, -1)} />
        <IconButton
          icon="down"
          small
          tone="quiet"
          label={t('problem.moveOptionDown', { index: at + 1 })}
          disabled={at === form.options.length - 1}
          onPress={() => move(at, 1)}
        />
        <IconButton
          icon="cross"
          small
          tone="quiet"
          label={t('problem.removeOption', { index: at + 1 })}
          disabled={form.options.length <= 2}
          onPress={onRemove}
        />
      </span>
    </div>
  )
}

export function NumericFields({ form, onChange, wrong }: FieldsProps) {
  const { t } = useTranslation()
  const range = acceptedRange(form)
  return (
    <>
      <div className="form-row">
        <TextField
          label={t('problem.answer')}
          hint={t('problem.answerHint')}
          error={wrong('answer')}
          value={form.answer}
          onText={(answer) => onChange({ answer })}
          maxLength={60}
        />
        <TextField label={t('problem.unit')} hint={t('problem.unitHint')} value={form.unit} onText={(unit) => onChange({ unit })} maxLength={30} />
        <TextField
          label={t('problem.absolute')}
          hint={t('problem.absoluteHint')}
          error={wrong('absolute')}
          value={form.absolute}
          onText={(absolute) => onChange({ absolute })}
          maxLength={60}
        />
        <TextField
          label={t('problem.relative')}
          hint={t('problem.relativeHint')}
          error={wrong('relative')}
          value={form.relative}
          onText={(relative) => onChange({ relative })}
          maxLength={60}
        />
      </div>
      {range && (
        <p className="accepted-range" role="status">
          {range.from === range.to
            ? t('problem.acceptsOnly', { value: `${range.from} ${form.unit}`.trim() })
            : t('problem.accepts', { from: range.from, to: `${range.to} ${form.unit}`.trim() })}
        </p>
      )}
    </>
  )
}

export function ExplanationField({ form, onChange }: Pick<FieldsProps, 'form' | 'onChange'>) {
  const { t } = useTranslation()
  return (
    <TextAreaField
      label={t('problem.explanation')}
      hint={t('problem.explanationHint')}
      value={form.explanation}
      maxLength={5000}
      onText={(explanation) => onChange({ explanation })}
    />
  )
}

export function Area({ label, value, onText }: { readonly label: string; readonly value: string; readonly onText: (text: string) => void }) {
  return (
    <div className="grow">
      <Field label={label}>
        {(control) => (
          <textarea
            className="input input-mono"
            rows={3}
            spellCheck={false}
            value={value}
            {...control}
            onChange={(event) => onText(event.currentTarget.value)}
          />
        )}
      </Field>
    </div>
  )
}
