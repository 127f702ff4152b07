import { boardQuery, contestQuery, languagesQuery } from '../lib/queries.ts'
import { queryClient } from './live-cache.ts'

/** What the page at this address will ask for first, on its way while the page's own files still come. */
export function askEarly(path: string): void {
  const [, contestId, page] = /^\/contests\/([^/]+)(?:\/(problems|leaderboard)(?![^/]))?/.exec(path) ?? []
  if (contestId === undefined) return
  void queryClient.prefetchQuery(contestQuery(contestId))
  if (page === 'problems') void queryClient.prefetchQuery(languagesQuery)
  if (page === 'leaderboard') void queryClient.prefetchQuery(boardQuery(contestId))
}
