import Type, { type Static } from 'typebox'
import { Closed, ContestFormat, Detail, Digest, Feedback, Id, LabelText, Phase, ProblemKind, Scoring, Subject, Time, Timing, Title } from './common.ts'
import { ExportFormat, ImportReport } from './packages.ts'
import { Judging, NewProblem, Problem, ProblemChange, ProblemSummary, ProblemTitle, SampleQuestion } from './problem.ts'
import { event, routes } from './route.ts'
import { Answer } from './submission.ts'
import { Verification, VerificationState } from './verification.ts'

export * from './packages.ts'
export * from './problem.ts'

// ---- contests -------------------------------------------------------------------------------------------------------

export const Rules = Closed({
  freezeMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 24 * 60, description: 'the board stands still this long before the end' })),
  penaltyMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 120, description: 'per rejected run of a solved problem; default 20' })),
  feedback: Type.Optional(Feedback),
  detail: Type.Optional(Detail),
  scoring: Type.Optional(Scoring),
})
export type Rules = Static<typeof Rules>
const ContestProblemInput = Closed({
  problemId: Id,
  label: Type.Optional(LabelText),
  points: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  maxAttempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'default: 1 for choice, 3 for numeric, no bound for programs' })),
})
const contestFields = {
  title: Title,
  description: Type.Optional(Type.String({ maxLength: 10_000 })),
  subject: Subject,
  format: ContestFormat,
  timing: Type.Optional(Timing),
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Time),
  durationMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 * 24 * 31 })),
  rules: Type.Optional(Rules),
  premium: Type.Optional(Type.Boolean()),
  problems: Type.Array(ContestProblemInput, { maxItems: 100 }),
}
export const NewContest = Closed(contestFields)
export type NewContest = Static<typeof NewContest>
export const ContestChange = Closed({
  title: Type.Optional(Title),
  description: Type.Optional(Type.String({ maxLength: 10_000 })),
  subject: Type.Optional(Subject),
  format: Type.Optional(ContestFormat),
  timing: Type.Optional(Timing),
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Time),
  durationMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 * 24 * 31 })),
  rules: Type.Optional(Rules),
  premium: Type.Optional(Type.Boolean()),
  problems: Type.Optional(Type.Array(ContestProblemInput, { maxItems: 100 })),
})
export type ContestChange = Static<typeof ContestChange>

export const ContestProblem = Type.Object({
  problemId: Id,
  label: Type.String(),
  points: Type.Integer(),
  maxAttempts: Type.Optional(Type.Integer()),
  kind: ProblemKind,
  title: Type.String(),
  /** For staff: the version it is judged by here, and the newest there is. A contest that has begun keeps its own until it is switched. */
  version: Type.Optional(Type.Integer()),
  newestVersion: Type.Optional(Type.Integer()),
  /** For staff: of the version it is judged by here, where the problem has solutions of its own. All but `verified` is a warning. */
  verification: Type.Optional(VerificationState),
  /** The problem itself, without `authoring`. */
  problem: Problem,
})
const contestSummary = {
  id: Id,
  title: Type.String(),
  subject: Subject,
  format: ContestFormat,
  timing: Timing,
  startsAt: Type.Optional(Type.String()),
  endsAt: Type.Optional(Type.String()),
  durationMinutes: Type.Optional(Type.Integer()),
  rules: Rules,
  /** Joining it, and opening its problems, takes a subscription (staff, and members of a school that has one, pass). */
  premium: Type.Boolean(),
  archived: Type.Boolean(),
  ownerId: Id,
  /** The clock of the contest itself: `frozen` is the last stretch of running. */
  phase: Phase,
  /** The caller's own clock: with personal timing it ends at `myEndsAt`. */
  myPhase: Phase,
  myEndsAt: Type.Optional(Type.String()),
  registered: Type.Boolean(),
  /** The caller may edit it and read its sources. */
  mayEdit: Type.Boolean(),
  problemCount: Type.Integer(),
  participantCount: Type.Integer(),
}
export const ContestSummary = Type.Object(contestSummary)
export type ContestSummary = Static<typeof ContestSummary>
/**
 * `problems` is absent where the caller may not see them (yet): before the start, not registered while it runs, after the end of a premium contest without
 * a subscription.
 */
export const Contest = Type.Object({
  ...contestSummary,
  description: Type.String(),
  descriptionHtml: Type.String(),
  problems: Type.Optional(Type.Array(ContestProblem)),
})
export type Contest = Static<typeof Contest>

export const Language = Type.Object({
  id: Type.String(),
  name: Type.String(),
  version: Type.String(),
  compile: Type.Optional(Type.String()),
  run: Type.String(),
  timeFactor: Type.Number(),
  /** What its runtime may take beside the problem's memory limit. */
  memoryBesideBytes: Type.Optional(Type.Integer()),
})
export type Language = Static<typeof Language>

