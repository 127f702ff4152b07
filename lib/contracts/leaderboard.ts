import Type, { type Static } from 'typebox'
import { Closed, ContestFormat, Id } from './common.ts'
import { largestRejudging, MovedRow } from './rejudging.ts'
import { event, routes } from './route.ts'
import { JudgedFact } from './submission.ts'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

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
export const BoardRow = Type.Object({
  rank: Type.Integer(),
  ...rowFields,
  at: Type.Optional(Type.Integer({ description: 'position on the board, from 0: told where it is not `from` plus the position in `rows`' })),
})
export type BoardRow = Static<typeof BoardRow>
/** What a push carries of a row: its totals, only those cells that changed, and where it stands (a hint: neighbours move too, and are not named). */
export const RowChange = Type.Object({ ...rowFields, rank: Type.Optional(Type.Integer()) })
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

/** One participant's way to the score: it stands as a step says until the next one. */
const HistoryLine = Type.Object({
  userId: Id,
  name: Type.String(),
  rank: Type.Integer(),
  steps: Type.Array(
    Type.Object({ minute: Type.Integer({ description: "whole minutes from the participant's start" }), score: Type.Integer(), penalty: Type.Integer() }),
    { description: 'in order of time; none: the score never moved. At most 200, the last one always among them' },
  ),
})
const BoardHistory = Type.Object({
  contestId: Id,
  revision: Type.Integer(),
  format: ContestFormat,
  frozen: Type.Boolean(),
  lines: Type.Array(HistoryLine, { description: 'in order of the board; the caller, if further down, comes last' }),
  serverNow: Type.String(),
})
export type BoardHistory = Static<typeof BoardHistory>

export const leaderboardRoutes = routes({
  'GET /api/leaderboard/:contestId': {
    summary:
      'The board: `top` rows (default 100) from position `from` (default 0) on, and `around` rows on each side of the caller. ETag is the revision. Staff may ask for the board behind the freeze',
    access: 'anyone',
    params: Closed({ contestId: Id }),
    query: Closed({
      top: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
      from: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
      around: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      unfrozen: Type.Optional(Type.Boolean()),
    }),
    ok: [200, Board],
    errors: ['BOARD_NOT_FOUND'],
  },
  'GET /api/leaderboard/:contestId/search': {
    summary:
      'Rows of the public board, in its order: those whose name or school has words that begin so, those of a school, or those of these users. At most 200',
    access: 'anyone',
    params: Closed({ contestId: Id }),
    query: Closed({
      text: Type.Optional(Type.String({ maxLength: 100, description: 'words of names and schools; case and accents do not count' })),
      school: Type.Optional(Type.String({ maxLength: 100, description: 'words of schools' })),
      users: Type.Optional(
        Type.String({ pattern: `^${uuid}(,${uuid}){0,99}$`, maxLength: 3_700, description: 'up to 100 ids with commas between; then words do not count' }),
      ),
    }),
    ok: [
      200,
      Type.Object({
        contestId: Id,
        revision: Type.Integer(),
        rows: Type.Array(BoardRow, { description: 'each says `at`, where it stands' }),
        more: Type.Boolean({ description: 'there are more than these' }),
        serverNow: Type.String(),
      }),
    ],
    errors: ['BOARD_NOT_FOUND'],
  },
  'GET /api/leaderboard/:contestId/history': {
    summary:
      'How the first `top` (default 10) of the public board, and the caller, came to their scores. Runs hidden by the freeze are not in it. ETag is the revision',
    access: 'anyone',
    params: Closed({ contestId: Id }),
    query: Closed({ top: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })) }),
    ok: [200, BoardHistory],
    errors: ['BOARD_NOT_FOUND'],
  },
  'GET /api/leaderboard/:contestId/export': {
    summary:
      "All results as a file for spreadsheets, behind any freeze: for the contest's owner and admins. At most 100,000 participants; a last row says when there are more",
    access: 'teacher',
    params: Closed({ contestId: Id }),
    query: Closed({
      format: Type.Enum(['csv', 'xlsx']),
      separator: Type.Optional(Type.Enum(['comma', 'semicolon', 'tab'], { description: 'of csv: Excel in French wants semicolons; default comma' })),
      language: Type.Optional(Type.Enum(['en', 'fr', 'rw'], { description: 'of the column names; default en' })),
    }),
    ok: [200, Type.Unknown()],
    okContentType: 'application/octet-stream',
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
  'POST /internal/board-preview/:contestId': {
    summary: 'Which rows of the full board would move, were these verdicts to count: best first, at most 500 of `moved`. Nothing is kept',
    access: 'service',
    scope: 'boards:preview',
    callers: ['submission', 'arena'],
    params: Closed({ contestId: Id }),
    body: Closed({ verdicts: Type.Array(JudgedFact, { maxItems: largestRejudging }) }),
    bodyLimitBytes: 32 * 1024 ** 2,
    ok: [200, Type.Object({ rows: Type.Array(MovedRow), moved: Type.Integer() })],
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
