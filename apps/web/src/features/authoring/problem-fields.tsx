import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/button.tsx'
import { CheckField, Field, SelectField, TextField } from '../../ui/field.tsx'
import { compareKinds, hasTolerance, nextOptionId, type ProblemForm } from './problem-form.ts'

type Props = { readonly form: ProblemForm; readonly onChange: (change: Partial<ProblemForm>) => void }

/** The list with the entry at `at` changed, or taken out. */
const withEntry = <T,>(list: readonly T[], at: number, change: Partial<T>) => list.map((each, index) => (index === at ? { ...each, ...change } : each))
const without = <T,>(list: readonly T[], at: number) => list.filter((_, index) => index !== at)

export function ChoiceFields({ form, onChange }: Props) {
  const { t } = useTranslation()
  const mark = (at: number, isRight: boolean) =>
    onChange({ options: form.options.map((option, index) => ({ ...option, correct: index === at ? isRight : form.multiple && option.correct })) })
  return (
    <fieldset>
      <legend>{t('problem.options')}</legend>
      <p className="hint">{t('problem.optionsHint')}</p>
      <CheckField label={t('problem.multiple')} checked={form.multiple} onCheck={(multiple) => onChange({ multiple })} />
      {form.options.map((option, at) => (
        <div key={option.id} className="option-row">
          <input
            type={form.multiple ? 'checkbox' : 'radio'}
            name="correct"
            aria-label={t('problem.optionIsRight', { index: at + 1 })}
            checked={option.correct}
            onChange={(event) => mark(at, event.currentTarget.checked)}
          />
          <input
            className="input"
            aria-label={t('problem.option', { index: at + 1 })}
            value={option.text}
            maxLength={2000}
            onChange={(event) => onChange({ options: withEntry(form.options, at, { text: event.currentTarget.value }) })}
          />
          <IconButton
            icon="cross"
            tone="quiet"
            label={t('problem.removeOption', { index: at + 1 })}
            disabled={form.options.length <= 2}
            onPress={() => onChange({ options: without(form.options, at) })}
          />
        </div>
      ))}
      <Button
        small
        icon="plus"
        disabled={form.options.length >= 20}
        onPress={() => onChange({ options: [...form.options, { id: nextOptionId(form.options), text: '', correct: false }] })}
      >
        {t('problem.addOption')}
      </Button>
    </fieldset>
  )
}

export function NumericFields({ form, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div className="form-row">
      <TextField label={t('problem.answer')} hint={t('problem.answerHint')} value={form.answer} onText={(answer) => onChange({ answer })} maxLength={60} />
      <TextField
        label={t('problem.absolute')}
        hint={t('problem.absoluteHint')}
        value={form.absolute}
        onText={(absolute) => onChange({ absolute })}
        maxLength={60}
      />
      <TextField
        label={t('problem.relative')}
        hint={t('problem.relativeHint')}
        value={form.relative}
        onText={(relative) => onChange({ relative })}
        maxLength={60}
      />
      <TextField label={t('problem.unit')} hint={t('problem.unitHint')} value={form.unit} onText={(unit) => onChange({ unit })} maxLength={30} />
    </div>
  )
}

export function ProgramFields({ form, onChange, isNew }: Props & { readonly isNew: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="form-row">
        <TextField
          label={t('problem.cpu')}
          hint={t('problem.cpuHint')}
          value={form.cpuSeconds}
          onText={(cpuSeconds) => onChange({ cpuSeconds })}
          inputMode="decimal"
        />
        <TextField label={t('problem.memory')} value={form.memoryMiB} onText={(memoryMiB) => onChange({ memoryMiB })} inputMode="numeric" />
        <SelectField
          label={t('problem.compare')}
          value={form.compareKind}
          options={compareKinds.map((value) => ({ value, label: t(`problem.compareKind.${value}`) }))}
          onPick={(compareKind) => onChange({ compareKind })}
        />
        {hasTolerance(form) && (
          <TextField
            label={t('problem.float')}
            hint={t('problem.floatHint')}
            value={form.floatTolerance}
            onText={(floatTolerance) => onChange({ floatTolerance })}
          />
        )}
      </div>
      <fieldset>
        <legend>{t('problem.samples')}</legend>
        <p className="hint">{t('problem.samplesHint')}</p>
        {form.samples.map((sample, at) => (
          <div key={at} className="test-row">
            <Area
              label={t('problem.sampleInput', { index: at + 1 })}
              value={sample.input}
              onText={(input) => onChange({ samples: withEntry(form.samples, at, { input }) })}
            />
            <Area
              label={t('problem.sampleOutput', { index: at + 1 })}
              value={sample.output}
              onText={(output) => onChange({ samples: withEntry(form.samples, at, { output }) })}
            />
            <Area
              label={t('problem.sampleNote', { index: at + 1 })}
              value={sample.note}
              onText={(note) => onChange({ samples: withEntry(form.samples, at, { note }) })}
            />
            <IconButton
              icon="cross"
              tone="quiet"
              label={t('problem.removeSample', { index: at + 1 })}
              onPress={() => onChange({ samples: without(form.samples, at) })}
            />
          </div>
        ))}
        <Button
          small
          icon="plus"
          disabled={form.samples.length >= 20}
          onPress={() => onChange({ samples: [...form.samples, { input: '', output: '', note: '' }] })}
        >
          {t('problem.addSample')}
        </Button>
      </fieldset>
      {!isNew && <CheckField label={t('problem.replaceTests')} checked={form.replacesTests} onCheck={(replacesTests) => onChange({ replacesTests })} />}
      {form.replacesTests && <TestFields form={form} onChange={onChange} />}
    </>
  )
}

function TestFields({ form, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend>{t('problem.tests')}</legend>
      <p className="hint">{t('problem.testsHint')}</p>
      {form.tests.map((test, at) => (
        <div key={at} className="test-row">
          <Area
            label={t('problem.testInput', { index: at + 1 })}
            value={test.input}
            onText={(input) => onChange({ tests: withEntry(form.tests, at, { input }) })}
          />
          <Area
            label={t('problem.testOutput', { index: at + 1 })}
            value={test.output}
            onText={(output) => onChange({ tests: withEntry(form.tests, at, { output }) })}
          />
          <IconButton
            icon="cross"
            tone="quiet"
            label={t('problem.removeTest', { index: at + 1 })}
            disabled={form.tests.length <= 1}
            onPress={() => onChange({ tests: without(form.tests, at) })}
          />
        </div>
      ))}
      <Button small icon="plus" onPress={() => onChange({ tests: [...form.tests, { input: '', output: '' }] })}>
        {t('problem.addTest')}
      </Button>
    </fieldset>
  )
}

function Area({ label, value, onText }: { readonly label: string; readonly value: string; readonly onText: (text: string) => void }) {
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