const ContestAnswer = Type.Object({ contest: Contest, serverNow: Type.String() })
const byId = Closed({ id: Id })
const inLanguage = Closed({
  language: Type.Optional(
    Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$', description: 'of statements, where there are several; default: Accept-Language' }),
  ),
})

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
export const contestRoutes = routes({
  'GET /api/contests': {
    summary: 'All contests the caller may know of, newest start first',
    access: 'anyone',
    query: Closed({
      subject: Type.Optional(Subject),
      phase: Type.Optional(Phase),
      mine: Type.Optional(Type.Boolean()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      before: Type.Optional(Id),
    }),
    ok: [200, Type.Object({ contests: Type.Array(ContestSummary), serverNow: Type.String(), next: Type.Optional(Id) })],
    errors: [],
  },
  'GET /api/contests/:id': {
    summary:
      'One contest, with its problems as far as the caller may see them. A participant of a premium contest whose subscription is over gets 402 at its opening',
    access: 'anyone',
    params: byId,
    query: inLanguage,
    ok: [200, ContestAnswer],
    errors: ['CONTEST_NOT_FOUND', 'SUBSCRIPTION_NEEDED', 'ENTITLEMENT_UNKNOWN'],
  },
  'POST /api/contests': {
    summary: 'Make a contest',
    access: 'teacher',
    body: NewContest,
    ok: [201, ContestAnswer],
    errors: ['TIMES_INVALID', 'PROBLEM_NOT_FOUND', 'PROBLEM_TWICE'],
  },
  'PATCH /api/contests/:id': {
    summary: 'Change a contest; once it has started, format, timing, start, the removal of problems and becoming premium are closed',
    access: 'teacher',
    params: byId,
    body: ContestChange,
    ok: [200, ContestAnswer],
    errors: ['CONTEST_NOT_FOUND', 'TIMES_INVALID', 'PROBLEM_NOT_FOUND', 'PROBLEM_TWICE', 'CONTEST_HAS_STARTED'],
  },
  'DELETE /api/contests/:id': {
    summary: 'Remove a contest; one that has submissions is archived instead',
    access: 'teacher',
    params: byId,
    ok: [200, Type.Object({ removed: Type.Enum(['deleted', 'archived']) })],
    errors: ['CONTEST_NOT_FOUND'],
  },
  'POST /api/contests/:id/copy': {
    summary: 'Copy a contest as one of your own, scheduled a week later, without participants',
    access: 'teacher',
    params: byId,
    ok: [201, ContestAnswer],
    errors: ['CONTEST_NOT_FOUND'],
  },
  'POST /api/contests/:id/problems/:problemId/version': {
    summary: 'Judge what is handed in from now on by another version of the problem. What was judged stays; a rejudging is asked for by itself',
    access: 'teacher',
    params: Closed({ id: Id, problemId: Id }),
    body: Closed({ version: Type.Integer({ minimum: 1 }) }),
    ok: [200, ContestAnswer],
    errors: ['CONTEST_NOT_FOUND', 'PROBLEM_NOT_FOUND', 'VERSION_NOT_FOUND'],
  },
  'POST /api/contests/:id/register': {
    summary: 'Join; with personal timing this starts your clock. Joining twice is joining once. 402 carries the plans that would open a premium contest',
    access: 'user',
    params: byId,
    ok: [200, ContestAnswer],
    errors: ['CONTEST_NOT_FOUND', 'CONTEST_NOT_OPEN', 'SUBSCRIPTION_NEEDED', 'ENTITLEMENT_UNKNOWN'],
  },
  'GET /api/problems': {
    summary: "Public problems; for teachers also their own, for admins everybody's",
    access: 'user',
    query: Closed({
      query: Type.Optional(Type.String({ maxLength: 100 })),
      kind: Type.Optional(ProblemKind),
      subject: Type.Optional(Subject),
      mine: Type.Optional(Type.Boolean()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      before: Type.Optional(Id),
    }),
    ok: [200, Type.Object({ problems: Type.Array(ProblemSummary), next: Type.Optional(Id) })],
    errors: [],
  },
  'POST /api/problems': {
    summary: 'Make a problem',
    access: 'teacher',
    body: NewProblem,
    bodyLimitBytes: 8 * 1024 ** 2,
    ok: [201, Type.Object({ problem: Problem })],
    errors: ['PROBLEM_INVALID'],
  },
  'POST /api/problems/preview': {
    summary: 'Render Markdown with formulas as a statement would be',
    access: 'teacher',
    body: Closed({ statement: Type.String({ maxLength: 50_000 }) }),
    ok: [200, Type.Object({ html: Type.String() })],
    errors: [],
  },
  'POST /api/problems/import': {
    summary: 'Import a problem package (a zip, at most 64 MiB): ICPC/Kattis, legacy or 2025-09, or a full one of Polygon. 422 lists all that is wrong with it',
    access: 'teacher',
    rawBody: { contentType: 'application/zip', limitBytes: 64 * 1024 ** 2 },
    ok: [201, Type.Object({ problem: Problem, warnings: Type.Array(Type.String()), report: ImportReport, verification: Type.Enum(['running', 'none']) })],
    errors: ['PACKAGE_INVALID'],
  },
  'POST /api/problems/:id/verify': {
    summary: "Have the problem's own solutions judged, and compare with what its package says of them; while that runs, the one that runs is answered",
    access: 'teacher',
    params: byId,
    ok: [202, Type.Object({ verification: Verification })],
    errors: ['PROBLEM_NOT_FOUND', 'PROBLEM_INVALID'],
  },
  'GET /api/problems/:id': {
    summary: 'One problem, as far as the caller may see it. 402 where a subscription to a premium contest would show it',
    access: 'user',
    params: byId,
    query: inLanguage,
    ok: [200, Type.Object({ problem: Problem })],
    errors: ['PROBLEM_NOT_FOUND', 'SUBSCRIPTION_NEEDED', 'ENTITLEMENT_UNKNOWN'],
  },
  'GET /api/problems/:id/export': {
    summary: 'A program problem as an ICPC/Kattis package, for its author: all that is needed to import it again',
    access: 'teacher',
    params: byId,
    query: Closed({ format: Type.Optional(ExportFormat) }),
    ok: [200, Type.Unknown()],
    okContentType: 'application/zip',
    errors: ['PROBLEM_NOT_FOUND', 'PROBLEM_INVALID'],
  },
  'GET /api/problems/:id/files/:name': {
    summary: "A picture or PDF file of a problem's statement, for whoever may see the problem; `key`, which its statement has, stands for a login",
    access: 'anyone',
    params: Closed({ id: Id, name: Type.String({ maxLength: 100 }) }),
    query: Closed({ key: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })) }),
    ok: [200, Type.Unknown()],
    okContentType: 'application/octet-stream',
    errors: ['SUBSCRIPTION_NEEDED', 'ENTITLEMENT_UNKNOWN'],
  },
  'GET /api/problems/:id/tests/:index': {
    summary: "One test's data, for the author",
    access: 'teacher',
    params: Closed({ id: Id, index: Type.Integer({ minimum: 1, maximum: 10_000 }) }),
    ok: [200, Type.Object({ input: Type.String(), output: Type.String(), cut: Type.Boolean({ description: 'longer than 64 KiB: only the beginning' }) })],
    errors: ['PROBLEM_NOT_FOUND'],
  },
  'PATCH /api/problems/:id': {
    summary: 'Change a problem',
    access: 'teacher',
    params: byId,
    body: ProblemChange,
    bodyLimitBytes: 8 * 1024 ** 2,
    ok: [200, Type.Object({ problem: Problem })],
    errors: ['PROBLEM_NOT_FOUND', 'PROBLEM_INVALID'],
  },
  'DELETE /api/problems/:id': {
    summary: 'Remove a problem that no contest uses',
    access: 'teacher',
    params: byId,
    ok: [204, Type.Null()],
    errors: ['PROBLEM_NOT_FOUND', 'PROBLEM_IN_USE'],
  },
  'GET /api/problem-titles': {
    summary: 'Titles of problems by id (at most 100), as far as the caller may know of them: public ones, own ones, those a contest has shown',
    access: 'user',
    query: Closed({ ids: Type.String({ pattern: `^${uuid}(,${uuid}){0,99}$`, description: 'ids with commas between' }) }),
    ok: [200, Type.Object({ problems: Type.Array(ProblemTitle) })],
    errors: [],
  },
  'GET /api/samples': {
    summary: 'Questions to try without an account: public ones that their author tagged `sample`, and that no contest asks which is not over',
    access: 'anyone',
    query: Closed({ language: Type.Optional(Type.Enum(['en', 'rw', 'fr'])) }),
    ok: [200, Type.Object({ samples: Type.Array(SampleQuestion) })],
    errors: [],
  },
  'POST /api/samples/:id/check': {
    summary: 'Whether an answer to a sample is right; nothing is kept. With a right one comes why',
    access: 'anyone',
    params: Closed({ id: Id }),
    body: Closed({ answer: Answer }),
    bodyLimitBytes: 4096,
    ok: [200, Type.Object({ right: Type.Boolean(), explanationHtml: Type.Optional(Type.String()) })],
    errors: ['PROBLEM_NOT_FOUND', 'ANSWER_KIND_MISMATCH', 'ANSWER_UNREADABLE'],
  },
  'GET /api/languages': {
    summary: 'Languages programs may be written in, and whether programs are being judged now',
    access: 'anyone',
    ok: [
      200,
      Type.Object({ languages: Type.Array(Language), judge: Type.Object({ state: Type.Enum(['ready', 'waiting']), reason: Type.Optional(Type.String()) }) }),
    ],
    errors: [],
  },
  'GET /internal/problems/:id/versions/:version/judging': {
    summary: 'How to judge one version of a problem',
    access: 'service',
    scope: 'test-data:read',
    callers: ['evaluation', 'arena'],
    params: Closed({ id: Id, version: Type.Integer({ minimum: 1 }) }),
    ok: [200, Judging],
    errors: ['PROBLEM_NOT_FOUND'],
  },
  'GET /internal/test-data/:digest': {
    summary: 'A blob of test data',
    access: 'service',
    scope: 'test-data:read',
    callers: ['evaluation', 'arena'],
    params: Closed({ digest: Digest }),
    ok: [200, Type.Unknown()],
    okContentType: 'application/octet-stream',
    errors: ['NOT_FOUND'],
  },
})

