import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { ProblemKind } from '#contracts/common'
import type { Problem } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { problemQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note, Shown } from '../../ui/states.tsx'
import { subjects } from '../../ui/subject.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ChoiceFields, NumericFields, ProgramFields } from './problem-fields.tsx'
import { emptyProblemForm, formOf, formProblems, newProblem, type ProblemForm, problemChange } from './problem-form.ts'
import { StatementField } from './statement-field.tsx'
import { TestList } from './test-list.tsx'

const kinds: readonly ProblemKind[] = ['choice', 'numeric', 'program']

export function NewProblemPage() {
  const { t } = useTranslation()
  usePageTitle(t('teach.newProblem'))
  const client = useQueryClient()
  const [, go] = useLocation()
  const [form, setForm] = useState<ProblemForm>(emptyProblemForm)
  const save = useAction({
    mutationFn: () => api.call('POST /api/problems', { body: newProblem(form) }),
    onSuccess: ({ problem }) => {
      toast(t('problem.saved'))
      void client.invalidateQueries({ queryKey: ['problems'] })
      go(`/teach/problems/${problem.id}`)
    },
  })
  return (
    <>
      <h1>{t('teach.newProblem')}</h1>
      <ProblemEditor form={form} setForm={setForm} isNew isBusy={save.isPending} error={save.error} canSave onSave={() => save.mutate()} />
    </>
  )
}

export function EditProblemPage({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const problem = useQuery({ ...problemQuery(id), refetchOnWindowFocus: false })
  usePageTitle(problem.data?.title)
  return (
    <Shown read={problem}>{(data) => (data.authoring ? <Editing key={data.version} problem={data} /> : <Note tone="bad">{t('problem.notYours')}</Note>)}</Shown>
  )
}

function Editing({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [before, setBefore] = useState(() => formOf(problem))
  const [form, setForm] = useState(before)
  const change = problemChange(before, form)
  const save = useAction({
    mutationFn: () => api.call('PATCH /api/problems/:id', { params: { id: problem.id }, body: change }),
    onSuccess: (answer) => {
      toast(t('problem.saved'))
      client.setQueryData(keys.problem(problem.id), answer.problem)
      void client.invalidateQueries({ queryKey: ['problems'] })
      const saved = formOf(answer.problem)
      setBefore(saved)
      setForm(saved)
    },
  })
  return (
    <>
      <div className="row row-between">
        <h1>{problem.title}</h1>
        <div className="row">
          <Link href={`/practice/${problem.id}`} className="button button-small">
            {t('problem.try')}
          </Link>
          <RemoveProblem problem={problem} />
        </div>
      </div>
      {problem.authoring && problem.authoring.usedIn.length > 0 && (
        <Note>
          <p>
            {t('problem.usedIn')} {problem.authoring.usedIn.map(({ title }) => title).join(', ')}
          </p>
        </Note>
      )}
      {problem.authoring?.warnings?.map((warning) => (
        <Note key={warning} tone="gold">
          <p>{warning}</p>
        </Note>
      ))}
      <ProblemEditor
        form={form}
        setForm={setForm}
        isNew={false}
        isBusy={save.isPending}
        error={save.error}
        canSave={Object.keys(change).length > 0}
        onSave={() => save.mutate()}
      />
      {problem.kind === 'program' && <TestList problem={problem} />}
    </>
  )
}

function RemoveProblem({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const [asks, setAsks] = useState(false)
  const remove = useAction({
    mutationFn: () => api.call('DELETE /api/problems/:id', { params: { id: problem.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['problems'] })
      go('/teach/problems')
    },
  })
  return (
    <>
      <Button small tone="danger" onPress={() => setAsks(true)}>
        {t('action.remove')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('problem.removeTitle')}
          confirm={t('action.remove')}
          danger
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('problem.removeWhy', { title: problem.title })}</p>
          <FormError error={remove.error} />
        </ConfirmDialog>
      )}
    </>
  )
}

type EditorProps = {
  readonly form: ProblemForm
  readonly setForm: (change: (before: ProblemForm) => ProblemForm) => void
  readonly isNew: boolean
  readonly isBusy: boolean
  readonly canSave: boolean
  readonly error: unknown
  readonly onSave: () => void
}

function ProblemEditor({ form, setForm, isNew, isBusy, canSave, error, onSave }: EditorProps) {
  const { t } = useTranslation()
  const [wasPressed, setPressed] = useState(false)
  const change = (part: Partial<ProblemForm>) => setForm((before) => ({ ...before, ...part }))
  const problems = formProblems(form)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (problems.length === 0) onSave()
  }
  return (
    <form className="card" onSubmit={onSubmit} noValidate>
      <div className="form-row">
        {isNew && (
          <SelectField
            label={t('problem.kind')}
            value={form.kind}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onPick={(kind) => change({ kind, ...(kind === 'program' && { subject: 'computer-science' as const }) })}
          />
        )}
        <TextField label={t('problem.title')} value={form.title} onText={(title) => change({ title })} maxLength={200} required />
        <SelectField
          label={t('problem.subject')}
          value={form.subject}
          options={subjects.map((value) => ({ value, label: t(`subject.${value}`) }))}
          onPick={(subject) => change({ subject })}
        />
        <TextField label={t('problem.tags')} hint={t('problem.tagsHint')} value={form.tags} onText={(tags) => change({ tags })} />
      </div>
      <StatementField label={t('problem.statement')} value={form.statement} onText={(statement) => change({ statement })} />
      {form.kind === 'choice' && <ChoiceFields form={form} onChange={change} />}
      {form.kind === 'numeric' && <NumericFields form={form} onChange={change} />}
      {form.kind === 'program' && <ProgramFields form={form} onChange={change} isNew={isNew} />}
      <CheckField label={t('problem.public')} checked={form.public} onCheck={(isPublic) => change({ public: isPublic })} />
      {wasPressed && problems.length > 0 && (
        <Note tone="bad" live>
          <ul className="plain-list">
            {problems.map((each) => (
              <li key={each}>{t(`problem.wrong.${each}`)}</li>
            ))}
          </ul>
        </Note>
      )}
      <FormError error={error} />
      <Button type="submit" tone="primary" busy={isBusy} disabled={!canSave}>
        {isNew ? t('problem.create') : t('problem.save')}
      </Button>
    </form>
  )
}
