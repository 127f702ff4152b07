import type { Instant } from '#kernel/time'
import { ms } from '#kernel/units'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import * as store from './store.ts'
import { catchUp, emptyView, isKnown, type View } from './view.ts'

/**
 * Boards in memory. The database is the truth; a view is a cache that any replica may hold, caught up by version.
 *
 * A commit of this replica touches the view; other replicas hear the push and touch theirs. What neither reaches is caught by age: a read of a view older
 * than `checkMs` asks the database first. Asking is shared and, for reads, at least `gapMs` apart, so reads cost memory, not queries. When the database
 * does not answer within `patienceMs`, the last known board is served and marked stale.
 */
export type Views = {
  /** The kept view is behind the database. */
  touch(contestId: string): void
  read(contestId: string): Promise<{ view: View; isStale: boolean } | undefined>
  /** Loads or catches up. @returns undefined when the contest has no board (yet). @throws when the database fails. */
  current(contestId: string): Promise<View | undefined>
  /** Resolves when no query is under way. */
  settled(): Promise<void>
}

const maxViews = 200
const gapMs = 100
const checkMs = 1_000
const patienceMs = ms(300)

type Kept = { view: View | undefined; isDirty: boolean; refreshedAt: Instant; refreshing: Promise<void> | undefined; usedAt: number }
type Deps = { readonly db: Db; readonly clock: Clock; readonly log: Log }

export function openViews(deps: Deps): Views {
  const { db, clock } = deps
  const kept = new Map<string, Kept>()

  let uses = 0
  const keep = (contestId: string): Kept => {
    const known = kept.get(contestId)
    uses += 1
    if (known !== undefined) {
      known.usedAt = uses
      return known
    }
    if (kept.size >= maxViews) kept.delete(longestUnused(kept))
    const entry: Kept = { view: undefined, isDirty: true, refreshedAt: Number.NEGATIVE_INFINITY as Instant, refreshing: undefined, usedAt: uses }
    kept.set(contestId, entry)
    return entry
  }
  const load = async (contestId: string, entry: Kept) => {
    entry.isDirty = false
    try {
      const loaded = await store.loadBoard(db, contestId, entry.view?.contest.version ?? -1)
      entry.refreshedAt = clock.now()
      if (loaded === undefined || !isKnown(loaded.contest)) return
      const view = entry.view ?? emptyView(loaded.contest)
      catchUp(view, loaded.contest, loaded.rows)
      entry.view = view
    } catch (cause) {
      entry.isDirty = true
      throw cause
    }
  }
  const refresh = (contestId: string, entry: Kept): Promise<void> => {
    entry.refreshing ??= load(contestId, entry).finally(() => {
      entry.refreshing = undefined
    })
    return entry.refreshing
  }

  return {
    touch(contestId) {
      const entry = kept.get(contestId)
      if (entry) entry.isDirty = true
    },
    async read(contestId) {
      const entry = keep(contestId)
      const age = clock.now() - entry.refreshedAt
      if (entry.view !== undefined && age < (entry.isDirty ? gapMs : checkMs)) return shown(entry.view, false)
      const isFresh = await refreshed(refresh(contestId, entry), entry.view === undefined, deps)
      if (entry.view === undefined) kept.delete(contestId) // ids nobody has must not fill the memory
      return entry.view && shown(entry.view, !isFresh)
    },
    async current(contestId) {
      const entry = keep(contestId)
      if (entry.refreshing !== undefined) await entry.refreshing // it may have begun before what the caller wants to see
      await refresh(contestId, entry)
      return entry.view
    },
    settled: async () => void (await Promise.allSettled([...kept.values()].map((entry) => entry.refreshing))),
  }
}

const longestUnused = (kept: ReadonlyMap<string, Kept>): string => [...kept].reduce((a, b) => (a[1].usedAt < b[1].usedAt ? a : b))[0]

const shown = (view: View, isStale: boolean) => (view.contest.snapshot.deleted ? undefined : { view, isStale })

/** @returns whether the refresh came through; waits without bound only where there is nothing older to show. @throws when there is not and it failed. */
async function refreshed(refresh: Promise<void>, mustWait: boolean, { clock, log }: Deps): Promise<boolean> {
  if (mustWait) {
    await refresh
    return true
  }
  let cancel: () => void = () => undefined
  const late = new Promise<false>((resolve) => {
    cancel = clock.after(patienceMs, () => resolve(false))
  })
  const done = refresh.then(
    () => true,
    (cause: unknown) => {
      log.warn({ err: cause }, 'the database does not answer: the last known board is served')
      return false
    },
  )
  return Promise.race([done, late]).finally(cancel)
}
