import type { ApiFailure } from '#contracts/errors'
import { networkOf } from '#kernel/network'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, HttpContext } from '#kit/define-service'
import type { Account } from '../domain/account.ts'
import { deviceCookie, readCookie, setCookie } from '../domain/cookies.ts'
import { type Device, deviceOf } from '../domain/device.ts'
import { type LoginName, loginNameOf } from '../domain/login-name.ts'
import { budgets } from '../domain/throttling.ts'
import type { Keyring } from '../keyring.ts'
import { type Pair, pairFor } from '../pair.ts'
import { busy, type Passwords } from '../passwords.ts'
import { hashToken, randomToken } from '../secrets.ts'
import { insertSession, insertToken, isKnownDevice, rememberDevice } from '../session-store.ts'
import { findAccount, findAccountByLogin } from '../store.ts'
import { type Spent, spend, type TooMany } from '../throttle.ts'

type LoginDeps = Pick<Deps, 'db' | 'cache' | 'clock' | 'ids'> & { passwords: Passwords; keyring: Keyring }
type LoginInput = { email?: string; username?: string; password: string; client?: 'web' | 'cli' }
type LoginFailure = ApiFailure<'BAD_CREDENTIALS' | 'ACCOUNT_DISABLED' | 'LOGIN_NAME_MISSING' | 'TOO_MANY_REQUESTS'>

/**
 * Begins a session. Whether the name exists is told neither by the answer nor by its time; that an account is disabled, only to who knows its password.
 * The password is verified outside the transaction, which then makes sure that it is still the account's.
 */
export async function login(deps: LoginDeps, input: LoginInput, http: HttpContext): Promise<Result<Pair, LoginFailure>> {
  const name = loginNameOf(input)
  if (!name) return fail({ code: 'LOGIN_NAME_MISSING' })
  const found = await findAccountByLogin(deps.db, name)
  const device = readCookie(http.headers.cookie, deviceCookie)
  const admitted = await admit(deps, { name, found, device, ip: http.ip })
  if (!admitted.ok) return admitted
  const verified = await deps.passwords.verify(found?.passwordHash, input.password)
  if (!verified.ok) return fail(busy)
  if (!found || !verified.value) return fail({ code: 'BAD_CREDENTIALS' })
  await admitted.value.giveBack()
  if (found.disabled) return fail({ code: 'ACCOUNT_DISABLED' })

  const isCli = input.client === 'cli'
  const deviceToken = isCli ? undefined : (device ?? randomToken())
  const begun = await beginSession(deps, found, { token: deviceToken, ...deviceOf(http.headers['user-agent']) })
  if (!begun.ok) return begun
  if (deviceToken !== undefined) http.setHeader('set-cookie', setCookie(deviceCookie, deviceToken, { maxAgeSeconds: 400 * 86_400, secure: http.secure }))
  return ok(await pairFor(deps, begun.value, { http, inBody: isCli }))
}

type Attempt = { name: LoginName; found: Account | undefined; device: string | undefined; ip: string }
/** Takes a try from the budgets that apply (domain/throttling.ts); `giveBack` after a right password. */
async function admit({ db, cache }: LoginDeps, { name, found, device, ip }: Attempt): Promise<Result<Spent, TooMany>> {
  const network = networkOf(ip)
  const byAddress = await spend(cache, `user:login:address:${network}`, budgets.loginByAddress)
  if (!byAddress.ok) return byAddress
  const deviceHash = device === undefined ? undefined : hashToken(device)
  const isKnown = deviceHash !== undefined && found !== undefined && (await isKnownDevice(db, deviceHash, found.id))
  const [key, budget] = isKnown
    ? [`user:login:device:${Buffer.from(deviceHash).toString('hex')}:${found.id}`, budgets.loginByDevice]
    : [`user:login:name:${name.kind}:${name.value}:${network}`, budgets.loginByName]
  return spend(cache, key, budget)
}

type Begun = { account: Account; sessionId: string; startedAt: ReturnType<Deps['clock']['now']>; refreshToken: string }
function beginSession(
  { db, clock, ids }: LoginDeps,
  verified: Account,
  { token, ...device }: Device & { token: string | undefined },
): Promise<Result<Begun, LoginFailure>> {
  return db.transaction(async (tx) => {
    const account = await findAccount(tx, verified.id, 'share')
    if (account?.passwordHash !== verified.passwordHash) return fail({ code: 'BAD_CREDENTIALS' }) // changed since it was verified
    if (account.disabled) return fail({ code: 'ACCOUNT_DISABLED' })
    const now = clock.now()
    const sessionId = ids.next()
    const refreshToken = randomToken()
    await insertSession(tx, { id: sessionId, userId: account.id, ...device }, now)
    await insertToken(tx, { hash: hashToken(refreshToken), sessionId, parent: undefined }, now)
    if (token !== undefined) await rememberDevice(tx, hashToken(token), account.id, now)
    return ok({ account, sessionId, startedAt: now, refreshToken })
  })
}
