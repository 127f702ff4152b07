import Type, { type Static } from 'typebox'
import { Closed, Id, Verdict } from './common.ts'
import { RowChange } from './leaderboard.ts'
import { routes } from './route.ts'
import { RunEnding } from './runs.ts'

/** Codes of messages to a user; `params` fill the translated text, `message` is the English one. */
export const NotificationCode = Type.Enum([
  'SUBMISSION_JUDGED',
  'SUBMISSION_FAULT',
  /** To the owners of a problem and of the contest it is asked in: it cannot be judged by as it is. */
  'PROBLEM_FAULT',
  'CONTEST_STARTING',
  'CONTEST_TOMORROW',
  'CONTEST_STARTED',
  'CONTEST_ENDED',
  'ROLE_CHANGED',
  'WELCOME',
  'CONTEST_RESULT',
  'RECEIPT_ISSUED',
  'RENEWAL_DUE',
  'SUBSCRIPTION_OPENED',
  'SUBSCRIPTION_ENDED',
])
/** What a message is about, for who looks for one. */
export const NotificationTopic = Type.Enum(['submissions', 'contests', 'account', 'billing'])
export type NotificationTopic = Static<typeof NotificationTopic>
/** Mail that one can do without. Mail about the account itself (proving an address, a new password) is always sent. */
export const MailKind = Type.Enum(['reminders', 'results', 'receipts'])
export type MailKind = Static<typeof MailKind>
const MailPreferences = Closed({ reminders: Type.Boolean(), results: Type.Boolean(), receipts: Type.Boolean() })
export const Notification = Type.Object({
  seq: Type.Integer({ description: "grows within one user's inbox" }),
  code: NotificationCode,
  params: Type.Record(Type.String(), Type.Unknown()),
  message: Type.String(),
  at: Type.String(),
  read: Type.Boolean(),
})
export type Notification = Static<typeof Notification>

const KeptMail = Type.Object({ name: Type.String(), to: Type.String(), subject: Type.String(), at: Type.String() })

