import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useSearch } from 'wouter'
import type { Board, BoardRow } from '#contracts/leaderboard'
import { api, storage } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useOnline } from '../../lib/use-online.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { lazyPart } from '../../ui/lazy-page.ts'
import { Empty, Failure, Loading, Note, Shown } from '../../ui/states.tsx'
import { BoardFilter } from './board-filter.tsx'
import { BoardStatus } from './board-status.tsx'
import { BoardTable } from './board-table.tsx'
import { type Filter, filterIn, isFiltering, schoolsOf, searchWith } from './find-rows.ts'
import { starsIn, toggleStar } from './stars.ts'
import { useBoardRows, useOwnRow } from './use-board-rows.ts'
import { useLiveBoard } from './use-live-board.ts'
import type { Range } from './visible-rows.ts'
import './board.css'

const HistoryChart = lazyPart(() => import('./history-chart.tsx'), 'HistoryChart')

type Props = { readonly contestId: string; readonly mayEdit: boolean }

export function BoardView({ contestId, mayEdit }: Props) {
  const { t } = useTranslation()
  const [unfrozen, setUnfrozen] = useState(false)
  const [hasChart, setHasChart] = useState(false)
  const { read, board, isLive, updatedAt } = useLiveBoard(contestId, unfrozen)
  const isOnline = useOnline()
  return (
    <section aria-label={t('board.title')} className="board-section">
      <div className="row board-bar">
        <BoardStatus isLive={isLive} isOnline={isOnline} updatedAt={updatedAt} />
        <span className="grow" />
        <Button small icon="flag" expanded={hasChart} onPress={() => setHasChart((is) => !is)}>
          {t('ranking.chart')}
        </Button>
        <Link href={`/contests/${contestId}/projector`} className="button button-small board-to-hall">
          <Icon name="screen" />
          {t('ranking.projector')}
        </Link>
      </div>
      <Shown read={{ ...read, data: board }} lines={10}>
        {(shown) => (
          <>
            <Notes board={shown} isOnline={isOnline} />
            {hasChart && (
              <Suspense fallback={<Loading lines={5} />}>
                <HistoryChart contestId={contestId} />
              </Suspense>
            )}
            <Whole board={shown} unfrozen={unfrozen} onUnfrozen={mayEdit ? setUnfrozen : undefined} />
          </>
        )}
      </Shown>
    </section>
  )
}

function Notes({ board, isOnline }: { readonly board: Board; readonly isOnline: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      {board.frozen && (
        <Note icon="snow" live>
          <p>{t('board.frozen')}</p>
          <p className="small">{t('ranking.frozenWhy')}</p>
        </Note>
      )}
      {board.stale && (
        <Note tone="gold" live>
          <p>{t('board.stale')}</p>
        </Note>
      )}
      {!isOnline && (
        <Note tone="gold" live>
          <p>{t('ranking.offline')}</p>
        </Note>
      )}
    </>
  )
}

type WholeProps = { readonly board: Board; readonly unfrozen: boolean; readonly onUnfrozen: ((is: boolean) => void) | undefined }

