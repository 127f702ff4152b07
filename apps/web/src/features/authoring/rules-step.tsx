import { useTranslation } from 'react-i18next'
import type { Detail, Feedback } from '#contracts/common'
import { CheckField, RadioField, SelectField, TextField } from '../../ui/field.tsx'
import { Closed } from './closed-field.tsx'
import type { StepProps } from './step-props.ts'

const feedbacks: readonly Feedback[] = ['now', 'after-end']
const details: readonly Detail[] = ['full', 'tests', 'verdict', 'none']

export function RulesStep({ form, change, hasStarted, wrong, mayBePremium }: StepProps & { readonly mayBePremium: boolean }) {
  const { t } = useTranslation()
  const isTimed = form.timing !== 'untimed'
  return (
    <>
      <Closed isClosed={hasStarted} error={wrong('feedback') ?? wrong('detail')}>
        <RadioField
          label={t('contestForm.feedback')}
          value={form.feedback}
          options={feedbacks.map((value) => ({ value, label: t(`contestForm.feedbackKind.${value}`), hint: t(`contestForm.feedbackHint.${value}`) }))}
          onPick={(feedback) => change({ feedback })}
        />
        <SelectField
          label={t('contestForm.detail')}
          value={form.detail}
          options={details.map((value) => ({ value, label: t(`contestForm.detailKind.${value}`) }))}
          onPick={(detail) => change({ detail })}
        />
      </Closed>
      <div className="form-row">
        {isTimed && (
          <TextField
            label={t('contestForm.freeze')}
            hint={t('contestForm.freezeHint')}
            error={wrong('freezeMinutes')}
            inputMode="numeric"
            value={form.freezeMinutes}
            onText={(freezeMinutes) => change({ freezeMinutes })}
          />
        )}
        {form.format === 'icpc' && (
          <TextField
            label={t('contestForm.penalty')}
            hint={t('contestForm.penaltyHint')}
            error={wrong('penaltyMinutes')}
            inputMode="numeric"
            value={form.penaltyMinutes}
            onText={(penaltyMinutes) => change({ penaltyMinutes })}
          />
        )}
      </div>
      <div className="field">
        <CheckField label={t('contestForm.premium')} checked={form.premium} disabled={!mayBePremium} onCheck={(premium) => change({ premium })} />
        <p className="hint">{t('contestForm.premiumHint')}</p>
        {wrong('premium') && (
          <p className="field-error" role="alert">
            {wrong('premium')}
          </p>
        )}
      </div>
    </>
  )
}
