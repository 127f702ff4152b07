import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { ContestSummary } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { formatDateTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { PhaseBadge } from '../../ui/phase-badge.tsx'
import { PremiumBadge } from '../../ui/premium-badge.tsx'
import { Empty, FormError, Shown } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { type ContestState, contestStates, wantedContests } from './teach-lists.ts'

export function ContestListPage() {
  const { t } = useTranslation()
  usePageTitle(t('teach.tab.contests'))
  const [state, setState] = useState<ContestState>('all')
  const [text, setText] = useState('')
  const contests = useQuery({
    queryKey: [...keys.contests(), { mine: true }],
    queryFn: async ({ signal }) => (await api.call('GET /api/contests', { query: { mine: true, limit: 200 } }, { signal })).contests,
  })
  return (
    <>
      <div className="row row-between">
        <h1>{t('teach.tab.contests')}</h1>
        <Link href="/teach/contests/new" className="button button-primary">
          <Icon name="plus" />
          {t('teach.newContest')}
        </Link>
      </div>
      <Shown read={contests}>
        {(list) => {
          const own = list.filter(({ mayEdit }) => mayEdit)
          if (own.length === 0) return <Empty icon="flag">{t('teach.noContests')}</Empty>
          const found = wantedContests(own, state, text)
          return (
            <>
              <div className="form-row">
                <TextField label={t('action.search')} type="search" value={text} onText={setText} maxLength={100} />
                <SelectField
                  label={t('teach.state')}
                  value={state}
                  options={contestStates.map((value) => ({ value, label: t(`teach.contestState.${value}`) }))}
                  onPick={setState}
                />
              </div>
              <p className="hint" role="status">
                {t('teach.found', { count: found.length })}
              </p>
              <ul className="plain-list stack">
                {found.map((contest) => (
                  <ContestLine key={contest.id} contest={contest} />
                ))}
              </ul>
            </>
          )
        }}
      </Shown>
    </>
  )
}

function ContestLine({ contest }: { readonly contest: ContestSummary }) {
  const { t, i18n } = useTranslation()
  return (
    <li className="card row row-between contest-line">
      <div className="grow">
        <Link href={`/contests/${contest.id}`}>
          <strong>{contest.title}</strong>
        </Link>
        <div className="row small muted">
          <PhaseBadge phase={contest.phase} timing={contest.timing} />
          {contest.premium && <PremiumBadge />}
          {contest.archived && <span className="badge">{t('contest.archived')}</span>}
          {contest.startsAt && <span>{formatDateTime(contest.startsAt, i18n.language)}</span>}
          <span>{t('home.problems', { count: contest.problemCount })}</span>
          <span>{t('home.participants', { count: contest.participantCount })}</span>
        </div>
      </div>
      <ContestActions contest={contest} />
    </li>
  )
}

function ContestActions({ contest }: { readonly contest: ContestSummary }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const [asks, setAsks] = useState(false)
  const refresh = () => void client.invalidateQueries({ queryKey: keys.contests() })
  const copy = useAction({
    mutationFn: () => api.call('POST /api/contests/:id/copy', { params: { id: contest.id } }),
    onSuccess: (answer) => {
      refresh()
      go(`/teach/contests/${answer.contest.id}`)
    },
  })
  const remove = useAction({
    mutationFn: () => api.call('DELETE /api/contests/:id', { params: { id: contest.id } }),
    onSuccess: ({ removed }) => {
      setAsks(false)
      refresh()
      toast(t(`teach.contestRemoved.${removed}`))
    },
  })
  return (
    <div className="row">
      <FormError error={copy.error} />
      <Link href={`/contests/${contest.id}/monitor`} className="button button-small" aria-label={t('teach.watchContest', { title: contest.title })}>
        {t('teach.watch')}
      </Link>
      <Link href={`/teach/contests/${contest.id}`} className="button button-small" aria-label={t('teach.editContest', { title: contest.title })}>
        {t('action.edit')}
      </Link>
      <Button small busy={copy.isPending} label={t('teach.copyContest', { title: contest.title })} onPress={() => copy.mutate()}>
        {t('action.copy')}
      </Button>
      <Button small tone="danger" label={t('teach.removeContest', { title: contest.title })} onPress={() => setAsks(true)}>
        {t('action.remove')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('teach.removeContestTitle')}
          confirm={t('action.remove')}
          danger
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('teach.removeContestWhy', { title: contest.title })}</p>
          <FormError error={remove.error} />
        </ConfirmDialog>
      )}
    </div>
  )
}
