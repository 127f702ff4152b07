import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { seconds } from '#kernel/units'
import { fakeClock } from '#testkit/fake-clock'
import { openTestIdentity } from '#testkit/tokens'
import { deriveServiceKey, openServiceTokens, verifyServiceToken } from './service-tokens.ts'

const secret = 'the secret of this deployment'
const keyOf = (service: string) => deriveServiceKey(secret, service)
const clock = fakeClock()
const verify = (token: string) => verifyServiceToken(token, secret, clock)

/** A right token of the evaluation worker, but for what is given. */
function tokenOf(changes: { header?: object; claims?: Record<string, unknown>; key?: Parameters<SignJWT['sign']>[0] } = {}) {
  const iat = Math.floor(clock.now() / 1_000)
  const claims = { iss: 'evaluation', aud: 'competa-arena-internal', scope: 'tests:read', iat, exp: iat + 60, ...changes.claims }
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
  return new SignJWT(kept).setProtectedHeader({ alg: 'HS256', typ: 'service+jwt', ...changes.header }).sign(changes.key ?? keyOf('evaluation'))
}

describe('a service token', () => {
  it('names its caller and what it may ask', async () => {
    const token = await openServiceTokens('evaluation', keyOf('evaluation'), clock).issue('tests:read')
    assert.deepEqual(await verify(token), { service: 'evaluation', scopes: ['tests:read'] })
    assert.deepEqual(await verify(await tokenOf()), { service: 'evaluation', scopes: ['tests:read'] })
  })
  it('is kept while half of its minute is left, one for each scope', async () => {
    const own = fakeClock()
    const tokens = openServiceTokens('evaluation', keyOf('evaluation'), own)
    const first = await tokens.issue('a')
    own.advance(seconds(29))
    assert.equal(await tokens.issue('a'), first)
    assert.notEqual(await tokens.issue('b'), first)
    own.advance(seconds(1))
    assert.notEqual(await tokens.issue('a'), first)
  })
  it('without a scope may ask nothing', async () => {
    assert.deepEqual((await verify(await tokenOf({ claims: { scope: undefined } })))?.scopes, [])
    assert.deepEqual((await verify(await tokenOf({ claims: { scope: ['tests:read'] } })))?.scopes, [])
  })
})

describe('refused is', () => {
  const wrong: [what: string, make: () => Promise<string>][] = [
    ['one service in the name of another', () => tokenOf({ claims: { iss: 'contest' } })],
    ['a key of another deployment', () => tokenOf({ key: deriveServiceKey('another secret', 'evaluation') })],
    ['the bare secret as key', () => tokenOf({ key: Buffer.from(secret) })],
    ['a user’s audience', () => tokenOf({ claims: { aud: 'competa-arena-api' } })],
    ['a user’s type', () => tokenOf({ header: { typ: 'at+jwt' } })],
    ['no type', () => tokenOf({ header: { typ: undefined } })],
    ['another algorithm of the family', () => tokenOf({ header: { alg: 'HS512' }, key: Buffer.concat([keyOf('evaluation'), keyOf('evaluation')]) })],
    ['no caller', () => tokenOf({ claims: { iss: undefined } })],
    ['a caller of another kind', () => tokenOf({ claims: { iss: ['evaluation'] } })],
    ['no end', () => tokenOf({ claims: { exp: undefined } })],
    ['an end that has come', () => tokenOf({ claims: { exp: Math.floor(clock.now() / 1_000) } })],
    ['no beginning', () => tokenOf({ claims: { iat: undefined } })],
    ['a user’s access token', async () => (await (await openTestIdentity()).tokenFor({ role: 'admin', issuedAt: new Date(clock.now()) })).token],
  ]
  for (const [what, make] of wrong) it(what, async () => assert.equal(await verify(await make()), undefined))

  it('alg none', async () => {
    const [, claims, signature] = (await tokenOf()).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'service+jwt' })).toString('base64url')
    for (const end of ['', signature]) assert.equal(await verify(`${header}.${claims}.${end}`), undefined)
  })
  it('an asymmetric signature with its key sent along', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
    assert.equal(await verify(await tokenOf({ header: { alg: 'EdDSA', jwk: await exportJWK(publicKey) }, key: privateKey })), undefined)
  })
  it('what is no token at all', async () => {
    for (const text of ['', '.', '..', 'x.y.z', '\u0000', `.${Buffer.from('null').toString('base64url')}.`, 'x'.repeat(100_000)])
      assert.equal(await verify(text), undefined, text.slice(0, 40))
  })
})
