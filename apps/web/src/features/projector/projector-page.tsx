/** The public board for a hall: dark, large, by itself. No login, and nothing but what anybody may see on the board. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useReducer, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import type { Contest } from '#contracts/contest'
import type { Board } from '#contracts/leaderboard'
import { api } from '../../lib/arena.ts'
import { countdownParts, secondsLeft } from '../../lib/countdown.ts'
import { contestQuery } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import { useNow } from '../../lib/use-now.ts'
import { useOnline } from '../../lib/use-online.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { type News, newsBetween } from './board-news.ts'
import { HallRows } from './hall-rows.tsx'
import { actionOf, driftAt, pagesFor, turnPages } from './turn-pages.ts'
import { useDarkHall, useRowsThatFit, useScreenAwake } from './use-hall.ts'
import './projector.css'

/** A hall sees the first so many, a page at a time. */
const mostRows = 200
const pollMs = 2_000
const pageMs = 12_000
const newsMs = 20_000

export function ProjectorPage() {
  const { id = '' } = useParams<{ id: string }>()
  const contest = useQuery({ ...contestQuery(id), refetchInterval: 30_000 })
  const read = useQuery<Board>({
    queryKey: keys.board(id, { part: 'hall' }),
    queryFn: ({ signal }) => api.call('GET /api/leaderboard/:contestId', { params: { contestId: id }, query: { top: mostRows } }, { signal }),
    refetchInterval: pollMs,
    refetchIntervalInBackground: true, // the window with the slides may be in front of the one on the wall
    staleTime: 0,
  })
  useDarkHall()
  useScreenAwake()
  return (
    <main className="hall" id="main">
      <Shown read={contest}>{(shown) => <Shown read={read}>{(board) => <Hall contest={shown} board={board} />}</Shown>}</Shown>
    </main>
  )
}

function Hall({ contest, board }: { readonly contest: Contest; readonly board: Board }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const now = useNow()
  const isOnline = useOnline()
  const place = useRef<HTMLDivElement>(null)
  const perPage = useRowsThatFit(place)
  const pages = pagesFor(board.rows.length, perPage)
  const [{ page: asked, isPaused }, turn] = useReducer(turnPages, { page: 0, isPaused: false })
  const page = Math.min(asked, pages - 1)
  const back = `/contests/${contest.id}/leaderboard`
  usePageTitle(t('projector.title', { title: contest.title }))
  useKeys((key) => {
    const action = actionOf(key)
    if (action === 'fullScreen') fillScreen()
    else if (action === 'back') navigate(back)
    else if (action) turn({ type: action, pages })
    return action !== undefined
  })
  useEffect(() => {
    const timer = setInterval(() => turn({ type: 'tick', pages }), pageMs)
    return () => clearInterval(timer)
  }, [pages])
  const [x, y] = driftAt(now)
  return (
    <div className="hall-inner" style={{ transform: `translate(${x}px, ${y}px)` }}>
      <header className="hall-head">
        <h1>{contest.title}</h1>
        <State board={board} isOnline={isOnline} isPaused={isPaused} />
        <Clock contest={contest} now={now} />
      </header>
      <div className="hall-place" ref={place}>
        {board.rows.length === 0 ? <Empty icon="flag">{t('projector.nobody')}</Empty> : <HallRows board={board} from={page * perPage} perPage={perPage} />}
      </div>
      <footer className="hall-foot">
        <Ticker board={board} />
        <span className="hall-page number">
          {board.rows.length > 0 &&
            t('projector.page', { from: page * perPage + 1, to: Math.min(board.rows.length, (page + 1) * perPage), total: board.total })}
        </span>
        <Controls isPaused={isPaused} onBack={() => navigate(back)} onTurn={(type) => turn({ type, pages })} />
      </footer>
    </div>
  )
}

function State({ board, isOnline, isPaused }: { readonly board: Board; readonly isOnline: boolean; readonly isPaused: boolean }) {
  const { t } = useTranslation()
  return (
    <p className="hall-state" role="status">
      {board.frozen && (
        <span className="hall-frozen">
          <Icon name="snow" size={40} />
          {t('projector.frozenLong')}
        </span>
      )}
      {(!isOnline || board.stale) && <span>{t('projector.stale')}</span>}
      {isPaused && <span>{t('projector.paused')}</span>}
    </p>
  )
}

function Clock({ contest, now }: { readonly contest: Contest; readonly now: number }) {
  const { t } = useTranslation()
  const { startsAt, endsAt } = contest
  if (!startsAt || !endsAt) return null
  const hasStarted = now >= Date.parse(startsAt)
  if (now >= Date.parse(endsAt)) return <p className="hall-clock">{t('projector.over')}</p>
  const { days, clock } = countdownParts(secondsLeft(Date.parse(hasStarted ? endsAt : startsAt), now))
  return (
    <p className="hall-clock">
      <span>{hasStarted ? t('projector.endsIn') : t('projector.startsIn')}</span>{' '}
      <strong className="number" role="timer">
        {days > 0 ? t('countdown.days', { count: days, clock }) : clock}
      </strong>
    </p>
  )
}

/** The last things that everybody could see happen; each stays for a while. */
function Ticker({ board }: { readonly board: Board }) {
  const { t } = useTranslation()
  const before = useRef<Board | undefined>(undefined)
  const [news, setNews] = useState<readonly News[]>([])
  useEffect(() => {
    const fresh = newsBetween(before.current, board)
    before.current = board
    if (fresh.length > 0) setNews((known) => [...fresh, ...known].slice(0, 6))
  }, [board])
  useEffect(() => {
    if (news.length === 0) return
    const timer = setTimeout(() => setNews((known) => known.slice(0, -1)), newsMs)
    return () => clearTimeout(timer)
  }, [news])
  return (
    <ul className="plain-list hall-news" aria-label={t('projector.latest')}>
      {news.slice(0, 3).map(({ id, kind, name, problem }) => (
        <li key={id} className={`hall-news-${kind}`}>
          {kind === 'first' && '★ '}
          {t(`projector.news.${kind}`, { name, problem })}
        </li>
      ))}
    </ul>
  )
}

type ControlsProps = { readonly isPaused: boolean; readonly onBack: () => void; readonly onTurn: (type: 'next' | 'previous' | 'pause') => void }

/** Seen when the mouse moves or the keyboard comes to them; the keys do the same. */
function Controls({ isPaused, onBack, onTurn }: ControlsProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="hall-controls" aria-label={t('projector.help')} title={t('projector.help')}>
      <IconButton small icon="left" label={t('projector.previous')} onPress={() => onTurn('previous')} />
      <IconButton small icon={isPaused ? 'play' : 'clock'} label={isPaused ? t('projector.resume') : t('projector.pause')} onPress={() => onTurn('pause')} />
      <IconButton small icon="play" label={t('projector.next')} onPress={() => onTurn('next')} />
      <IconButton small icon="screen" label={t('projector.fullScreen')} onPress={fillScreen} />
      <IconButton small icon="cross" label={t('projector.back')} onPress={onBack} />
    </fieldset>
  )
}

function fillScreen(): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()
  done?.catch(() => undefined) // a browser that refuses shows the page as it is
}

/** `act` says whether the key was its own; keys that belong to a control stay with it. */
function useKeys(act: (key: string) => boolean): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isControl = event.target instanceof HTMLElement && event.target.closest('button, a, input') !== null
      if (event.ctrlKey || event.altKey || event.metaKey || (isControl && (event.key === ' ' || event.key === 'Enter'))) return
      if (latest.current(event.key)) event.preventDefault()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}
