import type { userRoutes } from '#contracts/user'
import { ok } from '#kernel/result'
import type { Deps, Handlers } from '#kit/define-service'
import type { Keyring } from './keyring.ts'
import type { Passwords } from './passwords.ts'
import { changeUser, listUsers } from './usecases/admin.ts'
import { login } from './usecases/login.ts'
import { logout } from './usecases/logout.ts'
import { changeMe, getMe } from './usecases/me.ts'
import { endMySessions, listMySessions } from './usecases/my-sessions.ts'
import { forgotPassword, handPasswordReset, resetPassword } from './usecases/new-password.ts'
import { sendVerification, verifyEmail } from './usecases/prove-email.ts'
import { refresh } from './usecases/refresh.ts'
import { register } from './usecases/register.ts'

export const routesWith = (deps: Deps & { keyring: Keyring; passwords: Passwords }): Handlers<typeof userRoutes> => ({
  'POST /api/register': ({ body, http }) => register(deps, body, http.ip),
  'POST /api/login': ({ body, http }) => login(deps, body, http),
  'POST /api/refresh': ({ body, http }) => refresh(deps, body, http),
  'POST /api/logout': ({ body, caller, http }) => logout(deps, { body, caller, http }),
  'GET /api/me': ({ caller }) => getMe(deps, caller),
  'PATCH /api/me': ({ body, caller }) => changeMe(deps, body, caller),
  'GET /api/me/sessions': ({ caller }) => listMySessions(deps, caller),
  'DELETE /api/me/sessions': ({ caller }) => endMySessions(deps, 'others', caller),
  'DELETE /api/me/sessions/:id': ({ params, caller }) => endMySessions(deps, { only: params.id }, caller),
  'GET /api/users': ({ query, caller }) => listUsers(deps, query, caller),
  'PATCH /api/users/:id': ({ params, body, caller }) => changeUser(deps, { id: params.id, change: body, caller }),
  'POST /api/email/verify': ({ body, http }) => verifyEmail(deps, { token: body.token, ip: http.ip }),
  'POST /api/email/send-verification': ({ caller }) => sendVerification(deps, caller),
  'POST /api/password/forgot': ({ body, http }) => forgotPassword(deps, { email: body.email, ip: http.ip }),
  'POST /api/password/reset': ({ body, http }) => resetPassword(deps, { ...body, ip: http.ip }),
  'POST /api/users/:id/password-reset': ({ params, caller }) => handPasswordReset(deps, { id: params.id, caller }),
  'GET /.well-known/jwks.json': async () => ok(await deps.keyring.publicKeys()),
})
