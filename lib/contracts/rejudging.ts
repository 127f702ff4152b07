import Type, { type Static } from 'typebox'
import { Closed, Digest, Id, Time, Verdict } from './common.ts'
import { Points } from './judging.ts'
import { event, routes } from './route.ts'
import { JudgedFact } from './submission.ts'

/**
 * A rejudging: a set of submissions judged once more, aside. Until it is applied nobody but its staff sees anything of it; applied, all of its verdicts
 * count at once; discarded, none ever. Old judgings stay (docs/rejudging.md).
 *
 *   judging ──▶ ready ──▶ applied
 *      └──────────┴─────▶ discarded
 */
export const RejudgingState = Type.Enum(['judging', 'ready', 'applied', 'discarded'])
export type RejudgingState = Static<typeof RejudgingState>
/** A set has at most this many: larger ones are made in parts, by problem or time. */
export const largestRejudging = 20_000

/** Which submissions: all criteria that are given must hold. Only such as have been judged, or could not be, are taken; what is being judged is left alone. */
export const RejudgingFilter = Closed({
  contestId: Type.Optional(Id),
  problemId: Type.Optional(Id),
  userId: Type.Optional(Id),
  submissionIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 500 })),
  languages: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { minItems: 1, maxItems: 40 })),
  /** Judged so now; `fault`: those that could not be judged. */
  verdicts: Type.Optional(Type.Array(Type.Union([Verdict, Type.Literal('fault')]), { minItems: 1, maxItems: 10 })),
  /** Handed in from here … */
  from: Type.Optional(Time),
  /** … to here, this moment left out. */
  to: Type.Optional(Time),
})
export type RejudgingFilter = Static<typeof RejudgingFilter>
export const NewRejudging = Closed({
  filter: RejudgingFilter,
  reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
  /**
   * With which version of the problem's tests: `current` (default), the one that the contest names now, or without a contest the newest; `same`, the one
   * that each was judged by, to see whether it comes out the same.
   */
  version: Type.Optional(Type.Enum(['current', 'same'])),
})
export type NewRejudging = Static<typeof NewRejudging>

export const Rejudging = Type.Object({
  id: Id,
  state: RejudgingState,
  filter: RejudgingFilter,
  reason: Type.String(),
  version: Type.Enum(['current', 'same']),
  madeBy: Id,
  madeAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  total: Type.Integer(),
  judged: Type.Integer(),
  /** Could not be judged once more: they keep what they have. */
  faults: Type.Integer(),
  /** Whose verdict or score would be, or was, another. */
  changed: Type.Integer(),
})
export type Rejudging = Static<typeof Rejudging>

const Side = Type.Object({ verdict: Type.Union([Verdict, Type.Literal('fault')]), score: Type.Integer(), points: Type.Optional(Points) })
export const RejudgedSubmission = Type.Object({
  submissionId: Id,
  userId: Id,
  contestId: Type.Optional(Id),
  problemId: Id,
  label: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  submittedAt: Type.String(),
  before: Side,
  after: Side,
})
export type RejudgedSubmission = Static<typeof RejudgedSubmission>
const Standing = Type.Object({ rank: Type.Integer(), score: Type.Integer(), penalty: Type.Integer() })
/** A row of the full board, freeze or not, as it is and as it would be. */
export const MovedRow = Type.Object({ userId: Id, name: Type.String(), before: Standing, after: Standing })
export type MovedRow = Static<typeof MovedRow>

export const Judgement = Type.Object({
  attempt: Type.Integer(),
  /** The one that counts. */
  counts: Type.Boolean(),
  verdict: Verdict,
  score: Type.Integer(),
  points: Type.Optional(Points),
  cpuMs: Type.Integer(),
  memoryBytes: Type.Integer(),
  judgedAt: Type.String(),
  rejudgingId: Type.Optional(Id),
  provenance: Type.Object({ problemVersion: Type.Integer(), dataDigest: Digest, toolchain: Type.String(), checker: Type.String(), sandbox: Type.String() }),
})
export type Judgement = Static<typeof Judgement>

