import type { Instant } from '#kernel/time'
import { type Ms, ms, seconds } from '#kernel/units'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Ranked, RankedView, Window } from '#ports/ranked-view'
import { type Asked, type KeptAnswers, keptAnswers } from './kept-answers.ts'
import type { Head, Page } from './page.ts'
import type { ReadyBytes } from './ready-bytes.ts'
import type { BoardKind } from './store.ts'
import { nameOf, syncBoard } from './sync.ts'

/**
 * Reads of boards. The database is the truth, the ranked view (this process's memory, or Redis for all replicas) is caught up from it by version; here is kept
 * only when that was done last, and the bytes of usual answers.
 *
 * A commit of this replica touches the board; other replicas hear the push and touch theirs. What neither reaches is caught by age: a read more than `checkMs`
 * after the last look asks the database first. Asking is shared and, for reads, at least `gapMs` apart, so reads cost no queries. When the database
 * does not answer within `patience`, what the view has is served and marked stale.
 */
export type Views = {
  /** The view is behind the database. */
  touch(contestId: string): void
  /** So may all be. */
  touchAll(): void
  /** @returns undefined when there is no such board. @throws when there is nothing to show and the database fails or takes longer than a reader waits. */
  read(contestId: string, board: BoardKind, asked: Window): Promise<Page | undefined>
  /** Rows of the public board by their ids (at most `maxFindIds`), in its order; otherwise as `read`. */
  find(contestId: string, ids: readonly string[]): Promise<Page | undefined>
  /** A range of the public board as bytes, made by `make` once a revision. */
  readUsual(contestId: string, asked: Asked, make: (page: Page) => ReadyBytes): Promise<Usual | undefined>
  /** Brings the public view up to the database, or gives up after a while; does not throw. */
  freshen(contestId: string): Promise<void>
  /** Resolves when no query is under way. */
  settled(): Promise<void>
}
/** `page`: stale, so not worth keeping as bytes. */
export type Usual = { readonly revision: number; readonly bytes: ReadyBytes } | { readonly page: Page }

/** Of this process, each a few numbers and some answers. */
const maxEntries = 400
const gapMs = 100
const checkMs = 1_000
const patience = ms(300)
/** Where there is nothing older to show: a large board takes a while to build. */
const longPatience = seconds(10)

type Entry = {
  isDirty: boolean
  /** When what is kept was asked for. */
  refreshedAt: Instant
  /** Undefined: not asked yet. */
  isThere: boolean | undefined
  refreshing: Promise<void> | undefined
  answers: KeptAnswers<ReadyBytes> | undefined
}
type Deps = { readonly db: Db; readonly rankedView: RankedView; readonly clock: Clock; readonly log: Log }

