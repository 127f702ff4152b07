import Type, { type Static } from 'typebox'
import { Closed, ContestFormat, Id } from './common.ts'
import { event, routes } from './route.ts'

/** One participant at one problem. `pending` counts runs not judged yet or hidden by the freeze. */
export const BoardCell = Type.Object({
  problemId: Id,
  label: Type.String(),
  solved: Type.Boolean(),
  /** Points won (points format); 1 or 0 in ICPC. */
  score: Type.Integer(),
  /** Judged runs that count (ICPC: rejected ones before the first acceptance, plus that one). */
  attempts: Type.Integer(),
  pending: Type.Integer(),
  /** Whole minutes from the participant's start to the first acceptance (ICPC) or best score. */
  minute: Type.Optional(Type.Integer()),
  /** First of all to solve it. */
  first: Type.Optional(Type.Boolean()),
})
export type BoardCell = Static<typeof BoardCell>
const rowFields = {
  userId: Id,
  name: Type.String(),
  school: Type.String(),
  /** Solved problems (ICPC) or points. */
  score: Type.Integer(),
  /** Minutes; 0 in the points format. */
  penalty: Type.Integer(),
  /** Third key of the order, smaller is better: minute of the last acceptance (ICPC), else 0. */
  lastMinute: Type.Integer(),
  cells: Type.Array(BoardCell),
}
/** Equal (score, penalty, lastMinute) share a rank and the next ranks stay empty; rows of a rank are in order of name, then id. */
export const BoardRow = Type.Object({ rank: Type.Integer(), ...rowFields })
export type BoardRow = Static<typeof BoardRow>
/** What a push carries of a row: its totals, and only those cells that changed. */
export const RowChange = Type.Object(rowFields)
export type RowChange = Static<typeof RowChange>

export const Board = Type.Object({
  contestId: Id,
  revision: Type.Integer(),
  format: ContestFormat,
  /** The public board stands still now. */
  frozen: Type.Boolean(),
  /** The leaderboard service lags behind or cannot reach its store: the last known board. */
  stale: Type.Optional(Type.Boolean()),
  problems: Type.Array(Type.Object({ problemId: Id, label: Type.String(), title: Type.String(), points: Type.Integer() })),
  total: Type.Integer({ description: 'rows of the whole board' }),
  rows: Type.Array(BoardRow),
  serverNow: Type.String(),
})
export type Board = Static<typeof Board>

export const leaderboardRoutes = routes({
  'GET /api/leaderboard/:contestId': {
    summary:
      'The board: the first `top` rows (default 100), and `around` rows on each side of the caller. ETag is the revision. Staff may ask for the board behind the freeze',
    access: 'anyone',
    params: Closed({ contestId: Id }),
    query: Closed({
      top: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
      around: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      unfrozen: Type.Optional(Type.Boolean()),
    }),
    ok: [200, Board],
    errors: ['BOARD_NOT_FOUND'],
  },
  'POST /internal/results/:contestId': {
    summary: 'The final rows of some participants of a contest that is over. `settled`: nothing of it is being judged any more',
    access: 'service',
    scope: 'results:read',
    callers: ['notifications', 'arena'],
    params: Closed({ contestId: Id }),
    body: Closed({ userIds: Type.Array(Id, { minItems: 1, maxItems: 500 }) }),
    ok: [
      200,
      Type.Object({
        settled: Type.Boolean(),
        format: ContestFormat,
        total: Type.Integer({ description: 'rows of the whole board' }),
        problemCount: Type.Integer(),
        rows: Type.Array(
          Type.Object({ userId: Id, rank: Type.Integer(), score: Type.Integer(), penalty: Type.Integer(), solved: Type.Integer(), attempted: Type.Integer() }),
        ),
      }),
    ],
    errors: ['BOARD_NOT_FOUND'],
  },
})

/** Broadcast, at most about two a second a contest: public changes only; a client whose revision is not `previous` fetches the board again. */
export const leaderboardChanged = event(
  'leaderboard.changed',
  1,
  Type.Object({
    contestId: Id,
    revision: Type.Integer(),
    previous: Type.Integer(),
    cells: Type.Array(RowChange),
    /** Too much changed for one message: fetch the board. */
    refetch: Type.Boolean(),
  }),
)
export type LeaderboardChanged = Static<typeof leaderboardChanged.payload>
