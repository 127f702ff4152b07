/** The rows that a table shows: of a board held whole from memory, of a large one in pages as they come into view, or what a search has found. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Board, BoardRow } from '#contracts/leaderboard'
import { api } from '../../lib/arena.ts'
import { pageRows } from '../../lib/queries.ts'
import { keys } from '../../lib/query-keys.ts'
import type { Rows } from './board-table.tsx'
import { type Filter, findRows, isFiltering } from './find-rows.ts'
import { pagesOf, type Range } from './visible-rows.ts'

/** Scrolled by without a stop, pages are not asked for; typed on, neither are words. */
const settleMs = 120
const typingMs = 300
/** In view at once: more is a screen of hundreds of rows. */
const mostPages = 4

type Asked = { readonly board: Board; readonly filter: Filter; readonly starred: ReadonlySet<string>; readonly seen: Range; readonly unfrozen: boolean }
export type FoundRows = { readonly rows: Rows; readonly isSearching: boolean; readonly error: unknown }

export function useBoardRows({ board, filter, starred, seen, unfrozen }: Asked): FoundRows {
  const isWhole = board.rows.length >= board.total
  const isFiltered = isFiltering(filter)
  const found = useFound(board, filter, starred, !isWhole && isFiltered)
  const pages = usePages(board, seen, !isWhole && !isFiltered, unfrozen)
  const list = useMemo(() => {
    if (!isFiltered) return undefined
    return isWhole ? findRows(board.rows, filter, starred) : (found.data ?? []).filter(({ userId }) => !filter.onlyStarred || starred.has(userId))
  }, [board, filter, starred, isFiltered, isWhole, found.data])
  const rows = useMemo((): Rows => {
    if (list) return { total: list.length, at: (index) => list[index], isList: true }
    return { total: board.total, at: (index) => board.rows[index] ?? pages.get(index), isList: false }
  }, [list, board, pages])
  return { rows, isSearching: found.isSearching, error: found.error }
}

/** Rows of a large board from the server: by words, or the starred ones. */
function useFound(board: Board, filter: Filter, starred: ReadonlySet<string>, isOn: boolean) {
  const typed = useSettled(filter, typingMs)
  const users = typed.onlyStarred ? [...starred].sort().join() : ''
  const query = { ...(users ? { users } : { ...(typed.text && { text: typed.text }), ...(typed.school && { school: typed.school }) }) }
  const read = useQuery({
    queryKey: keys.board(board.contestId, { part: 'search', ...query }),
    queryFn: ({ signal }) => api.call('GET /api/leaderboard/:contestId/search', { params: { contestId: board.contestId }, query }, { signal }),
    enabled: isOn && Object.keys(query).length > 0,
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  })
  return { data: read.data?.rows, isSearching: isOn && read.isFetching, error: isOn ? read.error : undefined }
}

const none: ReadonlyMap<number, BoardRow> = new Map()

/** What was read of a large board beyond its first page, by position. */
function usePages(board: Board, seen: Range, isOn: boolean, unfrozen: boolean): ReadonlyMap<number, BoardRow> {
  const pages = useSettled(
    isOn
      ? pagesOf(seen, pageRows, mostPages)
          .filter((page) => page > 0)
          .join()
      : '',
    settleMs,
  )
  return useQueries({
    queries: (pages === '' ? [] : pages.split(',').map(Number)).map((page) => ({
      queryKey: keys.board(board.contestId, { part: 'range', page, unfrozen }),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call(
          'GET /api/leaderboard/:contestId',
          { params: { contestId: board.contestId }, query: { from: page * pageRows, top: pageRows, ...(unfrozen && { unfrozen }) } },
          { signal },
        ),
      staleTime: 15_000,
      gcTime: 60_000,
    })),
    combine: (results) => {
      if (results.length === 0) return none
      const rows = new Map<number, BoardRow>()
      for (const [n, { data }] of results.entries()) {
        const page = Number(pages.split(',')[n])
        for (const [at, row] of (data?.rows ?? []).entries()) rows.set(page * pageRows + at, row)
      }
      return rows
    },
  })
}

/** The value once it has stayed the same for `ms`; at first at once. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

/** One's own row and where it stands; of a large board it is asked for, together with the bar of the contest, which shows it too. */
export function useOwnRow(board: Board | undefined, userId: string | undefined): { readonly row: BoardRow; readonly index: number } | undefined {
  const held = board?.rows.findIndex((row) => row.userId === userId) ?? -1
  const contestId = board?.contestId ?? ''
  const read = useQuery<Board>({
    queryKey: keys.board(contestId, { own: userId }),
    queryFn: ({ signal }) => api.call('GET /api/leaderboard/:contestId', { params: { contestId }, query: { top: 0, around: 1 } }, { signal }),
    enabled: board !== undefined && userId !== undefined && held < 0 && board.rows.length < board.total,
    staleTime: 10_000,
    refetchInterval: 60_000,
  })
  return useMemo(() => {
    const own = held < 0 ? undefined : board?.rows[held]
    if (own) return { row: own, index: held }
    const at = read.data?.rows.findIndex((row) => row.userId === userId) ?? -1
    const row = read.data?.rows[at]
    return row && board && board.total > board.rows.length ? { row, index: row.at ?? at } : undefined
  }, [board, held, read.data, userId])
}