function Whole({ board, unfrozen, onUnfrozen }: WholeProps) {
  const { t } = useTranslation()
  const user = useUser()
  const [filter, setFilter] = useFilterInAddress()
  const [seen, setSeen] = useState<Range>({ from: 0, to: 20 })
  const [goTo, setGoTo] = useState<{ readonly index: number }>()
  const stars = useStars(board.contestId, user?.id)
  const own = useOwnRow(board, user?.id)
  useOwnStanding(board, own, unfrozen)
  const { rows, isSearching, error } = useBoardRows({ board, filter, starred: stars.starred, seen, unfrozen })
  const pinned = usePinned(board, stars.starred, !isFiltering(filter))
  const frame = useFrame(board, user?.id, stars.toggle)
  const schools = useMemo(() => schoolsOf(board.rows), [board.rows])
  if (board.total === 0)
    return <Empty icon={board.problems.length === 0 ? 'clock' : 'flag'}>{board.problems.length === 0 ? t('ranking.beforeStart') : t('board.empty')}</Empty>
  return (
    <>
      <BoardFilter
        filter={filter}
        onFilter={setFilter}
        schools={board.rows.length >= board.total ? schools : undefined}
        found={rows.isList && !isSearching ? rows.total : undefined}
        onMe={own && !rows.isList ? () => setGoTo({ index: own.index }) : undefined}
        unfrozen={unfrozen}
        onUnfrozen={onUnfrozen}
      />
      {error ? <Failure error={error} /> : null}
      {rows.isList && rows.total === 0 && !isSearching && !error ? (
        <Empty icon="inbox">{filter.onlyStarred && stars.starred.size === 0 ? t('ranking.noStars') : t('ranking.nothingFound')}</Empty>
      ) : (
        <BoardTable
          frame={frame}
          rows={rows}
          starred={stars.starred}
          pinned={pinned}
          own={own}
          caption={t('board.caption', { count: board.total })}
          goTo={goTo}
          onSeen={setSeen}
        />
      )}
    </>
  )
}

/** The filter is in the address: a link shows what its sender saw, and going back undoes it. */
function useFilterInAddress(): [Filter, (next: Filter) => void] {
  const [path, navigate] = useLocation()
  const search = useSearch()
  const filter = useMemo(() => filterIn(search), [search])
  return [
    filter,
    (next) => {
      const text = searchWith(search, next)
      navigate(text ? `${path}?${text}` : path, { replace: true })
    },
  ]
}

function useStars(contestId: string, reader: string | undefined) {
  const [starred, setStarred] = useState<ReadonlySet<string>>(() => starsIn(storage, reader, contestId))
  useEffect(() => setStarred(starsIn(storage, reader, contestId)), [contestId, reader])
  const toggle = useMemo(() => (userId: string) => setStarred(toggleStar(storage, { reader, contestId, userId })), [contestId, reader])
  return { starred, toggle }
}

/** Starred rows, wherever they stand; of a large board those that are not held are asked for. */
function usePinned(board: Board, starred: ReadonlySet<string>, isOn: boolean): readonly BoardRow[] {
  const held = useMemo(() => board.rows.filter(({ userId }) => starred.has(userId)), [board.rows, starred])
  const users = [...starred].sort().join()
  const read = useQuery({
    queryKey: keys.board(board.contestId, { part: 'search', users }),
    queryFn: ({ signal }) => api.call('GET /api/leaderboard/:contestId/search', { params: { contestId: board.contestId }, query: { users } }, { signal }),
    enabled: isOn && starred.size > held.length && board.rows.length < board.total,
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  })
  return useMemo(() => {
    if (!isOn) return []
    const known = new Map(held.map((row) => [row.userId, row]))
    const others = (read.data?.rows ?? []).filter(({ userId }) => starred.has(userId) && !known.has(userId))
    return [...held, ...others].sort((a, b) => a.rank - b.rank)
  }, [isOn, held, read.data, starred])
}

function useFrame({ problems, format }: Board, me: string | undefined, onStar: (userId: string) => void) {
  const said = JSON.stringify(problems)
  return useMemo(() => ({ problems: JSON.parse(said) as Board['problems'], format, me, onStar }), [said, format, me, onStar])
}

/** The bar of the contest shows one's standing too: it is told what is known here, and need not ask. */
function useOwnStanding(board: Board, own: { readonly row: BoardRow } | undefined, unfrozen: boolean): void {
  const client = useQueryClient()
  const isWhole = board.rows.length >= board.total
  useEffect(() => {
    if (own && isWhole && !unfrozen) client.setQueryData<Board>(keys.board(board.contestId, { own: own.row.userId }), { ...board, rows: [own.row] })
  }, [client, board, own, isWhole, unfrozen])
}
