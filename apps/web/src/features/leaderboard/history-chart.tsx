import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import UPlot from 'uplot'
import type { BoardHistory } from '#contracts/leaderboard'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useUser } from '../../lib/use-session.ts'
import { Empty, Shown } from '../../ui/states.tsx'
import { lookOf, seriesOf } from './history-series.ts'
import 'uplot/dist/uPlot.min.css'

const height = 280
/** A chart need not be newer than this. */
const freshMs = 30_000

/** How the first ten and oneself came to their scores; the same as a table below. Fetched, with its library, when it is opened. */
export function HistoryChart({ contestId }: { readonly contestId: string }) {
  const { t } = useTranslation()
  const read = useQuery({
    queryKey: keys.board(contestId, { part: 'history' }),
    queryFn: ({ signal }) => api.call('GET /api/leaderboard/:contestId/history', { params: { contestId }, query: { top: 10 } }, { signal }),
    staleTime: freshMs,
    refetchInterval: freshMs,
  })
  return (
    <section className="card board-chart" aria-label={t('ranking.chartTitle')}>
      <h2>{t('ranking.chartTitle')}</h2>
      <Shown read={read} lines={5}>
        {({ lines }) => (lines.every(({ steps }) => steps.length === 0) ? <Empty icon="flag">{t('ranking.chartEmpty')}</Empty> : <Lines lines={lines} />)}
      </Shown>
    </section>
  )
}

function Lines({ lines }: Pick<BoardHistory, 'lines'>) {
  const { t } = useTranslation()
  const user = useUser()
  const plot = usePlot(lines, user?.id)
  return (
    <>
      <div ref={plot} aria-hidden="true" />
      <ul className="plain-list board-chart-names">
        {lines.map(({ userId, name, rank }, n) => {
          const { colour, dash } = lookOf(n)
          return (
            <li key={userId} className={userId === user?.id ? 'is-me' : ''}>
              <svg width="34" height="10" aria-hidden="true">
                <path d="M1 5h32" style={{ stroke: `var(${colour})`, strokeWidth: 3, strokeDasharray: dash.join(' ') }} />
              </svg>
              {rank}. {name}
            </li>
          )
        })}
      </ul>
      <details>
        <summary>{t('ranking.chartTable')}</summary>
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('ranking.chartWho')}</th>
                <th scope="col">
                  {t('ranking.chartMinute')} → {t('board.points')}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ userId, name, steps }) => (
                <tr key={userId}>
                  <th scope="row">{name}</th>
                  <td className="number">{steps.map(({ minute, score }) => `${minute} → ${score}`).join(' · ') || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  )
}

/** The canvas, drawn anew when lines, width or colours change. */
function usePlot(lines: BoardHistory['lines'], me: string | undefined) {
  const place = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const element = place.current
    if (!element) return
    const styles = getComputedStyle(document.documentElement)
    const colour = (name: string) => styles.getPropertyValue(name).trim()
    const { minutes, scores } = seriesOf(lines)
    const stepped = UPlot.paths.stepped?.({ align: 1 })
    const axis = { stroke: colour('--ink-soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 } }
    const options: UPlot.Options = {
      width: element.clientWidth,
      height,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most)] } },
      axes: [axis, { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000], size: 46 }],
      series: [
        {},
        ...lines.map(({ userId }, n) => ({
          stroke: colour(lookOf(n).colour),
          width: userId === me ? 4 : 2,
          dash: [...lookOf(n).dash],
          points: { show: false },
          ...(stepped && { paths: stepped }),
        })),
      ],
    }
    const plot = new UPlot(options, [[...minutes], ...scores.map((each) => [...each])], element)
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      plot.destroy()
    }
  }, [lines, me, theme])
  return place
}

/** Changes with the look of the page: chosen, or the system's. */
function useTheme(): string {
  const now = () => `${document.documentElement.dataset.theme ?? ''} ${matchMedia('(prefers-color-scheme: dark)').matches}`
  const [theme, setTheme] = useState(now)
  useEffect(() => {
    const look = () => setTheme(now())
    const system = matchMedia('(prefers-color-scheme: dark)')
    const chosen = new MutationObserver(look)
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    system.addEventListener('change', look)
    return () => {
      chosen.disconnect()
      system.removeEventListener('change', look)
    }
  }, [])
  return theme
}
