import { ms } from '#kernel/units'
import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { boardLag } from './board-lag.ts'
import { openBoards } from './boards.ts'
import { consumers } from './consumers.ts'
import { exportBoard } from './usecases/export-board.ts'
import { turnPhases } from './usecases/keep-contest.ts'
import { previewBoard } from './usecases/preview-board.ts'
import { readBoard } from './usecases/read-board.ts'
import { readHistory } from './usecases/read-history.ts'
import { readResults } from './usecases/read-results.ts'
import { searchBoard } from './usecases/search-board.ts'

/** Facts of contests come in by events, rows are computed from them, and the public ones are shown and pushed. */
export const leaderboardService = defineService({
  name: 'leaderboard',
  migrations: migrationsIn(new URL('migrations/', import.meta.url)),
  build: (deps) => {
    const { db, fanout, rankedView, clock, log, metrics } = deps
    const stopReporting = metrics.report(() => boardLag(db))
    const boards = openBoards({ db, fanout, rankedView, clock, log })
    return {
      handlers: {
        'GET /api/leaderboard/:contestId': readBoard({ boards, clock }),
        'GET /api/leaderboard/:contestId/search': searchBoard({ db, boards, clock }),
        'GET /api/leaderboard/:contestId/history': readHistory({ db, boards, clock }),
        'GET /api/leaderboard/:contestId/export': exportBoard({ boards }),
        'POST /internal/results/:contestId': readResults({ db, boards }),
        'POST /internal/board-preview/:contestId': previewBoard({ db }),
      },
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
