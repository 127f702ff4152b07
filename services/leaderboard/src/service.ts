import { ms } from '#kernel/units'
import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { boardLag } from './board-lag.ts'
import { openBoards } from './boards.ts'
import { consumers } from './consumers.ts'
import { turnPhases } from './usecases/keep-contest.ts'
import { readBoard } from './usecases/read-board.ts'
import { readResults } from './usecases/read-results.ts'

/** Facts of contests come in by events, rows are computed from them, and the public ones are shown and pushed. */
export const leaderboardService = defineService({
  name: 'leaderboard',
  migrations: migrationsIn(new URL('migrations/', import.meta.url)),
  build: (deps) => {
    const { db, fanout, rankedView, clock, log, metrics } = deps
    const stopReporting = metrics.report(() => boardLag(db))
    const boards = openBoards({ db, fanout, rankedView, clock, log })
    return {
      handlers: { 'GET /api/leaderboard/:contestId': readBoard({ boards, clock }), 'POST /internal/results/:contestId': readResults({ db, boards }) },
      subscriptions: consumers({ clock, boards }),
      jobs: [
        { name: 'turn boards at start, freeze and end', every: ms(500), run: () => turnPhases({ db, clock, boards }) },
        { name: 'push what was left unpushed', every: ms(1_000), run: () => boards.sweep() },
      ],
      start: () => boards.start(),
      stop: async () => {
        stopReporting()
        await boards.stop()
      },
    }
  },
})
