import { hkdfSync } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import type { Clock } from '#ports/clock'

/**
 * How one service proves to another who it is and what it may ask (docs/adr/0007): a JWT of one minute, `typ` `service+jwt`, HS256 under a key that is
 * derived from the deployment's secret and the caller's name. A caller holds its own derived key only, so a broken-into judge can act as no one else,
 * and such a token is never taken for a user's (those are EdDSA, another type, another audience).
 */
const audience = 'competa-arena-internal'
const lifetimeSeconds = 60

export type ServiceKey = Uint8Array
export const deriveServiceKey = (secret: string, service: string): ServiceKey =>
  new Uint8Array(hkdfSync('sha256', secret, 'competa-arena', `service:${service}`, 32))

export type ServiceTokens = { issue(scope: string): Promise<string> }
export function openServiceTokens(service: string, key: ServiceKey, clock: Clock): ServiceTokens {
  const kept = new Map<string, { token: string; renewAt: number }>()
  return {
    async issue(scope) {
      const now = Math.floor(clock.now() / 1000)
      const known = kept.get(scope)
      if (known && known.renewAt > now) return known.token
      const token = await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt' })
        .setIssuer(service)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(key)
      kept.set(scope, { token, renewAt: now + lifetimeSeconds / 2 })
      return token
    },
  }
}

/** @returns the caller's name and scopes, or undefined for anything that is not a valid service token. */
export async function verifyServiceToken(token: string, secret: string, clock: Clock): Promise<{ service: string; scopes: string[] } | undefined> {
  try {
    const named = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { iss?: unknown }
    if (typeof named.iss !== 'string') return undefined
    const { payload } = await jwtVerify(token, deriveServiceKey(secret, named.iss), {
      algorithms: ['HS256'],
      typ: 'service+jwt',
      audience,
      issuer: named.iss,
      currentDate: new Date(clock.now()),
      requiredClaims: ['exp', 'iat'],
    })
    return { service: named.iss, scopes: typeof payload.scope === 'string' ? payload.scope.split(' ') : [] }
  } catch {
    return undefined // not readable, not signed by that caller, or over: all the same to who asks
  }
}
