import Type, { type Static } from 'typebox'
import { Closed, Id, Role } from './common.ts'
import { event, routes } from './route.ts'

export const InterfaceLanguage = Type.Enum(['en', 'rw', 'fr'])
export const Email = Type.String({ pattern: '^[^@\\s]{1,64}@[^@\\s.]+(\\.[^@\\s.]+)+$', maxLength: 254 })
/** Kept in lower case; no `@`, so that a login name is one or the other. */
export const Username = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$' })
const Password = Type.String({ minLength: 1, maxLength: 256 })
const PersonName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const School = Type.String({ maxLength: 120 })
/** 32 random bytes, base64url. */
const MailedToken = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

export const User = Type.Object({
  id: Id,
  email: Type.Optional(Type.String()),
  username: Type.Optional(Type.String()),
  name: Type.String(),
  school: Type.String(),
  role: Role,
  language: InterfaceLanguage,
  /** The address was proven by the link of a mail; absent where there is no address. */
  emailVerified: Type.Optional(Type.Boolean()),
})
export type User = Static<typeof User>
export const UserForAdmin = Type.Object({ ...User.properties, disabled: Type.Boolean(), createdAt: Type.String() })
export type UserForAdmin = Static<typeof UserForAdmin>

/** A public OKP key set, RFC 7517. */
export const Jwks = Type.Object({
  keys: Type.Array(Type.Object({ kty: Type.String(), crv: Type.String(), x: Type.String(), kid: Type.String(), alg: Type.String(), use: Type.String() })),
})

/** One login on one device. Browser and system are as it named itself, by names of ours; absent where it named none we know. */
const MySession = Type.Object({
  id: Id,
  startedAt: Type.String(),
  lastUsedAt: Type.String({ description: 'when it last traded its refresh token; at most ten minutes before its last call' }),
  browser: Type.Optional(Type.String()),
  system: Type.Optional(Type.String()),
  /** The one that asks. */
  current: Type.Boolean(),
})
export type MySession = Static<typeof MySession>

