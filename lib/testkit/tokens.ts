import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import { v7 } from 'uuid'
import type { Role } from '#contracts/common'
import { accessTokenRules } from '#kit/access-tokens'

/** A stand-in for the user service's keys: signs access tokens as it would. */
export type TestIdentity = {
  readonly jwks: JSONWebKeySet
  tokenFor(who?: { userId?: string; role?: Role; name?: string; sessionId?: string; issuedAt?: Date }): Promise<{ token: string; userId: string }>
}

export async function openTestIdentity(): Promise<TestIdentity> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }
  const { issuer, audience, type, algorithm, lifetimeSeconds } = accessTokenRules
  return {
    jwks: { keys: [jwk] },
    async tokenFor({ userId = v7(), role = 'student', name = 'Uwase', sessionId = v7(), issuedAt = new Date() } = {}) {
      const seconds = Math.floor(issuedAt.getTime() / 1000)
      const token = await new SignJWT({ role, name, sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: 'test' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + lifetimeSeconds)
        .sign(privateKey)
      return { token, userId }
    },
  }
}