const byId = Closed({ id: Id })
const one = Type.Object({ rejudging: Rejudging, serverNow: Type.String() })
const page = { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })), before: Type.Optional(Id) }

export const rejudgingRoutes = routes({
  'POST /api/rejudgings': {
    summary:
      'Judge a set of submissions once more, aside, in the lowest lane. Teachers name a contest of their own, or a problem of their own (then what was practised); admins anything',
    access: 'teacher',
    body: NewRejudging,
    ok: [201, one],
    errors: ['CONTEST_NOT_FOUND', 'PROBLEM_NOT_FOUND', 'REJUDGING_EMPTY', 'REJUDGING_TOO_LARGE', 'REJUDGING_UNDER_WAY'],
  },
  'GET /api/rejudgings': {
    summary: "Rejudgings, newest first: one's own and those of one's contests; for admins all",
    access: 'teacher',
    query: Closed({ contestId: Type.Optional(Id), problemId: Type.Optional(Id), ...page }),
    ok: [200, Type.Object({ rejudgings: Type.Array(Rejudging), serverNow: Type.String(), next: Type.Optional(Id) })],
    errors: [],
  },
  'GET /api/rejudgings/:id': { summary: 'One rejudging and how far it is', access: 'teacher', params: byId, ok: [200, one], errors: ['REJUDGING_NOT_FOUND'] },
  'GET /api/rejudgings/:id/changes': {
    summary: 'What it changes: verdicts, newest submission first',
    access: 'teacher',
    params: byId,
    query: Closed(page),
    ok: [200, Type.Object({ submissions: Type.Array(RejudgedSubmission), next: Type.Optional(Id) })],
    errors: ['REJUDGING_NOT_FOUND'],
  },
  'GET /api/rejudgings/:id/board': {
    summary: 'What it changes on the board of a contest: the rows that would move, best first, at most 500; once it was applied, none',
    access: 'teacher',
    params: byId,
    query: Closed({ contestId: Id }),
    ok: [200, Type.Object({ rows: Type.Array(MovedRow), moved: Type.Integer() })],
    errors: ['REJUDGING_NOT_FOUND', 'BOARD_NOT_FOUND'],
  },
  'POST /api/rejudgings/:id/apply': {
    summary:
      'Let its verdicts count, all at once. Submissions that were judged otherwise meanwhile, and faults, keep what they have. Applying twice is applying once',
    access: 'teacher',
    params: byId,
    body: Closed({}),
    ok: [200, one],
    errors: ['REJUDGING_NOT_FOUND', 'REJUDGING_NOT_READY', 'REJUDGING_DISCARDED'],
  },
  'POST /api/rejudgings/:id/discard': {
    summary: 'Forget it: nothing of it ever counts',
    access: 'teacher',
    params: byId,
    body: Closed({}),
    ok: [200, one],
    errors: ['REJUDGING_NOT_FOUND', 'REJUDGING_APPLIED'],
  },
  'GET /api/submissions/:id/judgements': {
    summary: 'Every judging of a submission, newest first, for staff: overtaken ones stay readable',
    access: 'teacher',
    params: byId,
    ok: [200, Type.Object({ judgements: Type.Array(Judgement) })],
    errors: ['SUBMISSION_NOT_FOUND'],
  },
})

/**
 * Verdicts that count from now on, of one contest (null: practice) all in one message, so that its board moves once. Each has a higher attempt than what
 * was told of its submission before. Unchanged verdicts are left out.
 */
export const rejudgingApplied = event(
  'rejudging.applied',
  1,
  Type.Object({ rejudgingId: Id, contestId: Type.Union([Id, Type.Null()]), verdicts: Type.Array(JudgedFact) }),
)
export type RejudgingApplied = Static<typeof rejudgingApplied.payload>
