/** Which ranks the hall sees: a few rows at a time, turned by themselves, by keys, or not while paused. */
export type Paging = { readonly page: number; readonly isPaused: boolean }
export type PagingAction = { readonly type: 'tick' | 'next' | 'previous' | 'pause'; readonly pages: number }

export const pagesFor = (rows: number, perPage: number): number => Math.max(1, Math.ceil(rows / Math.max(1, perPage)))

/** Rows may go between two looks: a page that is no longer there is the first. */
export function turnPages({ page, isPaused }: Paging, { type, pages }: PagingAction): Paging {
  if (type === 'pause') return { page, isPaused: !isPaused }
  if (type === 'tick' && isPaused) return { page, isPaused }
  const step = type === 'previous' ? pages - 1 : 1
  return { page: (Math.min(page, pages) + step) % pages, isPaused }
}

/** What a key does; undefined: not ours. */
export function actionOf(key: string): 'next' | 'previous' | 'pause' | 'fullScreen' | 'back' | undefined {
  if (key === ' ' || key === 'k') return 'pause'
  if (key === 'ArrowRight' || key === 'ArrowDown' || key === 'PageDown') return 'next'
  if (key === 'ArrowLeft' || key === 'ArrowUp' || key === 'PageUp') return 'previous'
  if (key === 'f' || key === 'F') return 'fullScreen'
  return key === 'Escape' ? 'back' : undefined
}

/** A few pixels another way each minute, so that a still picture does not burn into a screen that shows it for hours. */
const ways = [
  [0, 0],
  [4, 2],
  [6, -2],
  [2, -5],
  [-3, -3],
  [-6, 1],
  [-2, 5],
] as const
export const driftAt = (nowMs: number): readonly [x: number, y: number] => ways[Math.floor(nowMs / 60_000) % ways.length] ?? [0, 0]
