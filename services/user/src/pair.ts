import type { User } from '#contracts/user'
import type { Instant } from '#kernel/time'
import { accessTokenRules } from '#kit/access-tokens'
import type { Deps, HttpContext } from '#kit/define-service'
import { type Account, userOf } from './domain/account.ts'
import { refreshCookie, setCookie } from './domain/cookies.ts'
import { expiryOf } from './domain/refresh-decision.ts'
import type { Keyring } from './keyring.ts'

export type Pair = { accessToken: string; expiresIn: number; user: User; refreshToken?: string }
export type Live = { readonly account: Account; readonly sessionId: string; readonly startedAt: Instant; readonly refreshToken: string }

/** An access token for a live session, and its refresh token: in the body for a client that keeps its own, else as the cookie that no script reads. */
export async function pairFor(
  { keyring, clock }: Pick<Deps, 'clock'> & { keyring: Keyring },
  { account, sessionId, startedAt, refreshToken }: Live,
  { http, inBody }: { http: HttpContext; inBody: boolean },
): Promise<Pair> {
  const accessToken = await keyring.sign({ sub: account.id, role: account.role, name: account.name, sid: sessionId })
  const answer = { accessToken, expiresIn: accessTokenRules.lifetimeSeconds, user: userOf(account) }
  if (inBody) return { ...answer, refreshToken }
  const maxAgeSeconds = Math.floor((expiryOf(startedAt, clock.now()) - clock.now()) / 1_000)
  http.setHeader('set-cookie', setCookie(refreshCookie, refreshToken, { maxAgeSeconds, secure: http.secure }))
  return answer
}
