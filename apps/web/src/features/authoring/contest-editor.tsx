import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { ContestFormat, Feedback, Timing } from '#contracts/common'
import type { Contest } from '#contracts/contest'
import { api, clock } from '../../lib/arena.ts'
import { timeZoneName } from '../../lib/format.ts'
import { contestQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { CheckField, Field, SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note, Shown } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'
import { toast } from '../../ui/toasts.tsx'
import { type ContestForm, contestChange, contestFormOf, contestFormProblems, emptyContestForm, newContest } from './contest-form.ts'
import { ProblemPicker } from './problem-picker.tsx'

export function NewContestPage() {
  const { t } = useTranslation()
  usePageTitle(t('teach.newContest'))
  const client = useQueryClient()
  const [, go] = useLocation()
  const [form, setForm] = useState<ContestForm>(() => emptyContestForm(clock.now()))
  const save = useAction({
    mutationFn: () => api.call('POST /api/contests', { body: newContest(form) }),
    onSuccess: ({ contest }) => {
      toast(t('contestForm.saved'))
      void client.invalidateQueries({ queryKey: keys.contests() })
      go(`/contests/${contest.id}`)
    },
  })
  return (
    <>
      <h1>{t('teach.newContest')}</h1>
      <ContestEditor
        form={form}
        setForm={setForm}
        hasStarted={false}
        mayBePremium
        isBusy={save.isPending}
        canSave
        error={save.error}
        save={t('contestForm.create')}
        onSave={() => save.mutate()}
      />
    </>
  )
}

export function EditContestPage({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const contest = useQuery({ ...contestQuery(id), refetchOnWindowFocus: false })
  usePageTitle(contest.data?.title)
  return <Shown read={contest}>{(data) => (data.mayEdit ? <Editing contest={data} /> : <Note tone="bad">{t('contestForm.notYours')}</Note>)}</Shown>
}

function Editing({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [before, setBefore] = useState(() => contestFormOf(contest))
  const [form, setForm] = useState(before)
  const change = contestChange(before, form)
  const save = useAction({
    mutationFn: () => api.call('PATCH /api/contests/:id', { params: { id: contest.id }, body: change }),
    onSuccess: (answer) => {
      toast(t('contestForm.saved'))
      client.setQueryData(keys.contest(contest.id), answer.contest)
      void client.invalidateQueries({ queryKey: keys.contests() })
      const saved = contestFormOf(answer.contest)
      setBefore(saved)
      setForm(saved)
    },
  })
  const hasStarted = contest.phase !== 'scheduled' && contest.timing !== 'untimed'
  return (
    <>
      <div className="row row-between">
        <h1>{contest.title}</h1>
        <Link href={`/contests/${contest.id}`} className="button button-small">
          {t('contestForm.open')}
        </Link>
      </div>
      {hasStarted && (
        <Note>
          <p>{t('contestForm.hasStarted')}</p>
        </Note>
      )}
      <ContestEditor
        form={form}
        setForm={setForm}
        hasStarted={hasStarted}
        mayBePremium={!hasStarted || before.premium}
        isBusy={save.isPending}
        canSave={Object.keys(change).length > 0}
        error={save.error}
        save={t('contestForm.save')}
        onSave={() => save.mutate()}
      />
    </>
  )
}

type EditorProps = {
  readonly form: ContestForm
  readonly setForm: (change: (before: ContestForm) => ContestForm) => void
  readonly hasStarted: boolean
  /** A contest that has started without being premium stays so. */
  readonly mayBePremium: boolean
  readonly isBusy: boolean
  readonly canSave: boolean
  readonly error: unknown
  readonly save: string
  readonly onSave: () => void
}

function ContestEditor({ form, setForm, hasStarted, mayBePremium, isBusy, canSave, error, save, onSave }: EditorProps) {
  const { t } = useTranslation()
  const [wasPressed, setPressed] = useState(false)
  const change = (part: Partial<ContestForm>) => setForm((before) => ({ ...before, ...part }))
  const problems = contestFormProblems(form, hasStarted ? undefined : clock.now())
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (problems.length === 0) onSave()
  }
  return (
    <form className="card" onSubmit={onSubmit} noValidate>
      <div className="form-row">
        <TextField label={t('contestForm.title')} value={form.title} onText={(title) => change({ title })} maxLength={200} required />
        <SelectField
          label={t('problem.subject')}
          value={form.subject}
          options={subjects.map((value) => ({ value, label: t(`subject.${value}`) }))}
          onPick={(subject) => change({ subject })}
        />
      </div>
      <Field label={t('contestForm.description')} hint={t('contestForm.descriptionHint')}>
        {(control) => (
          <textarea
            className="input"
            rows={4}
            maxLength={10_000}
            value={form.description}
            {...control}
            onChange={(event) => change({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      <Times form={form} change={change} hasStarted={hasStarted} />
      <RulesFields form={form} change={change} hasStarted={hasStarted} />
      <div className="field">
        <CheckField label={t('contestForm.premium')} checked={form.premium} disabled={!mayBePremium} onCheck={(premium) => change({ premium })} />
        <p className="hint">{t('contestForm.premiumHint')}</p>
      </div>
      <ProblemPicker picked={form.problems} onChange={(picked) => change({ problems: picked })} />
      {wasPressed && problems.length > 0 && (
        <Note tone="bad" live>
          <ul className="plain-list">
            {problems.map((each) => (
              <li key={each}>{t(`contestForm.wrong.${each}`)}</li>
            ))}
          </ul>
        </Note>
      )}
      <FormError error={error} />
      <Button type="submit" tone="primary" busy={isBusy} disabled={!canSave}>
        {save}
      </Button>
    </form>
  )
}

const timings: readonly Timing[] = ['window', 'personal', 'untimed']
const formats: readonly ContestFormat[] = ['points', 'icpc']
const feedbacks: readonly Feedback[] = ['now', 'after-end']
type PartProps = { readonly form: ContestForm; readonly change: (part: Partial<ContestForm>) => void; readonly hasStarted: boolean }

function Times({ form, change, hasStarted }: PartProps) {
  const { t } = useTranslation()
  const zone = t('contestForm.zone', { zone: timeZoneName() })
  return (
    <div className="form-row">
      <SelectField
        label={t('contestForm.timing')}
        value={form.timing}
        disabled={hasStarted}
        options={timings.map((value) => ({ value, label: t(`timing.${value}`) }))}
        onPick={(timing) => change({ timing })}
      />
      {form.timing !== 'untimed' && (
        <>
          <TextField
            label={t('contestForm.startsAt')}
            hint={zone}
            type="datetime-local"
            value={form.startsAt}
            disabled={hasStarted}
            onText={(startsAt) => change({ startsAt })}
          />
          <TextField label={t('contestForm.endsAt')} hint={zone} type="datetime-local" value={form.endsAt} onText={(endsAt) => change({ endsAt })} />
        </>
      )}
      {form.timing === 'personal' && (
        <TextField
          label={t('contestForm.duration')}
          hint={t('contestForm.durationHint')}
          inputMode="numeric"
          value={form.durationMinutes}
          onText={(durationMinutes) => change({ durationMinutes })}
        />
      )}
    </div>
  )
}

function RulesFields({ form, change, hasStarted }: PartProps) {
  const { t } = useTranslation()
  return (
    <div className="form-row">
      <SelectField
        label={t('contestForm.format')}
        hint={t(`contestForm.formatHint.${form.format}`)}
        value={form.format}
        disabled={hasStarted}
        options={formats.map((value) => ({ value, label: t(`format.${value}`) }))}
        onPick={(format) => change({ format })}
      />
      <SelectField
        label={t('contestForm.feedback')}
        value={form.feedback}
        options={feedbacks.map((value) => ({ value, label: t(`contestForm.feedbackKind.${value}`) }))}
        onPick={(feedback) => change({ feedback })}
      />
      {form.timing !== 'untimed' && (
        <TextField
          label={t('contestForm.freeze')}
          hint={t('contestForm.freezeHint')}
          inputMode="numeric"
          value={form.freezeMinutes}
          onText={(freezeMinutes) => change({ freezeMinutes })}
        />
      )}
      {form.format === 'icpc' && (
        <TextField
          label={t('contestForm.penalty')}
          hint={t('contestForm.penaltyHint')}
          inputMode="numeric"
          value={form.penaltyMinutes}
          onText={(penaltyMinutes) => change({ penaltyMinutes })}
        />
      )}
    </div>
  )
}
