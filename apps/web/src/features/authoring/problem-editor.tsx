import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { ProblemKind } from '#contracts/common'
import type { Problem } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { problemQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { lazyPart, withTexts } from '../../ui/lazy-page.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { Note, Shown } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ProblemActions } from './problem-actions.tsx'
import { ProblemEditor } from './problem-editor-form.tsx'
import { emptyProblemForm, formOf, newProblem, problemChange } from './problem-form.ts'
import { TestList } from './test-list.tsx'
import { TryAnswer } from './try-answer.tsx'
import { UnsavedNote } from './unsaved-note.tsx'
import { useKeptForm } from './use-kept-form.ts'

/** Verdicts have their words where submissions are shown. */
const VerificationReport = lazyPart(
  withTexts(() => import('./verification-report.tsx'), 'room'),
  'VerificationReport',
)

const kinds: readonly ProblemKind[] = ['choice', 'numeric', 'program']

export function NewProblemPage() {
  const { t } = useTranslation()
  usePageTitle(t('teach.newProblem'))
  const client = useQueryClient()
  const [, go] = useLocation()
  const kept = useKeptForm('problem.new', emptyProblemForm)
  const save = useAction({
    mutationFn: () => api.call('POST /api/problems', { body: newProblem(kept.form) }),
    onSuccess: ({ problem }) => {
      toast(t('problem.saved'))
      kept.settle(emptyProblemForm)
      void client.invalidateQueries({ queryKey: ['problems'] })
      go(`/teach/problems/${problem.id}`)
    },
  })
  return (
    <>
      <h1>{t('teach.newProblem')}</h1>
      <UnsavedNote kept={kept} />
      <ProblemEditor
        form={kept.form}
        setForm={kept.setForm}
        isNew
        kinds={kinds}
        isBusy={save.isPending}
        error={save.error}
        canSave
        save={t('problem.create')}
        onSave={() => save.mutate()}
      />
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
  const kept = useKeptForm(`problem.${problem.id}`, formOf(problem))
  const { form, before } = kept
  const change = problemChange(before, form)
  const save = useAction({
    mutationFn: () => api.call('PATCH /api/problems/:id', { params: { id: problem.id }, body: change }),
    onSuccess: (answer) => {
      toast(t('problem.saved'))
      kept.settle(formOf(answer.problem))
      client.setQueryData(keys.problem(problem.id), answer.problem)
      void client.invalidateQueries({ queryKey: ['problems'] })
    },
  })
  const isChanged = Object.keys(change).length > 0
  return (
    <>
      <div className="row row-between">
        <h1>{problem.title}</h1>
        <ProblemActions problem={problem} />
      </div>
      <AboutProblem problem={problem} />
      <UnsavedNote kept={{ ...kept, isDirty: isChanged }} />
      <ProblemEditor
        form={form}
        setForm={kept.setForm}
        isNew={false}
        kinds={kinds}
        isBusy={save.isPending}
        error={save.error}
        canSave={isChanged}
        save={t('problem.save')}
        onSave={() => save.mutate()}
      />
      <TryAnswer problem={problem} isChanged={isChanged} />
      {problem.kind === 'program' && <TestList problem={problem} />}
      {problem.authoring?.verification && (
        <Suspense>
          <VerificationReport problem={problem} />
        </Suspense>
      )}
    </>
  )
}

/** Where it is used, and what its import had to say. */
function AboutProblem({ problem: { authoring } }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  return (
    <>
      {authoring && authoring.usedIn.length > 0 && (
        <Note>
          <p>
            {t('problem.usedIn')} {authoring.usedIn.map(({ title }) => title).join(', ')}
          </p>
        </Note>
      )}
      {authoring?.warnings?.map((warning) => (
        <Note key={warning} tone="gold">
          <p>{warning}</p>
        </Note>
      ))}
    </>
  )
}