export const userRoutes = routes({
  'POST /api/register': {
    summary: 'Make an account (always a student; an admin raises roles)',
    access: 'anyone',
    body: Closed({
      email: Type.Optional(Email),
      username: Type.Optional(Username),
      password: Password,
      name: PersonName,
      school: Type.Optional(School),
      language: Type.Optional(InterfaceLanguage),
    }),
    ok: [201, Type.Object({ user: User })],
    errors: ['EMAIL_TAKEN', 'USERNAME_TAKEN', 'LOGIN_NAME_MISSING', 'PASSWORD_WEAK', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/login': {
    summary: 'Log in by e-mail or username. The refresh token is an HttpOnly cookie, in the body only for `client: "cli"`',
    access: 'anyone',
    body: Closed({
      email: Type.Optional(Type.String({ maxLength: 254 })),
      username: Type.Optional(Type.String({ maxLength: 254 })),
      password: Password,
      client: Type.Optional(Type.Enum(['web', 'cli'])),
    }),
    ok: [
      200,
      Type.Object({ accessToken: Type.String(), expiresIn: Type.Integer({ description: 'seconds' }), user: User, refreshToken: Type.Optional(Type.String()) }),
    ],
    errors: ['BAD_CREDENTIALS', 'ACCOUNT_DISABLED', 'LOGIN_NAME_MISSING', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/refresh': {
    summary: 'Trade the refresh token (cookie, or body for the CLI) for a new pair; each is good once',
    access: 'anyone',
    body: Closed({ refreshToken: Type.Optional(Type.String({ maxLength: 200 })) }),
    ok: [200, Type.Object({ accessToken: Type.String(), expiresIn: Type.Integer(), user: User, refreshToken: Type.Optional(Type.String()) })],
    errors: ['REFRESH_INVALID', 'REFRESH_REUSED', 'ACCOUNT_DISABLED'],
  },
  'POST /api/logout': {
    summary: 'End this session',
    access: 'anyone',
    body: Closed({ refreshToken: Type.Optional(Type.String({ maxLength: 200 })) }),
    ok: [204, Type.Null()],
    errors: [],
  },
  'GET /api/me': { summary: 'Who am I', access: 'user', ok: [200, Type.Object({ user: User })], errors: ['USER_NOT_FOUND'] },
  'PATCH /api/me': {
    summary:
      'Change name, school, language, e-mail, username or password (another e-mail and a new password need the current one; a new one ends the other sessions)',
    access: 'user',
    body: Closed({
      name: Type.Optional(PersonName),
      school: Type.Optional(School),
      language: Type.Optional(InterfaceLanguage),
      email: Type.Optional(Email),
      username: Type.Optional(Username),
      password: Type.Optional(Password),
      currentPassword: Type.Optional(Password),
    }),
    ok: [200, Type.Object({ user: User })],
    errors: ['USER_NOT_FOUND', 'EMAIL_TAKEN', 'USERNAME_TAKEN', 'PASSWORD_WEAK', 'PASSWORD_WRONG'],
  },
  'GET /api/me/sessions': {
    summary: 'Where the caller is logged in, last used first',
    access: 'user',
    ok: [200, Type.Object({ sessions: Type.Array(MySession) })],
    errors: ['USER_NOT_FOUND'],
  },
  'DELETE /api/me/sessions': {
    summary: "Log out everywhere but here: the caller's other sessions end, their sockets close",
    access: 'user',
    ok: [200, Type.Object({ ended: Type.Integer() })],
    errors: ['USER_NOT_FOUND', 'SESSION_NOT_FOUND'],
  },
  'DELETE /api/me/sessions/:id': {
    summary: "Log out one of the caller's own sessions",
    access: 'user',
    params: Closed({ id: Id }),
    ok: [200, Type.Object({ ended: Type.Integer() })],
    errors: ['USER_NOT_FOUND', 'SESSION_NOT_FOUND'],
  },
  'GET /api/users': {
    summary: 'Find users by part of a name, e-mail, username or school',
    access: 'admin',
    query: Closed({
      query: Type.Optional(Type.String({ maxLength: 100 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      after: Type.Optional(Id),
    }),
    ok: [200, Type.Object({ users: Type.Array(UserForAdmin), next: Type.Optional(Id) })],
    errors: [],
  },
  'PATCH /api/users/:id': {
    summary: "Change a user's role or disable the account; ends that user's sessions",
    access: 'admin',
    params: Closed({ id: Id }),
    body: Closed({ role: Type.Optional(Role), disabled: Type.Optional(Type.Boolean()) }),
    ok: [200, Type.Object({ user: UserForAdmin })],
    errors: ['USER_NOT_FOUND', 'LAST_ADMIN'],
  },
  'POST /api/email/verify': {
    summary: 'Prove the address by the token of the mail; each token is good once',
    access: 'anyone',
    body: Closed({ token: MailedToken }),
    ok: [200, Type.Object({ email: Type.String() })],
    errors: ['TOKEN_INVALID', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/email/send-verification': {
    summary: "Send the mail that proves one's address again; older links stop working",
    access: 'user',
    ok: [202, Type.Object({ email: Type.String() })],
    errors: ['USER_NOT_FOUND', 'EMAIL_MISSING', 'EMAIL_VERIFIED', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/password/forgot': {
    summary: 'Send a link for a new password. The same answer, in the same time, whether or not there is such an account',
    access: 'anyone',
    body: Closed({ email: Email }),
    ok: [202, Type.Object({ accepted: Type.Literal(true) })],
    errors: ['TOO_MANY_REQUESTS'],
  },
  'POST /api/password/reset': {
    summary: 'Set a new password by the token of the mail, or of a link from an admin; ends all sessions. Each token is good once',
    access: 'anyone',
    body: Closed({ token: MailedToken, password: Password }),
    ok: [204, Type.Null()],
    errors: ['TOKEN_INVALID', 'PASSWORD_WEAK', 'ACCOUNT_DISABLED', 'TOO_MANY_REQUESTS'],
  },
  'POST /api/users/:id/password-reset': {
    summary: 'A link for a new password, to hand to somebody who has no e-mail; good for a day, once. Shown now and never again',
    access: 'admin',
    params: Closed({ id: Id }),
    ok: [201, Type.Object({ token: Type.String(), expiresAt: Type.String() })],
    errors: ['USER_NOT_FOUND', 'ACCOUNT_DISABLED'],
  },
  'GET /.well-known/jwks.json': { summary: 'Public keys that verify access tokens', access: 'anyone', ok: [200, Jwks], errors: [] },
})

/** A whole account as others may know it. `revision` grows with each change: a consumer keeps the newest and may meet them in any order. */
const UserSnapshot = Type.Object({
  userId: Id,
  revision: Type.Integer(),
  name: Type.String(),
  school: Type.String(),
  role: Role,
  language: InterfaceLanguage,
  email: Type.Optional(Type.String()),
  /** Absent: not proven (yet). Only proven addresses get mail that nobody asked for at that moment. */
  emailVerified: Type.Optional(Type.Boolean()),
  disabled: Type.Boolean(),
  /** Sessions begun before this time are over (logout everywhere, role change, disabling). */
  sessionsValidFrom: Type.String(),
})
export const userRegistered = event('user.registered', 1, UserSnapshot)
export const userUpdated = event('user.updated', 1, UserSnapshot)
/**
 * A mail that carries a secret is to be sent. `sealed` is the token, encrypted for the notifications service (kit/sealed.ts): events and mails rest in
 * databases for days, and whoever reads those must not be able to take over accounts. `welcome` is the `verify-email` of a new account: its text greets too.
 */
export const accountMailAsked = event(
  'user.account-mail-asked',
  1,
  Type.Object({
    userId: Id,
    kind: Type.Enum(['welcome', 'verify-email', 'reset-password']),
    name: Type.String(),
    email: Type.String(),
    language: InterfaceLanguage,
    sealed: Type.String(),
    expiresAt: Type.String(),
  }),
)
export type AccountMailAsked = Static<(typeof accountMailAsked)['payload']>
/** One session was ended (logout, reuse of a refresh token): sockets opened under it are closed. */
export const sessionEnded = event('user.session-ended', 1, Type.Object({ userId: Id, sessionId: Id }))
export type UserSnapshot = Static<typeof UserSnapshot>
