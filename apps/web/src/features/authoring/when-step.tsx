import { useTranslation } from 'react-i18next'
import type { Timing } from '#contracts/common'
import { clock } from '../../lib/arena.ts'
import { timeZoneName } from '../../lib/format.ts'
import { RadioField, TextField } from '../../ui/field.tsx'
import { Closed } from './closed-field.tsx'
import { quickTimes, timesOf } from './quick-times.ts'
import type { StepProps } from './step-props.ts'

const timings: readonly Timing[] = ['window', 'personal', 'untimed']

export function WhenStep({ form, change, hasStarted, wrong }: StepProps) {
  const { t } = useTranslation()
  const isTimed = form.timing !== 'untimed'
  return (
    <>
      <Closed isClosed={hasStarted} error={wrong('timing')}>
        <RadioField
          label={t('contestForm.timing')}
          value={form.timing}
          options={timings.map((value) => ({ value, label: t(`timing.${value}`), hint: t(`contestForm.timingHint.${value}`) }))}
          onPick={(timing) => change({ timing })}
        />
      </Closed>
      {isTimed && !hasStarted && (
        <fieldset>
          <legend>{t('contestForm.quick')}</legend>
          <div className="row">
            {quickTimes.map((quick) => (
              <button key={quick} type="button" className="button button-small" onClick={() => change(timesOf(quick, clock.now()))}>
                {t(`contestForm.quickTime.${quick}`)}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      {isTimed && (
        <>
          <div className="form-row">
            <TextField
              label={t('contestForm.startsAt')}
              hint={hasStarted ? t('contestForm.closed') : undefined}
              error={wrong('startsAt')}
              type="datetime-local"
              value={form.startsAt}
              disabled={hasStarted}
              onText={(startsAt) => change({ startsAt })}
            />
            <TextField
              label={t('contestForm.endsAt')}
              hint={hasStarted ? t('contestForm.onlyLater') : undefined}
              error={wrong('endsAt')}
              type="datetime-local"
              value={form.endsAt}
              onText={(endsAt) => change({ endsAt })}
            />
            {form.timing === 'personal' && (
              <TextField
                label={t('contestForm.duration')}
                hint={hasStarted ? t('contestForm.onlyMore') : t('contestForm.durationHint')}
                error={wrong('durationMinutes')}
                inputMode="numeric"
                value={form.durationMinutes}
                onText={(durationMinutes) => change({ durationMinutes })}
              />
            )}
          </div>
          <p className="hint">{t('contestForm.zone', { zone: timeZoneName() })}</p>
        </>
      )}
    </>
  )
}
