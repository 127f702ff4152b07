/**
 * A board of any length as one table. Of its rows only those near the view are in the page, each at its place by a transform; the table says how many rows it
 * has and each row which it is, and the region around it is scrolled by keyboard like any other. One's own row stays at the edge it lies behind.
 */
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { BoardRow } from '#contracts/leaderboard'
import { Row, type RowFrame } from './board-row.tsx'
import { drawnRows, type Range, seenRows, sideOf } from './visible-rows.ts'

/** Of the row's height in styles, rem. */
const rowRem = 3.25

export type Rows = {
  readonly total: number
  readonly at: (index: number) => BoardRow | undefined
  /** Positions are not those of the board: a list of what was found. */
  readonly isList: boolean
}
type Props = {
  readonly frame: RowFrame
  readonly rows: Rows
  readonly starred: ReadonlySet<string>
  /** Shown above all others, wherever they stand. */
  readonly pinned: readonly BoardRow[]
  readonly own: { readonly row: BoardRow; readonly index: number } | undefined
  readonly caption: string
  /** A position to bring into view; another object each time. */
  readonly goTo: { readonly index: number } | undefined
  /** Called when other rows are seen. */
  readonly onSeen: (seen: Range) => void
}

export function BoardTable({ frame, rows, starred, pinned, own, caption, goTo, onSeen }: Props) {
  const { region, seen, rowPx } = useSeen(rows.total, pinned.length, onSeen)
  const isPrinting = usePrinting()
  const drawn = isPrinting ? { from: 0, to: Math.min(rows.total, mostPrinted) } : drawnRows(seen, rows.total)
  useLayoutEffect(() => {
    if (goTo) region.current?.scrollTo({ top: (goTo.index + pinned.length + 0.5) * rowPx - region.current.clientHeight / 2 })
  }, [goTo])
  const side = own && !rows.isList ? sideOf(own.index, seen) : 'within'
  const edge = own && side !== 'within' && (
    <tbody className={`board-own board-own-${side}`}>
      <Row frame={frame} row={own.row} index={own.index} isStarred={starred.has(own.row.userId)} />
    </tbody>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="board-scroll" ref={region} tabIndex={0} aria-label={caption}>
      <table
        className={`board board-${frame.format}`}
        aria-rowcount={rows.total + 1}
        style={{ '--problems': Math.max(1, frame.problems.length) } as Record<string, unknown>}
      >
        <caption className="sr-only">{caption}</caption>
        <Head frame={frame} />
        {pinned.length > 0 && (
          <tbody className="board-pinned">
            {pinned.map((row) => (
              <Row key={row.userId} frame={frame} row={row} index={undefined} isStarred />
            ))}
          </tbody>
        )}
        {side === 'above' && edge}
        <tbody className="board-body" style={{ height: `${rows.total * rowPx}px` }}>
          {drawnOf(drawn, rows, (row, index) =>
            row ? (
              <Row
                key={row.userId}
                frame={frame}
                row={row}
                index={rows.isList ? undefined : index}
                offset={index * rowPx}
                isStarred={starred.has(row.userId)}
              />
            ) : (
              <tr
                key={`at ${index}`}
                className="board-row board-coming"
                aria-rowindex={index + 2}
                aria-busy="true"
                style={{ transform: `translateY(${index * rowPx}px)` }}
              >
                <td className="board-rank">…</td>
              </tr>
            ),
          )}
        </tbody>
        {side === 'below' && edge}
      </table>
    </section>
  )
}

function drawnOf({ from, to }: Range, rows: Rows, draw: (row: BoardRow | undefined, index: number) => ReactNode): ReactNode[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => draw(rows.at(from + n), from + n))
}

/** The rows in view, told as they change: at most once a frame, and only when they are others. */
function useSeen(total: number, pinned: number, onSeen: (seen: Range) => void) {
  const region = useRef<HTMLElement>(null)
  const rowPx = useMemo(() => rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize), [])
  const [seen, setSeen] = useState<Range>({ from: 0, to: Math.min(total, 20) })
  const told = useRef(onSeen)
  told.current = onSeen
  useLayoutEffect(() => {
    const element = region.current
    if (!element) return
    let frame = 0
    const look = () => {
      frame = 0
      const next = seenRows({ top: element.scrollTop - pinned * rowPx, height: element.clientHeight - rowPx, rowHeight: rowPx, total })
      setSeen((before) => (before.from === next.from && before.to === next.to ? before : next))
      told.current(next)
    }
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(look)
    }
    look()
    const resized = new ResizeObserver(soon)
    resized.observe(element)
    element.addEventListener('scroll', soon, { passive: true })
    return () => {
      cancelAnimationFrame(frame)
      resized.disconnect()
      element.removeEventListener('scroll', soon)
    }
  }, [total, pinned, rowPx])
  return { region, seen, rowPx }
}

/** On paper all rows that are there are drawn, one below the other. */
const mostPrinted = 500
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false)
  useLayoutEffect(() => {
    const begin = () => flushSync(() => setPrinting(true))
    const end = () => setPrinting(false)
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}

function Head({ frame: { problems, format } }: { readonly frame: RowFrame }) {
  const { t } = useTranslation()
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className="board-rank">
          {t('board.rank')}
        </th>
        <th scope="col" className="board-name">
          {t('board.name')}
        </th>
        <th scope="col" className="board-score">
          {format === 'icpc' ? (
            <Heading long={t('board.solved')} short={t('board.solvedShort')} />
          ) : (
            <Heading long={t('board.points')} short={t('board.pointsShort')} />
          )}
        </th>
        {format === 'icpc' && (
          <th scope="col" className="board-penalty">
            <Heading long={t('board.penalty')} short={t('board.penaltyShort')} />
          </th>
        )}
        {problems.map((problem) => (
          <th key={problem.problemId} scope="col" className="board-cell" title={problem.title}>
            {problem.label}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** A column's name, abbreviated where the page is narrow. */
function Heading({ long, short }: { readonly long: string; readonly short: string }) {
  return (
    <>
      <span className="board-long">{long}</span>
      <abbr className="board-short" title={long}>
        {short}
      </abbr>
    </>
  )
}
