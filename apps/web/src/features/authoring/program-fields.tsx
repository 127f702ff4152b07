import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/button.tsx'
import { CheckField, Field, SelectField, TextField } from '../../ui/field.tsx'
import { Note } from '../../ui/states.tsx'
import { pairFiles } from './pair-files.ts'
import { Area, type FieldsProps, withEntry, without } from './problem-fields.tsx'
import { compareKinds, hasTolerance } from './problem-form.ts'

const mostTests = 500
/** Of one file: what the contract takes. */
const longestFile = 2_000_000

export function ProgramFields({ form, onChange, wrong, isNew }: FieldsProps & { readonly isNew: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="form-row">
        <TextField
          label={t('problem.cpu')}
          hint={t('problem.cpuHint')}
          error={wrong('cpuSeconds')}
          value={form.cpuSeconds}
          onText={(cpuSeconds) => onChange({ cpuSeconds })}
          inputMode="decimal"
        />
        <TextField
          label={t('problem.memory')}
          hint={t('problem.memoryHint')}
          error={wrong('memoryMiB')}
          value={form.memoryMiB}
          onText={(memoryMiB) => onChange({ memoryMiB })}
          inputMode="numeric"
        />
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
            error={wrong('floatTolerance')}
            value={form.floatTolerance}
            onText={(floatTolerance) => onChange({ floatTolerance })}
          />
        )}
      </div>
      <SampleFields form={form} onChange={onChange} wrong={wrong} />
      {!isNew && <CheckField label={t('problem.replaceTests')} checked={form.replacesTests} onCheck={(replacesTests) => onChange({ replacesTests })} />}
      {form.replacesTests && <TestFields form={form} onChange={onChange} wrong={wrong} />}
    </>
  )
}

function SampleFields({ form, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const change = (at: number, part: Partial<(typeof form.samples)[number]>) => onChange({ samples: withEntry(form.samples, at, part) })
  return (
    <fieldset>
      <legend>{t('problem.samples')}</legend>
      <p className="hint">{t('problem.samplesHint')}</p>
      {form.samples.map((sample, at) => (
        <div key={at} className="test-row">
          <Area label={t('problem.sampleInput', { index: at + 1 })} value={sample.input} onText={(input) => change(at, { input })} />
          <Area label={t('problem.sampleOutput', { index: at + 1 })} value={sample.output} onText={(output) => change(at, { output })} />
          <Area label={t('problem.sampleNote', { index: at + 1 })} value={sample.note} onText={(note) => change(at, { note })} />
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
  )
}

function TestFields({ form, onChange, wrong }: FieldsProps) {
  const { t } = useTranslation()
  const error = wrong('tests')
  const change = (at: number, part: Partial<(typeof form.tests)[number]>) => onChange({ tests: withEntry(form.tests, at, part) })
  return (
    <fieldset aria-describedby={error && 'tests-error'}>
      <legend>{t('problem.tests')}</legend>
      <p className="hint">{t('problem.testsHint')}</p>
      <TestFiles form={form} onChange={onChange} />
      {form.tests.map((test, at) => (
        <div key={at} className="test-row">
          <Area label={t('problem.testInput', { index: at + 1 })} value={test.input} onText={(input) => change(at, { input })} />
          <Area label={t('problem.testOutput', { index: at + 1 })} value={test.output} onText={(output) => change(at, { output })} />
          <IconButton
            icon="cross"
            tone="quiet"
            label={t('problem.removeTest', { index: at + 1 })}
            disabled={form.tests.length <= 1}
            onPress={() => onChange({ tests: without(form.tests, at) })}
          />
        </div>
      ))}
      {error && (
        <p className="field-error" id="tests-error" role="alert">
          {error}
        </p>
      )}
      <Button small icon="plus" disabled={form.tests.length >= mostTests} onPress={() => onChange({ tests: [...form.tests, { input: '', output: '' }] })}>
        {t('problem.addTest')}
      </Button>
    </fieldset>
  )
}

/** Pairs of files become tests, behind those there are. */
function TestFiles({ form, onChange }: Pick<FieldsProps, 'form' | 'onChange'>) {
  const { t } = useTranslation()
  const [said, setSaid] = useState<{ readonly added: number; readonly alone: readonly string[]; readonly tooLarge: readonly string[] }>()
  const take = async (list: FileList | null) => {
    const files = [...(list ?? [])]
    const tooLarge = files.filter(({ size }) => size > longestFile).map(({ name }) => name)
    const texts = await Promise.all(files.filter(({ size }) => size <= longestFile).map(async (file) => ({ name: file.name, text: await file.text() })))
    const { tests, alone } = pairFiles(texts)
    const typed = form.tests.filter(({ input, output }) => input !== '' || output !== '')
    const added = tests.slice(0, mostTests - typed.length).map(({ input, output }) => ({ input, output }))
    if (added.length > 0) onChange({ tests: [...typed, ...added] })
    setSaid({ added: added.length, alone, tooLarge })
  }
  return (
    <>
      <Field label={t('problem.testFiles')} hint={t('problem.testFilesHint')}>
        {(control) => <input type="file" multiple className="input" {...control} onChange={(event) => void take(event.currentTarget.files)} />}
      </Field>
      {said && (
        <Note tone={said.alone.length + said.tooLarge.length === 0 ? 'good' : 'gold'} live>
          <p>{t('problem.testFilesAdded', { count: said.added })}</p>
          {said.alone.length > 0 && <p>{t('problem.testFilesAlone', { names: said.alone.join(', ') })}</p>}
          {said.tooLarge.length > 0 && <p>{t('problem.testFilesLarge', { names: said.tooLarge.join(', ') })}</p>}
        </Note>
      )}
    </>
  )
}
