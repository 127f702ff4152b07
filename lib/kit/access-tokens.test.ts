import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exportJWK, exportSPKI, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import { minutes, seconds } from '#kernel/units'
import { fakeClock } from '#testkit/fake-clock'
import { accessTokenRules, openAccessTokens } from './access-tokens.ts'
import { deriveServiceKey, openServiceTokens } from './service-tokens.ts'

const { issuer, audience, type, algorithm, lifetimeSeconds } = accessTokenRules
const newKey = async (kid: string) => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { kid, publicKey, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' } }
}
const ours = await newKey('ours')
const foreign = await newKey('foreign')

function verifier(keys: JSONWebKeySet['keys'] = [ours.jwk]) {
  const clock = fakeClock()
  const source = { keys, isDown: false, fetches: 0 }
  const tokens = openAccessTokens(async () => {
    source.fetches++
    if (source.isDown) throw new Error('the user service is not answering')
    return { keys: source.keys }
  }, clock)
  return { clock, source, verify: tokens.verify }
}

/** A right token, but for what is given. */
async function tokenAt(now: number, changes: { header?: object; claims?: Record<string, unknown>; key?: Parameters<SignJWT['sign']>[0] } = {}) {
  const iat = Math.floor(now / 1_000)
  const claims = { iss: issuer, aud: audience, sub: 'u1', role: 'student', name: 'Aline', sid: 's1', iat, exp: iat + lifetimeSeconds, ...changes.claims }
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
  return new SignJWT(kept).setProtectedHeader({ alg: algorithm, typ: type, kid: 'ours', ...changes.header }).sign(changes.key ?? ours.privateKey)
}
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const refused = { ok: false, error: 'UNAUTHENTICATED' }

describe('a right token', () => {
  it('names the caller', async () => {
    const { clock, verify } = verifier()
    const expiresAt = clock.now() + lifetimeSeconds * 1_000
    const caller = { kind: 'user', userId: 'u1', role: 'student', name: 'Aline', sessionId: 's1', expiresAt }
    assert.deepEqual(await verify(await tokenAt(clock.now())), { ok: true, value: caller })
  })
  it('is verified without asking again, until its last millisecond', async () => {
    const { clock, source, verify } = verifier()
    const token = await tokenAt(clock.now())
    for (const wait of [0, lifetimeSeconds * 1_000 - 1]) {
      clock.advance(wait as never)
      assert.equal((await verify(token)).ok, true)
    }
    clock.advance(1 as never)
    assert.deepEqual(await verify(token), { ok: false, error: 'TOKEN_EXPIRED' })
    assert.equal(source.fetches, 1)
  })
})

