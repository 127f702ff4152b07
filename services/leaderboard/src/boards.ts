import { leaderboardChanged } from '#contracts/leaderboard'
import type { Log } from '#kit/log'
import type { Bus } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { openPusher } from './pusher.ts'
import * as store from './store.ts'
import type { View } from './view.ts'
import { openViews } from './views.ts'

/** Boards in memory (views.ts) and what is pushed of them (pusher.ts), for the use cases. */
export type Boards = {
  /** Something was committed; `isPublic`: the public board moved. */
  touch(contestId: string, isPublic: boolean): void
  /** @returns undefined when there is no such board. `isStale`: the database did not answer, this is the last known one. */
  read(contestId: string): Promise<{ view: View; isStale: boolean } | undefined>
  /** Pushes what a crash or another process (a rebuild) has left unpushed. */
  sweep(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export function openBoards(deps: { readonly db: Db; readonly bus: Bus; readonly clock: Clock; readonly log: Log }): Boards {
  const views = openViews(deps)
  const pusher = openPusher({ ...deps, views })
  let listening: { stop(): Promise<void> } | undefined
  return {
    touch(contestId, isPublic) {
      views.touch(contestId)
      if (isPublic) pusher.pushSoon(contestId)
    },
    read: views.read,
    async sweep() {
      for (const contestId of await store.listUnpushed(deps.db)) pusher.pushSoon(contestId)
    },
    async start() {
      // another replica pushed: what is kept here is old
      listening = await deps.bus.listen(leaderboardChanged.topic, (payload) => views.touch((payload as { contestId?: string }).contestId ?? ''))
    },
    async stop() {
      await listening?.stop()
      await pusher.stop()
      await views.settled()
    },
  }
}
