import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Contest } from '#contracts/contest'
import { api, clock } from '../../lib/arena.ts'
import { contestQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { Note, Shown } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { contestChange, contestFormOf, emptyContestForm, newContest } from './contest-form.ts'
import { ContestWizard } from './contest-wizard.tsx'
import { UnsavedNote } from './unsaved-note.tsx'
import { useKeptForm } from './use-kept-form.ts'

export function NewContestPage() {
  const { t } = useTranslation()
  usePageTitle(t('teach.newContest'))
  const client = useQueryClient()
  const [, go] = useLocation()
  const kept = useKeptForm('contest.new', emptyContestForm(clock.now()))
  const save = useAction({
    mutationFn: () => api.call('POST /api/contests', { body: newContest(kept.form) }),
    onSuccess: ({ contest }) => {
      toast(t('contestForm.saved'))
      kept.settle(emptyContestForm(clock.now()))
      void client.invalidateQueries({ queryKey: keys.contests() })
      go(`/contests/${contest.id}`)
    },
  })
  return (
    <>
      <h1>{t('teach.newContest')}</h1>
      <UnsavedNote kept={{ ...kept, isDirty: kept.isDirty && kept.wasRestored }} />
      <ContestWizard
        form={kept.form}
        setForm={kept.setForm}
        isNew
        hasStarted={false}
        mayBePremium
        isBusy={save.isPending}
        canSave
        error={save.error}
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
  const kept = useKeptForm(`contest.${contest.id}`, contestFormOf(contest))
  const change = contestChange(kept.before, kept.form)
  const isChanged = Object.keys(change).length > 0
  const save = useAction({
    mutationFn: () => api.call('PATCH /api/contests/:id', { params: { id: contest.id }, body: change }),
    onSuccess: (answer) => {
      toast(t('contestForm.saved'))
      kept.settle(contestFormOf(answer.contest))
      client.setQueryData(keys.contest(contest.id), answer.contest)
      void client.invalidateQueries({ queryKey: keys.contests() })
    },
  })
  const hasStarted = contest.phase !== 'scheduled' && contest.timing !== 'untimed'
  return (
    <>
      <div className="row row-between">
        <h1>{contest.title}</h1>
        <div className="row">
          <Link href={`/contests/${contest.id}/monitor`} className="button button-small">
            {t('contestForm.watch')}
          </Link>
          <Link href={`/contests/${contest.id}`} className="button button-small">
            {t('contestForm.open')}
          </Link>
        </div>
      </div>
      {hasStarted && (
        <Note>
          <p>{t('contestForm.hasStarted')}</p>
        </Note>
      )}
      <NotVerified contest={contest} />
      <UnsavedNote kept={{ ...kept, isDirty: isChanged }} />
      <ContestWizard
        form={kept.form}
        setForm={kept.setForm}
        isNew={false}
        hasStarted={hasStarted}
        mayBePremium={!hasStarted || kept.before.premium}
        isBusy={save.isPending}
        canSave={isChanged}
        error={save.error}
        onSave={() => save.mutate()}
      />
    </>
  )
}

/** Problems whose own solutions have not got what their package says, in the version they are judged by here. It stops nothing. */
function NotVerified({ contest: { problems = [] } }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  const doubtful = problems.filter(({ verification }) => verification !== undefined && verification !== 'verified')
  if (doubtful.length === 0) return null
  return (
    <Note tone="gold">
      <p>{t('contestForm.notVerified', { count: doubtful.length })}</p>
      <ul>
        {doubtful.map(({ problemId, label, title }) => (
          <li key={problemId}>
            <Link href={`/teach/problems/${problemId}`}>
              {label} · {title}
            </Link>
          </li>
        ))}
      </ul>
    </Note>
  )
}
