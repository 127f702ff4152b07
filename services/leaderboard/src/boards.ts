import { leaderboardChanged } from '#contracts/leaderboard'
import type { Log } from '#kit/log'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Fanout } from '#ports/fanout'
import type { RankedView } from '#ports/ranked-view'
import { openPusher } from './pusher.ts'
import * as store from './store.ts'
import { openViews, type Views } from './views.ts'

/** Reads of boards (views.ts) and what is pushed of them (pusher.ts), for the use cases. */
export type Boards = Pick<Views, 'read' | 'find' | 'readUsual'> & {
  /** Something was committed; `isPublic`: the public board moved. */
  touch(contestId: string, isPublic: boolean): void
  /** Pushes what a crash or another process (a rebuild) has left unpushed. */
  sweep(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}
type Deps = { readonly db: Db; readonly fanout: Fanout; readonly rankedView: RankedView; readonly clock: Clock; readonly log: Log }

export function openBoards(deps: Deps): Boards {
  const views = openViews(deps)
  const pusher = openPusher({ ...deps, views })
  let listening: { stop(): Promise<void> } | undefined
  return {
    read: views.read,
    find: views.find,
    readUsual: views.readUsual,
    touch(contestId, isPublic) {
      views.touch(contestId)
      if (isPublic) pusher.pushSoon(contestId)
    },
    async sweep() {
      for (const contestId of await store.listUnpushed(deps.db)) pusher.pushSoon(contestId)
    },
    async start() {
      listening = await deps.fanout.listen(leaderboardChanged.topic, {
        hear: (payload) => views.touch((payload as { contestId?: string }).contestId ?? ''), // another replica pushed: what is known here is old
        missed: () => views.touchAll(),
      })
    },
    async stop() {
      await listening?.stop()
      await pusher.stop()
      await views.settled()
    },
  }
}