export function openViews(deps: Deps): Views {
  const { rankedView, clock, log } = deps
  const entries = openEntries()

  const load = async (contestId: string, board: BoardKind, entry: Entry) => {
    entry.isDirty = false
    const askedAt = clock.now()
    try {
      const contest = await syncBoard(deps, contestId, board)
      entry.refreshedAt = askedAt
      entry.isThere = contest !== undefined && !contest.snapshot.deleted
      if (entry.answers?.revision !== contest?.publicRevision) entry.answers = undefined
    } catch (cause) {
      entry.isDirty = true
      throw cause
    }
  }
  const refresh = (contestId: string, board: BoardKind, entry: Entry): Promise<void> => {
    entry.refreshing ??= load(contestId, board, entry).finally(() => {
      entry.refreshing = undefined
    })
    return entry.refreshing
  }
  const isRecent = (entry: Entry) =>
    entry.isThere !== undefined && clock.now() - entry.refreshedAt < (entry.isDirty || entry.refreshing !== undefined ? gapMs : checkMs)
  /** @returns whether the view is as new as a read asks for. */
  const isFresh = async (contestId: string, board: BoardKind, entry: Entry): Promise<boolean> => {
    if (isRecent(entry)) return true
    const mayMiss = entry.refreshing !== undefined && entry.isDirty // the change came after it had begun
    const isDone = await done(refresh(contestId, board, entry), patience, deps)
    return isDone && mayMiss && !isRecent(entry) ? done(refresh(contestId, board, entry), patience, deps) : isDone
  }

  const look = async (contestId: string, board: BoardKind, at: (name: string) => Promise<Ranked | undefined>): Promise<Page | undefined> => {
    const name = nameOf(contestId, board)
    const entry = entries.of(name)
    const fresh = await isFresh(contestId, board, entry)
    if (fresh && entry.isThere === false) return entries.forget(name) // ids nobody has must not fill the memory
    let page = pageOf(await at(name), !fresh)
    if (page === undefined) {
      // nothing kept: the first read, or a view that was lost since
      await within(refresh(contestId, board, entry), longPatience, clock)
      page = pageOf(await at(name), false)
    }
    return page?.head.deleted === true ? undefined : page
  }
  const read: Views['read'] = (contestId, board, asked) => look(contestId, board, (name) => rankedView.read(name, asked))
  return {
    read,
    find: (contestId, ids) => look(contestId, 'public', (name) => rankedView.find(name, ids)),
    touch(contestId) {
      for (const board of ['public', 'full'] as const) entries.touch(nameOf(contestId, board))
    },
    touchAll: entries.touchAll,
    async readUsual(contestId, asked, make) {
      const name = nameOf(contestId, 'public')
      const entry = entries.of(name)
      const fresh = await isFresh(contestId, 'public', entry)
      const { answers } = entry
      const known = fresh ? answers?.find(asked) : undefined
      if (answers && known) return { revision: answers.revision, bytes: known }
      const page = await read(contestId, 'public', asked)
      if (page === undefined) return undefined
      if (page.isStale) return { page }
      const { revision } = page.head
      const bytes = make(page)
      if (entry.answers?.revision !== revision) entry.answers = keptAnswers(revision)
      entry.answers.keep(asked, bytes)
      return { revision, bytes }
    },
    async freshen(contestId) {
      const entry = entries.of(nameOf(contestId, 'public'))
      if (entry.refreshing !== undefined) await done(entry.refreshing, patience, deps) // it may have begun before what the caller wants to be seen
      await done(refresh(contestId, 'public', entry), patience, { clock, log })
    },
    settled: async () => void (await Promise.allSettled(entries.all().map((entry) => entry.refreshing))),
  }
}

const pageOf = (found: Ranked | undefined, isStale: boolean): Page | undefined =>
  found && { head: JSON.parse(found.head) as Head, total: found.total, rows: found.rows, isStale }

/** By name of the board; the longest unused go. */
function openEntries() {
  const entries = new Map<string, Entry>()
  return {
    of(name: string): Entry {
      const entry = entries.get(name) ?? {
        isDirty: true,
        refreshedAt: Number.NEGATIVE_INFINITY as Instant,
        isThere: undefined,
        refreshing: undefined,
        answers: undefined,
      }
      entries.delete(name)
      entries.set(name, entry)
      for (const oldest of entries.keys()) if (entries.size > maxEntries) entries.delete(oldest)
      return entry
    },
    touch(name: string) {
      const entry = entries.get(name)
      if (entry) entry.isDirty = true
    },
    touchAll() {
      for (const entry of entries.values()) entry.isDirty = true
    },
    forget: (name: string): undefined => void entries.delete(name),
    all: () => [...entries.values()],
  }
}

/** @returns whether it came through in time. */
async function done(refresh: Promise<void>, limit: Ms, { clock, log }: Pick<Deps, 'clock' | 'log'>): Promise<boolean> {
  try {
    await within(refresh, limit, clock)
    return true
  } catch (cause) {
    if (!(cause instanceof Late)) log.warn({ err: cause }, 'the database does not answer: the last known board is served')
    return false
  }
}
class Late extends Error {
  override readonly name = 'Late'
}
/** What goes on behind is its own caller's to hear of. */
async function within(refresh: Promise<void>, limit: Ms, clock: Clock): Promise<void> {
  let cancel: () => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(limit, () => reject(new Late(`a board is not up to date after ${limit} ms`)))
  })
  await Promise.race([refresh, late]).finally(cancel)
}
