import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import type { Monitor } from '#contracts/submission'
import { api } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useNow } from '../../lib/use-now.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Note, Shown } from '../../ui/states.tsx'
import { countByStatus, type LessonFilter, type LessonRow, lessonRows, type Names, type Patience, type Presence, shownRows, usualPatience } from './lesson.ts'
import { LessonProblems } from './lesson-problems.tsx'
import { LessonTable } from './lesson-table.tsx'
import { ResultsDownload } from './results-download.tsx'
import './staff.css'

/** A lesson waits for nobody: every few seconds, and in a hidden tab not at all. */
const everyMs = 5_000

function useLesson(contest: Contest) {
  const monitor = useQuery({
    queryKey: ['monitor', contest.id],
    queryFn: ({ signal }) => api.call('GET /api/submissions/monitor/:contestId', { params: { contestId: contest.id } }, { signal }),
    refetchInterval: everyMs,
  })
  const presence = useQuery<Presence>({
    queryKey: ['presence', contest.id],
    queryFn: async ({ signal }) => {
      const { people } = await api.call('GET /api/notifications/presence/:contestId', { params: { contestId: contest.id } }, { signal })
      return new Map(people.map(({ userId, here, seenAt }) => [userId, { here, seenAt }]))
    },
    refetchInterval: 2 * everyMs,
  })
  const names = useQuery<Names>({
    queryKey: keys.board(contest.id, { names: true }),
    queryFn: async ({ signal }) => {
      const board = await api.call('GET /api/leaderboard/:contestId', { params: { contestId: contest.id }, query: { top: 10_000, unfrozen: true } }, { signal })
      return new Map(board.rows.map(({ userId, name, school }) => [userId, { name, school }]))
    },
    // the board hears of somebody who joins a moment after the monitor does
    refetchInterval: ({ state }) => (monitor.data?.participants.some(({ userId }) => !state.data?.has(userId)) ? everyMs : 6 * everyMs),
  })
  return { monitor, presence, names }
}

/** Who is stuck, who is absent, what is answered wrongly: for the staff of the contest, while it goes. */
export function MonitorPage({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  usePageTitle(`${t('monitor.title')}: ${contest.title}`)
  const { monitor, presence, names } = useLesson(contest)
  return (
    <section aria-labelledby="monitor-title">
      <div className="row row-between">
        <h2 id="monitor-title">{t('monitor.title')}</h2>
        <ResultsDownload contest={contest} />
      </div>
      {presence.isError && !presence.data && (
        <Note tone="gold">
          <p>{t('monitor.presenceUnknown')}</p>
        </Note>
      )}
      {monitor.isError && monitor.data && (
        <Note tone="gold" live>
          <p>{t('monitor.stale')}</p>
        </Note>
      )}
      <Shown read={monitor} lines={8}>
        {(data) => <Lesson contest={contest} monitor={data} presence={presence.data} names={names.data ?? new Map()} />}
      </Shown>
    </section>
  )
}

type LessonProps = { readonly contest: Contest; readonly monitor: Monitor; readonly presence: Presence | undefined; readonly names: Names }

function Lesson({ contest, monitor, presence, names }: LessonProps) {
  const { t, i18n } = useTranslation()
  const nowMs = useNow(everyMs)
  const [filter, setFilter] = useState<LessonFilter>('all')
  const [query, setQuery] = useState('')
  const [patience, setPatience] = useState<Patience>(usualPatience)
  const rows = lessonRows({ monitor, presence, names, patience, nowMs, isOver: contest.phase === 'ended' })
  if (rows.length === 0) return <Empty icon="people">{t('monitor.nobody')}</Empty>
  return (
    <>
      <Tiles rows={rows} monitor={monitor} filter={filter} onFilter={setFilter} />
      {monitor.total > rows.length && (
        <Note>
          <p>{t('monitor.cut', { shown: rows.length, total: monitor.total })}</p>
        </Note>
      )}
      <div className="form-row">
        <TextField label={t('monitor.find')} type="search" value={query} onText={setQuery} maxLength={100} />
        <SelectField
          label={t('monitor.stuckAfterTries')}
          value={String(patience.tries)}
          options={['2', '3', '5', '10'].map((value) => ({ value, label: t('monitor.tries', { count: Number(value) }) }))}
          onPick={(tries) => setPatience({ ...patience, tries: Number(tries) })}
        />
        <SelectField
          label={t('monitor.slowAfterMinutes')}
          value={String(patience.minutes)}
          options={['5', '10', '15', '30', '60'].map((value) => ({ value, label: t('monitor.minutes', { count: Number(value) }) }))}
          onPick={(minutes) => setPatience({ ...patience, minutes: Number(minutes) })}
        />
      </div>
      <LessonTable contestId={contest.id} monitor={monitor} rows={shownRows(rows, filter, query)} nowMs={nowMs} />
      <p className="hint">{t('monitor.howHere')}</p>
      <LessonProblems contest={contest} monitor={monitor} />
      <p className="hint">{t('monitor.asOf', { time: formatMoment(monitor.serverNow, i18n.language, nowMs) })}</p>
    </>
  )
}

type TilesProps = {
  readonly rows: readonly LessonRow[]
  readonly monitor: Monitor
  readonly filter: LessonFilter
  readonly onFilter: (filter: LessonFilter) => void
}
const statuses = ['stuck', 'absent', 'slow', 'working', 'done'] as const

/** Numbers to be seen from the other side of the room; a press shows whom they count. */
function Tiles({ rows, monitor, filter, onFilter }: TilesProps) {
  const { t } = useTranslation()
  const counts = countByStatus(rows)
  return (
    <fieldset className="lesson-tiles">
      <legend className="sr-only">{t('monitor.show')}</legend>
      <button type="button" aria-pressed={filter === 'all'} onClick={() => onFilter('all')}>
        <strong className="number">{rows.length}</strong>
        <span>{t('monitor.status.all')}</span>
      </button>
      {statuses.map((status) => (
        <button
          key={status}
          type="button"
          className={`tile-${status}`}
          aria-pressed={filter === status}
          onClick={() => onFilter(filter === status ? 'all' : status)}
        >
          <strong className="number">{counts[status]}</strong>
          <span>{t(`monitor.status.${status}`)}</span>
        </button>
      ))}
      <p className="lesson-waiting">
        <strong className="number">{monitor.waiting.count}</strong>
        <span>{t('monitor.waiting')}</span>
      </p>
    </fieldset>
  )
}
