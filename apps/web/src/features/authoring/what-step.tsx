import { useTranslation } from 'react-i18next'
import type { ContestFormat, Scoring } from '#contracts/common'
import { RadioField, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { subjects } from '../../ui/subject.tsx'
import { Closed } from './closed-field.tsx'
import type { StepProps } from './step-props.ts'

const formats: readonly ContestFormat[] = ['points', 'icpc', 'ioi']
const scorings: readonly Scoring[] = ['subtasks', 'best-run']

export function WhatStep({ form, change, hasStarted, wrong }: StepProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className="form-row">
        <TextField
          label={t('contestForm.title')}
          hint={t('contestForm.titleHint')}
          error={wrong('title')}
          value={form.title}
          onText={(title) => change({ title })}
          maxLength={200}
          required
        />
        <SelectField
          label={t('problem.subject')}
          value={form.subject}
          options={subjects.map((value) => ({ value, label: t(`subject.${value}`) }))}
          onPick={(subject) => change({ subject })}
        />
      </div>
      <TextAreaField
        label={t('contestForm.description')}
        hint={t('contestForm.descriptionHint')}
        value={form.description}
        maxLength={10_000}
        onText={(description) => change({ description })}
      />
      <Closed isClosed={hasStarted} error={wrong('format') ?? wrong('scoring')}>
        <RadioField
          label={t('contestForm.format')}
          value={form.format}
          options={formats.map((value) => ({ value, label: t(`format.${value}`), hint: t(`contestForm.formatHint.${value}`) }))}
          onPick={(format) => change({ format })}
        />
        {form.format === 'ioi' && (
          <SelectField
            label={t('contestForm.scoring')}
            value={form.scoring}
            options={scorings.map((value) => ({ value, label: t(`contestForm.scoringKind.${value}`) }))}
            onPick={(scoring) => change({ scoring })}
          />
        )}
      </Closed>
    </>
  )
}