// ---- events ---------------------------------------------------------------------------------------------------------

/** A contest as other services know it. The whole of it, with a growing `revision`: consumers keep the newest, in whatever order they come. No secrets. */
const ContestSnapshot = Type.Object({
  contestId: Id,
  revision: Type.Integer(),
  title: Type.String(),
  subject: Subject,
  format: ContestFormat,
  timing: Timing,
  startsAt: Type.Union([Type.String(), Type.Null()]),
  endsAt: Type.Union([Type.String(), Type.Null()]),
  durationMinutes: Type.Union([Type.Integer(), Type.Null()]),
  /** From here on the public board stands still, until `endsAt`. With feedback after the end, that is the start. */
  freezeAt: Type.Union([Type.String(), Type.Null()]),
  penaltyMinutes: Type.Integer(),
  feedback: Feedback,
  /** Absent in older events: `full`. */
  detail: Type.Optional(Detail),
  /** Absent in older events: `subtasks`. */
  scoring: Type.Optional(Scoring),
  ownerId: Id,
  archived: Type.Boolean(),
  deleted: Type.Boolean(),
  problems: Type.Array(
    Type.Object({
      problemId: Id,
      version: Type.Integer(),
      label: Type.String(),
      title: Type.String(),
      kind: ProblemKind,
      points: Type.Integer(),
      maxAttempts: Type.Union([Type.Integer(), Type.Null()]),
    }),
  ),
})
export type ContestSnapshot = Static<typeof ContestSnapshot>
export const contestPublished = event('contest.published', 1, ContestSnapshot)
export const contestUpdated = event('contest.updated', 1, ContestSnapshot)
const ContestMoment = Type.Object({ contestId: Id, title: Type.String(), at: Type.String() })
export type ContestMoment = Static<typeof ContestMoment>
/** Ten minutes before the start (or at once, when published later than that). */
export const contestStarting = event('contest.starting', 1, ContestMoment)
export const contestStarted = event('contest.started', 1, ContestMoment)
export const contestFrozen = event('contest.frozen', 1, ContestMoment)
export const contestEnded = event('contest.ended', 1, ContestMoment)

/** What accepting a submission needs to know of a problem; `revision` as above, `version` names the judging data. */
const ProblemSnapshot = Type.Object({
  problemId: Id,
  revision: Type.Integer(),
  version: Type.Integer(),
  ownerId: Id,
  title: Type.String(),
  kind: ProblemKind,
  public: Type.Boolean(),
  deleted: Type.Boolean(),
  languages: Type.Union([Type.Array(Type.String()), Type.Null()]),
  sourceBytes: Type.Integer(),
  optionIds: Type.Union([Type.Array(Type.String()), Type.Null()]),
  multiple: Type.Boolean(),
})
export type ProblemSnapshot = Static<typeof ProblemSnapshot>
export const problemUpdated = event('problem.updated', 1, ProblemSnapshot)

/** `startedAt` is where the participant's own clock begins: the contest's start, or with personal timing and untimed contests the moment of joining. */
const Registration = Type.Object({ contestId: Id, userId: Id, startedAt: Type.String(), endsAt: Type.Union([Type.String(), Type.Null()]) })
export type Registration = Static<typeof Registration>
export const registrationChanged = event('registration.changed', 1, Registration)
