import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import type { Role } from '#contracts/common'
import { fail, ok, type Result } from '#kernel/result'
import type { Clock } from '#ports/clock'
import type { UserCaller } from './define-service.ts'

/** What an access token says; the user service signs exactly this (EdDSA, `typ` `at+jwt`, ten minutes). */
export const accessTokenRules = { issuer: 'competa-arena', audience: 'competa-arena-api', type: 'at+jwt', algorithm: 'EdDSA', lifetimeSeconds: 600 } as const
export type AccessClaims = { sub: string; role: Role; name: string; sid: string }

export type AccessTokens = {
  /** Verifies locally; the key set is fetched when first needed and when a token names a key not known (at most every 5 s). */
  verify(token: string): Promise<Result<UserCaller, 'UNAUTHENTICATED' | 'TOKEN_EXPIRED' | 'UNAVAILABLE'>>
}

const roles: readonly string[] = ['student', 'teacher', 'admin']
/** As many as a replica has sockets; about 400 bytes each. */
const keptTokens = 20_000
const refetchMs = 5_000

/** `fetchKeys` throws when the user service cannot be reached: tokens under known keys are verified all the same. */
export function openAccessTokens(fetchKeys: () => Promise<JSONWebKeySet>, clock: Clock): AccessTokens {
  const verified = new Map<string, UserCaller>()
  let keys: { set: ReturnType<typeof createLocalJWKSet>; ids: ReadonlySet<string> } | undefined
  let lastFetch = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  const refetch = () => {
    fetching ??= fetchKeys()
      .then((set) => {
        keys = { set: createLocalJWKSet(set), ids: new Set(set.keys.map((key) => key.kid ?? '')) }
        lastFetch = clock.now()
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }

  const remember = (token: string, caller: UserCaller) => {
    if (verified.size >= keptTokens) verified.delete(verified.keys().next().value as string)
    verified.set(token, caller)
    return ok(caller)
  }

  /** The key set with `kid` in it, or why there is none. */
  const keysWith = async (kid: string) => {
    if (!keys?.ids.has(kid) && clock.now() - lastFetch > refetchMs) {
      try {
        await refetch()
      } catch {
        if (!keys) return fail('UNAVAILABLE') // the user service is down and nothing was learnt from it yet
      }
    }
    return keys?.ids.has(kid) ? ok(keys.set) : fail('UNAUTHENTICATED')
  }

  return {
    async verify(token) {
      const known = verified.get(token)
      if (known) return known.expiresAt > clock.now() ? ok(known) : fail('TOKEN_EXPIRED')
      const kid = kidOf(token)
      if (kid === undefined) return fail('UNAUTHENTICATED')
      const set = await keysWith(kid)
      if (!set.ok) return set
      try {
        const caller = await callerOf(token, set.value, clock)
        return caller ? remember(token, caller) : fail('UNAUTHENTICATED')
      } catch (cause) {
        return fail(cause instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED')
      }
    },
  }
}

async function callerOf(token: string, keys: ReturnType<typeof createLocalJWKSet>, clock: Clock): Promise<UserCaller | undefined> {
  const { issuer, audience, type, algorithm } = accessTokenRules
  const rules = { algorithms: [algorithm], typ: type, issuer, audience, currentDate: new Date(clock.now()), requiredClaims: ['sub', 'exp', 'iat', 'sid'] }
  const { payload } = await jwtVerify(token, keys, rules)
  const { sub, exp, role, name, sid } = payload as AccessClaims & { exp: number }
  if (!roles.includes(role) || typeof name !== 'string' || typeof sid !== 'string') return undefined
  return { kind: 'user', userId: sub, role, name, sessionId: sid, expiresAt: exp * 1000 }
}

function kidOf(token: string): string | undefined {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as { kid?: unknown }
    return typeof header.kid === 'string' ? header.kid : undefined
  } catch {
    return undefined // no JSON: no token of ours
  }
}
