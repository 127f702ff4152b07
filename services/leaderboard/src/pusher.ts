import { leaderboardChanged, type RowChange } from '#contracts/leaderboard'
import { ms } from '#kernel/units'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Fanout } from '#ports/fanout'
import { firstUsers } from './domain/board.ts'
import { changesSince, maxPushRows, pushOf } from './domain/changes.ts'
import * as store from './store.ts'
import type { Views } from './views.ts'

/**
 * Pushes of public boards. The first change goes out at once, the next at the earliest `gapMs` later, with all that changed between.
 *
 * `pushed_revision` in the database is the end of the chain of steps: whoever moves it on sends the message, so that replicas never send two steps from
 * the same place, and a step that a crash swallowed is sent by the sweep. What a step must carry stands beside the rows (the public revision at which each cell
 * changed last), so any replica can send it, at a cost that grows with what changed and not with the board. Only public rows are read, so a push cannot tell
 * what the board does not show. Where more than rows changed, the push says refetch.
 */
export type Pusher = {
  pushSoon(contestId: string): void
  stop(): Promise<void>
}

const gapMs = 500
/** A contest's pushing is forgotten when it has been quiet for long and there are more than this. */
const maxKept = 400

type Pushing = { lastAt: number; atWork: Promise<void> | undefined; cancel: (() => void) | undefined; isWanted: boolean }
type Deps = { readonly db: Db; readonly fanout: Fanout; readonly clock: Clock; readonly log: Log; readonly views: Views }

export function openPusher(deps: Deps): Pusher {
  const { clock, log } = deps
  const kept = new Map<string, Pushing>()
  let isStopped = false

  const keep = (contestId: string): Pushing => {
    const known = kept.get(contestId)
    if (known !== undefined) return known
    if (kept.size >= maxKept) for (const [id, { atWork, cancel }] of kept) if (atWork === undefined && cancel === undefined) kept.delete(id)
    const made = { lastAt: Number.NEGATIVE_INFINITY, atWork: undefined, cancel: undefined, isWanted: false }
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

async function push(contestId: string, pushing: Pushing, { db, fanout, clock, views }: Deps): Promise<void> {
  const unpushed = await store.loadUnpushed(db, contestId, maxPushRows + 1)
  if (unpushed?.contest.snapshot === undefined) return
  const { contest, rows } = unpushed
  const step = { previous: contest.pushedRevision, revision: contest.publicRevision }
  const around = { problems: contest.snapshot?.problems ?? [], firsts: firstUsers(contest.firsts.public) }
  const changes = contest.frameRevision > step.previous ? undefined : changesSince(step.previous, around, rows)
  pushing.lastAt = clock.now()
  await views.freshen(contestId) // who is told to fetch finds it
  const message = pushOf({ contestId, ...step }, changes && (await withRanks(contestId, changes, views)))
  if (!(await store.claimPush(db, contestId, step))) return // another replica was quicker; its message says so
  await fanout.broadcast(leaderboardChanged.topic, message)
}

/** As the public view has it by now, which may be a little later than the step. Too many for one message are told to fetch, and need none. */
async function withRanks(contestId: string, changes: readonly RowChange[], views: Views): Promise<readonly RowChange[]> {
  if (changes.length === 0 || changes.length > maxPushRows) return changes
  const ids = changes.map(({ userId }) => userId)
  const page = await views.find(contestId, ids).catch(() => undefined) // a hint is no reason to hold a push back
  const ranks = new Map(page?.rows.map(({ id, place }) => [id, place]))
  return changes.map((change) => {
    const rank = ranks.get(change.userId)
    return rank === undefined ? change : { ...change, rank }
  })
}
