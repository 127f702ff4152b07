import { leaderboardChanged } from '#contracts/leaderboard'
import { ms } from '#kernel/units'
import type { Log } from '#kit/log'
import type { Bus } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { changesBetween, pushOf, type Shown, shownOf } from './domain/changes.ts'
import * as store from './store.ts'
import type { View } from './view.ts'
import type { Views } from './views.ts'

/**
 * Pushes of public boards. The first change goes out at once, the next at the earliest `gapMs` later, with all that changed between.
 *
 * `pushed_revision` in the database is the end of the chain of steps: whoever moves it on sends the message, so that replicas never send two steps from
 * the same place, and a step that a crash swallowed is sent by the sweep. Only public rows are compared, so a push cannot tell what the board does not
 * show. Where what clients have is not known here (after a restart, or when another replica pushed last), the push says refetch.
 */
export type Pusher = {
  pushSoon(contestId: string): void
  stop(): Promise<void>
}

const gapMs = 500
/** A contest's pushing is forgotten when it has been quiet for long and there are more than this. */
const maxKept = 400

type Pushing = {
  /** What clients on the chain see as of `revision`. */
  base: { readonly revision: number; readonly frame: string; readonly shown: Shown } | undefined
  lastAt: number
  atWork: Promise<void> | undefined
  cancel: (() => void) | undefined
  isWanted: boolean
}
type Deps = { readonly db: Db; readonly bus: Bus; readonly clock: Clock; readonly log: Log; readonly views: Views }

export function openPusher(deps: Deps): Pusher {
  const { clock, log } = deps
  const kept = new Map<string, Pushing>()
  let isStopped = false

  const keep = (contestId: string): Pushing => {
    const known = kept.get(contestId)
    if (known !== undefined) return known
    if (kept.size >= maxKept) for (const [id, { atWork, cancel }] of kept) if (atWork === undefined && cancel === undefined) kept.delete(id)
    const made = { base: undefined, lastAt: Number.NEGATIVE_INFINITY, atWork: undefined, cancel: undefined, isWanted: false }
    kept.set(contestId, made)
    return made
  }
  const pushNow = (contestId: string, pushing: Pushing) => {
    pushing.atWork = push(contestId, pushing, deps)
      .catch((cause: unknown) => log.warn({ err: cause, contestId }, 'a board was not pushed; the sweep will try again'))
      .finally(() => {
        pushing.atWork = undefined
        if (pushing.isWanted) pushSoon(contestId)
      })
  }
  const pushSoon = (contestId: string) => {
    const pushing = keep(contestId)
    if (isStopped || pushing.cancel !== undefined) return
    pushing.isWanted = pushing.atWork !== undefined
    if (pushing.isWanted) return
    const wait = pushing.lastAt + gapMs - clock.now()
    if (wait <= 0) return pushNow(contestId, pushing)
    pushing.cancel = clock.after(ms(wait), () => {
      pushing.cancel = undefined
      pushNow(contestId, pushing)
    })
  }
  return {
    pushSoon,
    async stop() {
      isStopped = true
      for (const { cancel } of kept.values()) cancel?.()
      await Promise.all([...kept.values()].map(({ atWork }) => atWork))
    },
  }
}

async function push(contestId: string, pushing: Pushing, { db, bus, clock, views }: Deps): Promise<void> {
  const view = await views.current(contestId)
  if (view === undefined || view.contest.publicRevision <= view.contest.pushedRevision) return
  const step = { previous: view.contest.pushedRevision, revision: view.contest.publicRevision }
  const { frame, publicRows } = view // of one moment: the view is caught up as a whole, between two awaits
  const message = pushOf({ contestId, ...step }, changesSince(step.previous, view, pushing.base))
  pushing.lastAt = clock.now()
  if (!(await store.claimPush(db, contestId, step))) return // another replica was quicker; its message says so
  pushing.base = { revision: step.revision, frame, shown: shownOf(publicRows) }
  await bus.broadcast(leaderboardChanged.topic, message)
}

/** @returns undefined when what clients see at `previous` is not known here, or when more than rows changed since (start, freeze, end, problems). */
const changesSince = (previous: number, view: View, base: Pushing['base']) =>
  base?.revision === previous && base.frame === view.frame ? changesBetween(base.shown, view.publicRows) : undefined