export const notificationsRoutes = routes({
  'GET /api/notifications': {
    summary: 'The inbox, newest first; with `after`, what came since, oldest first',
    access: 'user',
    query: Closed({
      after: Type.Optional(Type.Integer({ minimum: 0 })),
      /** These three do not go with `after`, which leaves nothing out. */
      before: Type.Optional(Type.Integer({ minimum: 0, description: 'older than this one: `next` of the page before' })),
      unread: Type.Optional(Type.Boolean()),
      topic: Type.Optional(NotificationTopic),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    ok: [200, Type.Object({ notifications: Type.Array(Notification), unread: Type.Integer(), serverNow: Type.String(), next: Type.Optional(Type.Integer()) })],
    errors: [],
  },
  'POST /api/notifications/read': {
    summary: 'Mark as read up to and including `seq`',
    access: 'user',
    body: Closed({ seq: Type.Integer({ minimum: 0 }) }),
    ok: [200, Type.Object({ unread: Type.Integer() })],
    errors: [],
  },
  'GET /api/notifications/preferences': {
    summary: 'Which mail the caller gets. Everything is on until it is turned off',
    access: 'user',
    ok: [200, Type.Object({ mail: MailPreferences })],
    errors: [],
  },
  'PATCH /api/notifications/preferences': {
    summary: 'Turn kinds of mail on or off',
    access: 'user',
    body: Closed({ mail: Type.Partial(MailPreferences, { additionalProperties: false }) }),
    ok: [200, Type.Object({ mail: MailPreferences })],
    errors: [],
  },
  'POST /api/notifications/unsubscribe': {
    summary: 'One-click unsubscribe (RFC 8058), as mail programs send it and as the page of the link does; the signed token names user and kind',
    access: 'anyone',
    query: Closed({ token: Type.String({ minLength: 1, maxLength: 300, pattern: '^[A-Za-z0-9_.-]+$' }) }),
    // RFC 8058, 3.2: the first should be sent, the second may be
    rawBody: { contentType: 'multipart/form-data', others: ['application/x-www-form-urlencoded'], limitBytes: 1024 },
    ok: [200, Type.Object({ kind: MailKind, mail: Type.Literal('off') })],
    errors: ['TOKEN_INVALID'],
  },
  'GET /api/notifications/presence/:contestId': {
    summary: "Which participants of one's own contest have the page open (`here`: a socket within the last minute), and when others last had, within a day",
    access: 'teacher',
    params: Closed({ contestId: Id }),
    ok: [
      200,
      Type.Object({
        people: Type.Array(Type.Object({ userId: Id, seenAt: Type.String(), here: Type.Boolean() }), { maxItems: 5_000 }),
        serverNow: Type.String(),
      }),
    ],
    errors: ['CONTEST_NOT_FOUND'],
  },
  // ---- the mail folder of a development machine ----
  'GET /api/mails': {
    summary: 'Mail that was kept in a folder instead of being sent, newest first. Development only, and only from this machine',
    access: 'admin',
    ok: [200, Type.Object({ mails: Type.Array(KeptMail) })],
    errors: ['NOT_FOUND'],
  },
  'GET /api/mails/:name': {
    summary: 'One of them, as text and as HTML (show it in a sandboxed frame)',
    access: 'admin',
    params: Closed({ name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$' }) }),
    ok: [200, Type.Object({ mail: Type.Object({ ...KeptMail.properties, text: Type.String(), html: Type.Optional(Type.String()) }) })],
    errors: ['MAIL_NOT_FOUND'],
  },
})

// ---- WebSocket /api/ws ----------------------------------------------------------------------------------------------

/** What a client may say; anything else closes the socket with 1008. `auth` must be the first, within 5 s. */
export const ClientMessage = Type.Union([
  Closed({ type: Type.Literal('auth'), token: Type.String({ maxLength: 4000 }) }),
  Closed({ type: Type.Literal('resume'), after: Type.Integer({ minimum: 0 }) }),
  Closed({
    type: Type.Literal('subscribe'),
    channel: Type.String({ pattern: '^leaderboard:[0-9a-f-]{36}$' }),
    /** To follow a board on a thin line: `moved` instead of `leaderboard.changed`. The first `top` rows and one's own at once, the rest once a minute. */
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }),
  Closed({ type: Type.Literal('unsubscribe'), channel: Type.String({ pattern: '^leaderboard:[0-9a-f-]{36}$' }) }),
  Closed({ type: Type.Literal('ping') }),
])
export type ClientMessage = Static<typeof ClientMessage>

/**
 * A row of a board in few bytes, as it stands now: the last 12 letters of its user's id; score, penalty, last minute and rank; the cells that changed (label;
 * 1 solved, 2 first of all to solve it besides, 0 else; score; attempts; pending; minute). Of a user not named to this audience before: id, name and school.
 */
const BoardMove = Type.Tuple([
  Type.String(),
  Type.Integer(),
  Type.Integer(),
  Type.Integer(),
  Type.Integer({ description: '0: not known' }),
  Type.Array(Type.Array(Type.Union([Type.String(), Type.Integer()]))),
  Type.Array(Type.String(), { description: 'empty, or id, name and school' }),
])
export type BoardMove = Static<typeof BoardMove>

/** What the server says. Own events carry the inbox's `seq`; progress does not (it is not kept). */
export const ServerMessage = Type.Union([
  Type.Object({ type: Type.Literal('ready'), seq: Type.Integer(), serverNow: Type.String() }),
  Type.Object({ type: Type.Literal('subscribed'), channel: Type.String() }),
  Type.Object({ type: Type.Literal('pong'), serverNow: Type.String() }),
  Type.Object({ type: Type.Literal('error'), code: Type.String(), message: Type.String() }),
  Type.Object({
    type: Type.Literal('submission.judged'),
    seq: Type.Integer(),
    id: Id,
    contestId: Type.Optional(Id),
    problemId: Id,
    label: Type.Optional(Type.String()),
    verdict: Verdict,
    score: Type.Integer(),
    code: Type.String(),
    params: Type.Record(Type.String(), Type.Unknown()),
    message: Type.String(),
  }),
  Type.Object({ type: Type.Literal('submission.progress'), id: Id, stage: Type.Enum(['compiling', 'running']), test: Type.Integer(), of: Type.Integer() }),
  /** A run of one's own has its answer: `GET /api/runs/:id` shows it. Not kept in the inbox. */
  Type.Object({
    type: Type.Literal('run.finished'),
    id: Id,
    status: Type.Enum(['finished', 'fault']),
    outcome: Type.Optional(RunEnding),
    code: Type.Enum(['RUN_FINISHED', 'RUN_FAULT']),
    params: Type.Record(Type.String(), Type.Unknown()),
    message: Type.String(),
  }),
  Type.Object({
    type: Type.Literal('leaderboard.changed'),
    contestId: Id,
    revision: Type.Integer(),
    previous: Type.Integer(),
    cells: Type.Array(RowChange),
    refetch: Type.Boolean(),
  }),
  /**
   * To who follows a board with `top`. All that changed after public revision `p` up to `r` is in this message, in one before it, or (rows further down) in one
   * within a minute. A client whose board is older than `p`, or who is told to, fetches it; one whose board is newer than `r` has it all.
   */
  Type.Object({
    type: Type.Literal('moved'),
    board: Type.String({ description: "the last 12 letters of the contest's id" }),
    p: Type.Integer(),
    r: Type.Integer(),
    rows: Type.Array(BoardMove),
    refetch: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ type: Type.Literal('contest.changed'), contestId: Id, moment: Type.Enum(['updated', 'starting', 'started', 'frozen', 'ended']) }),
  Type.Object({
    type: Type.Literal('notification'),
    seq: Type.Integer(),
    code: Type.String(),
    params: Type.Record(Type.String(), Type.Unknown()),
    message: Type.String(),
    at: Type.String(),
  }),
])
export type ServerMessage = Static<typeof ServerMessage>

/**
 * Close codes: 4401 token missing, bad or expired; 4403 session ended (log in again); 4408 no auth within 5 s; 1008 protocol; 1013 come again later, after a jittered delay.
 * Where the reason of a 1013 is `retry N`, N is that delay in milliseconds, drawn for this socket (at most 10 s): a replica that stops sends its sockets
 * back spread out, not all in one instant.
 */
export const closeCodes = { unauthenticated: 4401, sessionEnded: 4403, authTimeout: 4408, protocol: 1008, comeAgain: 1013 } as const