describe('refused is', () => {
  const wrong: [what: string, make: (now: number) => Promise<string>][] = [
    ['another audience', (now) => tokenAt(now, { claims: { aud: 'competa-arena-internal' } })],
    ['another issuer', (now) => tokenAt(now, { claims: { iss: 'elsewhere' } })],
    ['another type', (now) => tokenAt(now, { header: { typ: 'JWT' } })],
    ['no type', (now) => tokenAt(now, { header: { typ: undefined } })],
    ['a role that there is not', (now) => tokenAt(now, { claims: { role: 'root' } })],
    ['a role of another kind', (now) => tokenAt(now, { claims: { role: ['admin'] } })],
    ...['sub', 'role', 'name', 'sid', 'iat', 'exp', 'iss', 'aud'].map((claim): [string, (now: number) => Promise<string>] => [
      `a token without ${claim}`,
      (now) => tokenAt(now, { claims: { [claim]: undefined } }),
    ]),
    ['a signature by a foreign key under our name', (now) => tokenAt(now, { key: foreign.privateKey })],
    ['a foreign key under its own name', (now) => tokenAt(now, { header: { kid: 'foreign' }, key: foreign.privateKey })],
    ['a key sent along in the header', (now) => tokenAt(now, { header: { jwk: foreign.jwk }, key: foreign.privateKey })],
    ['no key name', (now) => tokenAt(now, { header: { kid: undefined } })],
    ['HS256 keyed with the bytes of our public key', (now) => tokenAt(now, { header: { alg: 'HS256' }, key: Buffer.from(ours.jwk.x ?? '', 'base64url') })],
    [
      'HS256 keyed with the PEM of our public key',
      async (now) => tokenAt(now, { header: { alg: 'HS256' }, key: Buffer.from(await exportSPKI(ours.publicKey)) }),
    ],
    ['HS256 keyed with the JSON of our public key', (now) => tokenAt(now, { header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(ours.jwk)) })],
    ['a service’s token', async () => openServiceTokens('contest', deriveServiceKey('secret', 'contest'), fakeClock()).issue('everything')],
  ]
  for (const [what, make] of wrong) {
    it(what, async () => {
      const { clock, verify } = verifier()
      assert.equal((await verify(await tokenAt(clock.now()))).ok, true, 'the verifier knows our key')
      assert.deepEqual(await verify(await make(clock.now())), refused)
    })
  }
  it('alg none, however it is written', async () => {
    const { clock, verify } = verifier()
    const [, claims, signature] = (await tokenAt(clock.now())).split('.')
    for (const alg of ['none', 'None', 'NONE', '', undefined])
      for (const end of ['', signature]) assert.deepEqual(await verify(`${encoded({ alg, typ: type, kid: 'ours' })}.${claims}.${end}`), refused)
  })
  it('a token with one letter changed, or claims exchanged', async () => {
    const { clock, verify } = verifier()
    const [header, claims, signature = ''] = (await tokenAt(clock.now())).split('.')
    const admin = { ...JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()), role: 'admin' }
    assert.deepEqual(await verify(`${header}.${encoded(admin)}.${signature}`), refused)
    assert.deepEqual(await verify(`${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`), refused)
    assert.deepEqual(await verify(`${header}.${claims}.`), refused)
    assert.deepEqual(await verify(`${header}.${claims}`), refused)
  })
  it('an expired token, with a code of its own', async () => {
    const { clock, verify } = verifier()
    const token = await tokenAt(clock.now())
    clock.advance(seconds(lifetimeSeconds + 1))
    assert.deepEqual(await verify(token), { ok: false, error: 'TOKEN_EXPIRED' })
  })
  it('an expired token signed by a foreign key, without telling that it expired', async () => {
    const { clock, verify } = verifier()
    const token = await tokenAt(clock.now(), { key: foreign.privateKey })
    clock.advance(minutes(60))
    assert.deepEqual(await verify(token), refused)
  })
  it('what is no token at all', async () => {
    const { verify } = verifier()
    for (const text of [
      '',
      '.',
      '..',
      'x',
      'a.b.c',
      encoded([]),
      `${encoded({ kid: 7 })}..`,
      `${encoded({ kid: { toString: 'ours' } })}..`,
      '\u0000',
      'x'.repeat(100_000),
    ])
      assert.deepEqual(await verify(text), refused, text.slice(0, 40))
  })
})

describe('the key set', () => {
  it('is fetched again for a key that is new', async () => {
    const { clock, source, verify } = verifier()
    await verify(await tokenAt(clock.now()))
    source.keys = [foreign.jwk, ours.jwk]
    clock.advance(seconds(6))
    const token = await tokenAt(clock.now(), { header: { kid: 'foreign' }, key: foreign.privateKey })
    assert.equal((await verify(token)).ok, true)
    assert.equal(source.fetches, 2)
  })
  it('is not fetched for each invented key name', async () => {
    const { clock, source, verify } = verifier()
    for (let n = 0; n < 50; n++) await verify(await tokenAt(clock.now(), { header: { kid: `invented-${n}` } }))
    assert.equal(source.fetches, 1)
  })
  it('that was fetched once serves while the user service is down', async () => {
    const { clock, source, verify } = verifier()
    await verify(await tokenAt(clock.now()))
    source.isDown = true
    clock.advance(minutes(30))
    assert.equal((await verify(await tokenAt(clock.now()))).ok, true)
    assert.equal((await verify(await tokenAt(clock.now(), { header: { kid: 'foreign' }, key: foreign.privateKey }))).ok, false)
  })
  it('that could never be fetched is our fault, not the caller’s', async () => {
    const { clock, source, verify } = verifier()
    source.isDown = true
    const token = await tokenAt(clock.now())
    assert.deepEqual(await verify(token), { ok: false, error: 'UNAVAILABLE' })
    source.isDown = false
    assert.equal((await verify(token)).ok, true)
  })
})
