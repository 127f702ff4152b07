import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Answer } from '../../lib/api-client.ts'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Note, Shown } from '../../ui/states.tsx'
import { type Concern, concernsOf, type LaneReason, lanesOf } from './lanes.ts'

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
            <Concerns concerns={concernsOf(data)} />
            <Workers workers={data.workers} />
            <Lanes lanes={lanesOf(data)} />
            <h2>{t('admin.services')}</h2>
            <ul className="plain-list admin-grid">
              {Object.entries(data.services).map(([name, readiness]) => (
                <Service key={name} name={name} readiness={readiness} />
              ))}
            </ul>
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

/** First of all: does anything need somebody? */
function Concerns({ concerns }: { readonly concerns: readonly Concern[] }) {
  const { t } = useTranslation()
  if (concerns.length === 0)
    return (
      <Note tone="good" live>
        <p>{t('admin.allWell')}</p>
      </Note>
    )
  return (
    <Note tone="bad" live>
      <p>{t('admin.needsYou', { count: concerns.length })}</p>
      <ul className="concerns">
        {concerns.map((concern) => (
          <li key={JSON.stringify(concern)}>
            <ConcernText concern={concern} />
          </li>
        ))}
      </ul>
    </Note>
  )
}

function ConcernText({ concern }: { readonly concern: Concern }) {
  const { t } = useTranslation()
  switch (concern.what) {
    case 'check':
      return <>{t('admin.concern.check', { service: concern.service, check: concern.check, detail: concern.detail })}</>
    case 'noJudge':
      return <>{t('admin.noWorkers')}</>
    case 'noSandbox':
      return <>{t('admin.concern.noSandbox', { worker: concern.worker.slice(-12) })}</>
    case 'slow':
      return <>{t('admin.concern.slow', { queue: concern.queue, seconds: concern.seconds })}</>
    case 'dead':
      return <Link href="/admin/dead-letters">{t('admin.concern.dead', { count: concern.count })}</Link>
  }
}

/** In the order they are told in; what a newer service tells besides is not shown. */
const figureNames = ['connections', 'busy', 'waiting', 'unpublished', 'unjudged', 'oldestSeconds', 'oldestUnjudgedSeconds', 'open'] as const
/** Worth a word when there is any. */
const troubles: readonly string[] = ['waiting', 'unpublished', 'unjudged', 'oldestSeconds', 'oldestUnjudgedSeconds']

function Service({ name, readiness }: { readonly name: string; readonly readiness: Readiness }) {
  const { t } = useTranslation()
  const told = (figures: Readonly<Record<string, number>>) =>
    figureNames
      .flatMap((each) => {
        const value = figures[each]
        return value === undefined || (value === 0 && troubles.includes(each)) ? [] : [t(`admin.figure.${each}`, { value })]
      })
      .join(' · ')
  const checks = Object.entries(readiness.checks)
  return (
    <li className="card service">
      <div className="service-head">
        <h3>{name}</h3>
        <StateBadge state={readiness.status} />
      </div>
      {checks.length === 0 && <p className="small muted">{t('admin.noChecks')}</p>}
      <ul className="plain-list small">
        {checks.map(([check, { ok, detail, figures }]) => (
          <li key={check} className="service-check">
            <Icon name={ok ? 'check' : 'cross'} size={14} />
            <span className="sr-only">{t(`admin.state.${ok ? 'ok' : 'down'}`)}</span>
            <span>
              {check} <span className="muted">{[detail, figures && told(figures)].filter(Boolean).join(' · ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </li>
  )
}

const reasonIcon: Record<LaneReason, IconName> = { idle: 'check', atWork: 'bolt', soon: 'bolt', noJudge: 'alert', others: 'clock', full: 'clock' }

/** Who waits for the judge, and why. */
function Lanes({ lanes }: { readonly lanes: ReturnType<typeof lanesOf> }) {
  const { t } = useTranslation()
  return (
    <section className="card" aria-labelledby="lanes-title">
      <h2 id="lanes-title">{t('admin.lanes')}</h2>
      <p className="muted small">{t('admin.lanesLead')}</p>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t('admin.lane')}</th>
            <th scope="col">{t('admin.waiting')}</th>
            <th scope="col">{t('admin.leased')}</th>
            <th scope="col">{t('admin.oldest')}</th>
            <th scope="col">{t('admin.why')}</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(({ lane, waiting, leased, oldestMs, reason }) => (
            <tr key={lane}>
              <td>
                <strong>{t(`admin.laneName.${lane}`)}</strong>
              </td>
              <td data-label={t('admin.waiting')} className="number">
                {waiting}
              </td>
              <td data-label={t('admin.leased')} className="number">
                {leased}
              </td>
              <td data-label={t('admin.oldest')} className="number">
                {oldestMs > 0 ? t('admin.seconds', { count: Math.round(oldestMs / 1000) }) : '–'}
              </td>
              <td data-label={t('admin.why')}>
                <span className={reason === 'noJudge' ? 'lane-bad' : 'muted'}>
                  <Icon name={reasonIcon[reason]} size={14} /> {t(`admin.laneWhy.${reason}`)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Workers({ workers }: { readonly workers: Status['workers'] }) {
  const { t, i18n } = useTranslation()
  return (
    <section className="card" aria-labelledby="judges-title">
      <h2 id="judges-title">{t('admin.workers')}</h2>
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
    <details className="card">
      <summary>
        <h2>{t('admin.queues')}</h2>
      </summary>
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
    </details>
  )
}
