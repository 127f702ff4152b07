import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Contest } from '#contracts/contest'
import type { Rejudging } from '#contracts/rejudging'
import { clock } from '../../lib/arena.ts'
import { formatMoment, formatNumber } from '../../lib/format.ts'
import { Note, Shown } from '../../ui/states.tsx'
import { ChangedSubmissions } from './changed-submissions.tsx'
import { EndRejudging } from './end-rejudging.tsx'
import { MovedRows } from './moved-rows.tsx'
import { changesQuery, mostChanges, namesQuery, rejudgingQuery } from './reads.ts'
import { RejudgingStateBadge } from './state-badge.tsx'
import { VerdictMatrixTable } from './verdict-matrix-table.tsx'

type Props = { readonly id: string; readonly contest: Contest | undefined; readonly base: string }

/** One set: how far it is, what it would change, and letting it count or not. */
export function RejudgingView({ id, contest, base }: Props) {
  const { t } = useTranslation()
  const read = useQuery(rejudgingQuery(id))
  return (
    <>
      <p>
        <Link href={base}>{t('rejudging.back')}</Link>
      </p>
      <Shown read={read} lines={6}>
        {(rejudging) => <Loaded rejudging={rejudging} contest={contest} />}
      </Shown>
    </>
  )
}

function Loaded({ rejudging, contest }: { readonly rejudging: Rejudging; readonly contest: Contest | undefined }) {
  const { t, i18n } = useTranslation()
  const { state, changed, filter } = rejudging
  return (
    <>
      <header className="card stack">
        <div className="row row-between">
          <h2 className="rejudging-title">{rejudging.reason}</h2>
          <RejudgingStateBadge state={state} />
        </div>
        <p className="muted small">
          {t('rejudging.madeAt', { time: formatMoment(rejudging.madeAt, i18n.language, clock.now()) })} · {t(`rejudging.versionKind.${rejudging.version}`)}
        </p>
        <Progress rejudging={rejudging} />
        <div role="status">{state === 'judging' ? <p>{t('rejudging.judgingNow')}</p> : <Outcome rejudging={rejudging} />}</div>
        <EndRejudging rejudging={rejudging} />
      </header>
      {(state === 'ready' || state === 'applied') && changed > 0 && <Changes rejudging={rejudging} contest={contest} />}
      {state === 'ready' && changed > 0 && filter.contestId !== undefined && (
        <MovedRows rejudgingId={rejudging.id} contestId={filter.contestId} hasPenalty={contest?.format === 'icpc'} />
      )}
    </>
  )
}

function Progress({ rejudging: { judged, faults, total, state } }: { readonly rejudging: Rejudging }) {
  const { t, i18n } = useTranslation()
  const done = judged + faults
  const number = (count: number) => formatNumber(count, i18n.language)
  return (
    <div>
      {state === 'judging' && <progress className="rejudging-progress" max={Math.max(1, total)} value={done} aria-label={t('rejudging.judgedTitle')} />}
      <p className="number">
        {t('rejudging.progress', { done: number(done), total: number(total) })}
        {faults > 0 && ` ${t('rejudging.faults', { count: faults })}`}
      </p>
    </div>
  )
}

function Outcome({ rejudging: { state, changed } }: { readonly rejudging: Rejudging }) {
  const { t } = useTranslation()
  if (state === 'discarded') return <p>{t('rejudging.wasDiscarded')}</p>
  if (state === 'applied') return <p>{t('rejudging.wasApplied', { count: changed })}</p>
  return <p>{changed === 0 ? t('rejudging.sameAsBefore') : t('rejudging.wouldChange', { count: changed })}</p>
}

function Changes({ rejudging, contest }: { readonly rejudging: Rejudging; readonly contest: Contest | undefined }) {
  const { t } = useTranslation()
  const { contestId } = rejudging.filter
  const changes = useQuery(changesQuery(rejudging.id))
  const names = useQuery({ ...namesQuery(contestId ?? ''), enabled: contestId !== undefined })
  return (
    <section aria-labelledby="rejudging-changes">
      <h3 id="rejudging-changes">{t('rejudging.changes')}</h3>
      <Shown read={changes} lines={4}>
        {(found) => (
          <>
            <VerdictMatrixTable changes={found} />
            {found.length >= mostChanges && (
              <Note>
                <p>{t('rejudging.changesCut', { count: found.length })}</p>
              </Note>
            )}
            <ChangedSubmissions
              changes={found}
              contest={contest}
              nameOf={(userId) => names.data?.get(userId) ?? <code title={userId}>{userId.slice(-8)}</code>}
            />
          </>
        )}
      </Shown>
    </section>
  )
}
