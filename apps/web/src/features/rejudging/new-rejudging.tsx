import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { timeZoneName } from '../../lib/format.ts'
import { languagesQuery } from '../../lib/queries.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { CheckField, RadioField, SelectField, TextAreaField, TextField } from '../../ui/field.tsx'
import { FormError } from '../../ui/states.tsx'
import { namesQuery, rejudgingKeys } from './reads.ts'
import { emptyForm, formFaults, newRejudging, outcomes, type RejudgingForm, type Scope, toggled } from './rejudging-form.ts'

type Props = {
  readonly scope: Scope
  readonly contest: Contest | undefined
  /** What is known before anything is chosen. */
  readonly given: Partial<RejudgingForm>
  readonly onMade: (id: string) => void
  readonly onCancel: () => void
}

/** Which submissions, why and by which tests. Nothing of it is seen by pupils, so nothing is asked twice. */
export function NewRejudging({ scope, contest, given, onMade, onCancel }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [form, setForm] = useState<RejudgingForm>({ ...emptyForm, ...given })
  const [wasSent, setSent] = useState(false)
  const change = (part: Partial<RejudgingForm>) => setForm((before) => ({ ...before, ...part }))
  const faults = formFaults(form)
  const wrong = (fault: (typeof faults)[number]) => (wasSent && faults.includes(fault) ? t(`rejudging.wrong.${fault}`) : undefined)
  const make = useAction({
    mutationFn: () => api.call('POST /api/rejudgings', { body: newRejudging(scope, form) }),
    onSuccess: ({ rejudging }) => {
      client.setQueryData(rejudgingKeys.one(rejudging.id), rejudging)
      void client.invalidateQueries({ queryKey: rejudgingKeys.all })
      onMade(rejudging.id)
    },
  })
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const send = (event: FormEvent) => {
    event.preventDefault()
    setSent(true)
    if (faults.length === 0) make.mutate()
  }
  return (
    <form className="card" onSubmit={send} noValidate aria-labelledby="new-rejudging">
      <h3 id="new-rejudging" ref={heading} tabIndex={-1}>
        {t('rejudging.new')}
      </h3>
      <p className="hint rejudging-lead">{t('rejudging.aside')}</p>
      {contest && <ContestCriteria contest={contest} form={form} change={change} />}
      <Ticks form={form} change={change} />
      <div className="form-row">
        <TextField label={t('rejudging.from')} type="datetime-local" value={form.from} onText={(from) => change({ from })} />
        <TextField
          label={t('rejudging.to')}
          type="datetime-local"
          hint={t('rejudging.zone', { zone: timeZoneName() })}
          error={wrong('spanBad')}
          value={form.to}
          onText={(to) => change({ to })}
        />
      </div>
      <RadioField
        label={t('rejudging.version')}
        value={form.version}
        options={(['current', 'same'] as const).map((value) => ({
          value,
          label: t(`rejudging.versionKind.${value}`),
          hint: t(`rejudging.versionHint.${value}`),
        }))}
        onPick={(version) => change({ version })}
      />
      <TextAreaField
        label={t('rejudging.reason')}
        hint={t('rejudging.reasonHint')}
        error={wrong('reasonMissing')}
        rows={2}
        maxLength={500}
        value={form.reason}
        onText={(reason) => change({ reason })}
      />
      <FormError error={make.error} />
      <div className="row">
        <Button type="submit" tone="primary" busy={make.isPending}>
          {t('rejudging.begin')}
        </Button>
        <Button onPress={onCancel}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}

type PartProps = { readonly form: RejudgingForm; readonly change: (part: Partial<RejudgingForm>) => void }

function ContestCriteria({ contest, form, change }: PartProps & { readonly contest: Contest }) {
  const { t } = useTranslation()
  const names = useQuery(namesQuery(contest.id))
  const people = [...(names.data ?? [])].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))
  return (
    <div className="form-row">
      <SelectField
        label={t('submission.problem')}
        value={form.problemId}
        options={[
          { value: '', label: t('staff.allProblems') },
          ...(contest.problems ?? []).map(({ problemId, label, title }) => ({ value: problemId, label: `${label}. ${title}` })),
        ]}
        onPick={(problemId) => change({ problemId })}
      />
      <SelectField
        label={t('rejudging.participant')}
        value={form.userId}
        options={[{ value: '', label: t('rejudging.everybody') }, ...people]}
        onPick={(userId) => change({ userId })}
      />
    </div>
  )
}

function Ticks({ form, change }: PartProps) {
  const { t } = useTranslation()
  const languages = useQuery(languagesQuery)
  return (
    <>
      <fieldset>
        <legend>{t('rejudging.verdicts')}</legend>
        <div className="rejudging-ticks">
          {outcomes.map((outcome) => (
            <CheckField
              key={outcome}
              label={outcome === 'fault' ? t('status.fault') : t(`verdict.${outcome}`)}
              checked={form.verdicts.includes(outcome)}
              onCheck={() => change({ verdicts: toggled(form.verdicts, outcome) })}
            />
          ))}
        </div>
        <p className="hint">{t('rejudging.noneIsAll')}</p>
      </fieldset>
      {languages.data && (
        <fieldset>
          <legend>{t('rejudging.languages')}</legend>
          <div className="rejudging-ticks">
            {languages.data.languages.map(({ id, name }) => (
              <CheckField key={id} label={name} checked={form.languages.includes(id)} onCheck={() => change({ languages: toggled(form.languages, id) })} />
            ))}
          </div>
          <p className="hint">{t('rejudging.noneIsAll')}</p>
        </fieldset>
      )}
    </>
  )
}
