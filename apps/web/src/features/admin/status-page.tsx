import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Answer } from '../../lib/api-client.ts'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'

type Status = Answer<'GET /api/admin/status'>
type Readiness = Status['services'][string]

const look = { ok: { icon: 'check', tone: 'tone-good' }, degraded: { icon: 'alert', tone: 'tone-gold' }, down: { icon: 'cross', tone: 'tone-bad' } } as const

export function StatusPage() {
  const { t } = useTranslation()
  usePageTitle(t('admin.tab.status'))
  const status = useQuery({
    queryKey: ['admin-status'],
    queryFn: ({ signal }) => api.call('GET /api/admin/status', undefined, { signal }),
    refetchInterval: 5_000,
    staleTime: 0,
  })
  return (
    <>
      <h1>{t('admin.tab.status')}</h1>
      <Shown read={status}>
        {(data) => (
          <>
            <ul className="plain-list admin-grid">
              {Object.entries(data.services).map(([name, readiness]) => (
                <Service key={name} name={name} readiness={readiness} />
              ))}
            </ul>
            <Workers workers={data.workers} />
            <Queues queues={data.queues} />
          </>
        )}
      </Shown>
    </>
  )
}

function StateBadge({ state }: { readonly state: Readiness['status'] }) {
  const { t } = useTranslation()
  return (
    <span className={`badge ${look[state].tone}`}>
      <Icon name={look[state].icon} size={14} />
      {t(`admin.state.${state}`)}
    </span>
  )
}

/** In the order they are told in; what a newer service tells besides is not shown. */
const figureNames = ['connections', 'busy', 'waiting', 'unpublished', 'unjudged', 'oldestSeconds', 'oldestUnjudgedSeconds', 'open'] as const

function Service({ name, readiness }: { readonly name: string; readonly readiness: Readiness }) {
  const { t } = useTranslation()
  const told = (figures: Readonly<Record<string, number>>) =>
    figureNames.flatMap((each) => (figures[each] === undefined ? [] : [t(`admin.figure.${each}`, { value: figures[each] })])).join(' · ')
  return (
    <li className="card">
      <div className="row row-between">
        <h2 style={{ margin: 0 }}>{name}</h2>
        <StateBadge state={readiness.status} />
      </div>
      <ul className="plain-list small" style={{ marginTop: '0.6rem' }}>
        {Object.entries(readiness.checks).map(([check, { ok, detail, figures }]) => (
          <li key={check} className="row" style={{ gap: '0.4rem' }}>
            <Icon name={ok ? 'check' : 'cross'} size={14} />
            <span>{check}</span>
            {detail && <span className="muted">{detail}</span>}
            {figures && <span className="muted">{told(figures)}</span>}
          </li>
        ))}
      </ul>
    </li>
  )
}

function Workers({ workers }: { readonly workers: Status['workers'] }) {
  const { t, i18n } = useTranslation()
  return (
    <section className="card">
      <h2>{t('admin.workers')}</h2>
      {workers.length === 0 && <Empty icon="alert">{t('admin.noWorkers')}</Empty>}
      {workers.map((worker) => (
        <div key={worker.workerId} className="stack small">
          <div className="row">
            <StateBadge state={worker.sandbox ? 'ok' : 'degraded'} />
            <code>{worker.workerId.slice(-12)}</code>
            <span>{worker.sandbox ?? worker.reason}</span>
            {worker.slots !== undefined && <span>{t('admin.slots', { atWork: worker.atWork ?? 0, slots: worker.slots })}</span>}
            <span className="muted">{t('admin.heard', { when: formatMoment(worker.heardAt, i18n.language, clock.now()) })}</span>
          </div>
          <p className="muted">
            {Object.entries(worker.toolchains)
              .map(([language, version]) => `${language} ${version}`)
              .join(' · ')}
          </p>
        </div>
      ))}
    </section>
  )
}

function Queues({ queues }: { readonly queues: Status['queues'] }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <div className="row row-between">
        <h2>{t('admin.queues')}</h2>
        <Link href="/admin/dead-letters">{t('admin.tab.letters')}</Link>
      </div>
      <div className="table-wrap">
        <table className="table table-cards">
          <thead>
            <tr>
              <th scope="col">{t('admin.queue')}</th>
              <th scope="col">{t('admin.waiting')}</th>
              <th scope="col">{t('admin.leased')}</th>
              <th scope="col">{t('admin.dead')}</th>
              <th scope="col">{t('admin.oldest')}</th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <tr key={queue.queue}>
                <td>
                  <code>{queue.queue}</code>
                </td>
                <td data-label={t('admin.waiting')} className="number">
                  {queue.waiting}
                </td>
                <td data-label={t('admin.leased')} className="number">
                  {queue.leased}
                </td>
                <td data-label={t('admin.dead')} className="number">
                  {queue.dead}
                </td>
                <td data-label={t('admin.oldest')} className="number">
                  {queue.waiting > 0 ? t('admin.seconds', { count: Math.round(queue.oldestWaitingMs / 1000) }) : '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
