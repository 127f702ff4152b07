import { contestQuery } from '../lib/queries.ts'
import { queryClient } from './live-cache.ts'

/** What the page at this address will ask for first, on its way while the page's own files still come. */
export function askEarly(path: string): void {
  const [, contestId] = /^\/contests\/([^/]+)/.exec(path) ?? []
  if (contestId !== undefined) void queryClient.prefetchQuery(contestQuery(contestId))
}
