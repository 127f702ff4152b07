import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { contestRoutes } from '#contracts/contest'
import type { RouteSpec } from '#contracts/route'
import { ok } from '#kernel/result'
import { DbError } from '#ports/db'
import { silentLog } from '#ports/log'
import { systemClock, systemIds } from '#testkit/real'
import { openTestIdentity, type TestIdentity } from '#testkit/tokens'
import { openAccessTokens } from './access-tokens.ts'
import { Ready } from './define-service.ts'
import { makeHttpApp } from './http-app.ts'
import { deriveServiceKey, openServiceTokens } from './service-tokens.ts'
import { checkerOf } from './validation.ts'

const secret = 'a secret of this test'
const id = '01890000-0000-7000-8000-000000000001'

describe('the HTTP face of a service', () => {
  let app: FastifyInstance
  let identity: TestIdentity
  let seen: any
  const tokens: Record<string, string> = {}

  before(async () => {
    identity = await openTestIdentity()
    for (const role of ['student', 'teacher', 'admin'] as const) tokens[role] = (await identity.tokenFor({ role })).token
    const anything = async (input: any) => {
      seen = input
      return ok({})
    }
    const handlers = {
      ...Object.fromEntries(Object.keys(contestRoutes).map((key) => [key, anything])),
      'GET /api/problems/:id': async () => Promise.reject(new Error('secret detail of ours')),
      'DELETE /api/problems/:id': async () => Promise.reject(new DbError('gone', { code: '57P01', retry: 'later' })),
      'POST /api/problems/preview': async (input: any) => {
        seen = input
        return ok({ html: input.body.statement, notInTheContract: 'leak' })
      },
      'POST /api/problems/import': async ({ http }: any) => {
        let size = 0
        for await (const chunk of http.rawBody) size += chunk.length
        seen = size
        return { ok: false, error: { code: 'PACKAGE_INVALID', details: { problem: 'for the test' } } }
      },
      'GET /api/languages': async () => ok(new Ready(Buffer.from('{"kept":"ready"}'), '"r1"')),
      'GET /internal/test-data/:digest': async () => ok(new Ready(pieces())),
    }
    app = await makeHttpApp({
      service: 'contest',
      handlers,
      tokens: openAccessTokens(async () => identity.jwks, systemClock),
      serviceSecret: secret,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
    })
  })
  after(() => app.close())
  async function* pieces() {
    yield Buffer.from('in ')
    yield Buffer.from('pieces')
  }
  const send = async (method: string, url: string, options: { token?: string; body?: unknown; type?: string; headers?: Record<string, string> } = {}) => {
    const payload =
      options.body === undefined ? undefined : typeof options.body === 'string' || Buffer.isBuffer(options.body) ? options.body : JSON.stringify(options.body)
    const answer = await app.inject({
      method: method as 'GET',
      url,
      ...(payload === undefined ? {} : { payload }),
      headers: {
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...(payload === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
        ...options.headers,
      },
    })
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, code: answer.statusCode >= 400 ? answer.json().error.code : undefined }
  }

  it('lets in whom the contract names, and nobody before the body is read', async () => {
    assert.equal((await send('POST', '/api/contests', { body: 'not even JSON' })).code, 'UNAUTHENTICATED')
    assert.equal((await send('POST', '/api/contests', { token: tokens.student ?? '', body: 'not even JSON' })).code, 'FORBIDDEN')
    assert.equal((await send('POST', '/api/contests', { token: tokens.teacher ?? '', body: 'not even JSON' })).code, 'MALFORMED_JSON')
    assert.equal((await send('GET', '/api/contests', { token: 'forged' })).code, 'UNAUTHENTICATED')
    const { token: old } = await identity.tokenFor({ issuedAt: new Date(Date.now() - 3_600_000) })
    assert.equal((await send('GET', '/api/contests', { token: old })).code, 'TOKEN_EXPIRED')
  })
  it('coerces text from the URL and nothing else', async () => {
    await send('GET', '/api/contests?limit=7')
    assert.deepEqual(seen.query, { limit: 7 })
    const token = tokens.teacher ?? ''
    assert.equal((await send('POST', '/api/problems/preview', { token, body: { statement: 7 } })).code, 'VALIDATION_FAILED')
    assert.equal((await send('POST', '/api/problems/preview', { token, body: { statement: null } })).code, 'VALIDATION_FAILED')
    const unknown = await send('POST', '/api/problems/preview', { token, body: { statement: 'x', extra: 1 } })
    assert.match(unknown.text, /unknown fields: extra/)
    assert.equal((await send('GET', '/api/contests?limit=seven')).code, 'VALIDATION_FAILED')
    assert.equal((await send('GET', '/api/contests?other=1')).code, 'VALIDATION_FAILED')
    assert.equal((await send('POST', '/api/problems/preview', { token })).code, 'VALIDATION_FAILED')
  })
  it('answers with the fields of the contract only', async () => {
    const answer = await send('POST', '/api/problems/preview', { token: tokens.teacher ?? '', body: { statement: 'x' } })
    assert.equal(answer.text, '{"html":"x"}')
  })
  it('says one code for one mistake, with a request id and no stack', async () => {
    const token = tokens.admin ?? ''
    const cases: [string, string, number, string, object?][] = [
      ['GET', `/api/problems/${id}`, 500, 'INTERNAL'],
      ['DELETE', `/api/problems/${id}`, 503, 'UNAVAILABLE'],
      ['GET', '/api/problems/not-a-uuid', 400, 'VALIDATION_FAILED'],
      ['GET', '/api/nothing', 404, 'NOT_FOUND'],
      ['GET', '/api/problems/%ff', 404, 'NOT_FOUND'],
      ['GET', `/api/problems/${'x'.repeat(300)}`, 404, 'NOT_FOUND'],
      ['PUT', '/api/contests', 405, 'METHOD_NOT_ALLOWED'],
      ['POST', '/api/contests', 415, 'UNSUPPORTED_MEDIA_TYPE', { body: '<x/>', type: 'text/xml' }],
      ['POST', '/api/contests', 413, 'BODY_TOO_LARGE', { body: { title: 'x'.repeat(300_000) } }],
      ['POST', '/api/contests', 400, 'MALFORMED_JSON', { body: '{"__proto__": {"a": 1}}' }],
    ]
    for (const [method, url, status, code, more] of cases) {
      const answer = await send(method, url, { token, ...more })
      assert.deepEqual([answer.status, answer.code], [status, code], `${method} ${url} ${answer.text}`)
      assert.match(answer.text, /"requestId":"[\w-]+"/)
      assert.doesNotMatch(answer.text, /secret detail|at .*\.ts/)
    }
  })
  it('streams a raw body up to its limit', async () => {
    const token = tokens.teacher ?? ''
    assert.equal((await send('POST', '/api/problems/import', { token, body: Buffer.alloc(100_000), type: 'application/zip' })).code, 'PACKAGE_INVALID')
    assert.equal(seen, 100_000)
    assert.equal((await send('POST', '/api/problems/import', { token, body: Buffer.alloc(65 * 1024 ** 2), type: 'application/zip' })).code, 'BODY_TOO_LARGE')
    assert.equal((await send('POST', '/api/problems/import', { token, body: {} })).code, 'UNSUPPORTED_MEDIA_TYPE')
  })
  it('takes a raw body that is not there for an empty one', async () => {
    assert.equal((await send('POST', '/api/problems/import', { token: tokens.teacher ?? '' })).code, 'PACKAGE_INVALID')
    assert.equal(seen, 0)
  })
  it('refuses whole numbers that no bigint holds exactly', () => {
    const check = checkerOf({ query: Type.Object({ n: Type.Integer() }), body: Type.Object({ deep: Type.Array(Type.Number()) }) } as unknown as RouteSpec)
    const ask = (n: unknown, deep: unknown[] = []) => check({ params: {}, query: { n }, headers: {}, body: { deep } }).ok
    assert.deepEqual([ask('9007199254740991'), ask('-9007199254740991'), ask('0', [0.5, 1e-300])], [true, true, true])
    assert.deepEqual([ask('9007199254740992'), ask('1e300'), ask('-1e300'), ask('0', [1, 1e21])], [false, false, false, false])
  })
  it('answers what is ready as it is, and 304 for the same revision', async () => {
    const first = await send('GET', '/api/languages')
    assert.deepEqual([first.text, first.headers.etag], ['{"kept":"ready"}', '"r1"'])
    assert.equal((await send('GET', '/api/languages', { headers: { 'if-none-match': '"r1"' } })).status, 304)
  })
  it('compresses what is worth it for who takes it', async () => {
    const token = tokens.teacher ?? ''
    const ask = (size: number, accept?: string) =>
      app.inject({
        method: 'POST',
        url: '/api/problems/preview',
        payload: { statement: 'x'.repeat(size) },
        headers: { authorization: `Bearer ${token}`, ...(accept ? { 'accept-encoding': accept } : {}) },
      })
    assert.equal((await ask(10, 'gzip, br')).headers['content-encoding'], undefined)
    assert.equal((await ask(9000)).json().html.length, 9000)
    const packed = await ask(9000, 'gzip, br')
    assert.equal(packed.headers['content-encoding'], 'br')
    assert.ok(packed.rawPayload.length < 200)
    assert.equal(JSON.parse(brotliDecompressSync(packed.rawPayload).toString()).html.length, 9000)
    assert.equal((await ask(9000, 'br;q=0, gzip')).headers['content-encoding'], 'gzip')
  })
  it('opens internal routes to a service with the scope, never to a user', async () => {
    const url = `/internal/test-data/${'a'.repeat(64)}`
    const issue = (key: Uint8Array, scope: string) => openServiceTokens('evaluation', key, systemClock).issue(scope)
    assert.equal((await send('GET', url, { token: tokens.admin ?? '' })).code, 'UNAUTHENTICATED')
    assert.equal((await send('GET', url)).code, 'UNAUTHENTICATED')
    assert.equal((await send('GET', url, { token: await issue(deriveServiceKey(secret, 'evaluation'), 'other') })).code, 'FORBIDDEN')
    assert.equal((await send('GET', url, { token: await issue(deriveServiceKey(secret, 'contest'), 'test-data:read') })).code, 'UNAUTHENTICATED')
    const foreign = await openServiceTokens('leaderboard', deriveServiceKey(secret, 'leaderboard'), systemClock).issue('test-data:read')
    assert.equal((await send('GET', url, { token: foreign })).code, 'FORBIDDEN')
    const right = await send('GET', url, { token: await issue(deriveServiceKey(secret, 'evaluation'), 'test-data:read') })
    assert.deepEqual([right.status, right.text, right.headers['content-type']], [200, 'in pieces', 'application/octet-stream'])
    assert.equal(
      (await send('POST', '/api/contests', { token: await issue(deriveServiceKey(secret, 'evaluation'), 'test-data:read'), body: {} })).code,
      'UNAUTHENTICATED',
    )
  })
  it('does not start without a handler for each route', async () => {
    const make = (handlers: object) =>
      makeHttpApp({
        service: 'contest',
        handlers: handlers as never,
        tokens: openAccessTokens(async () => identity.jwks, systemClock),
        serviceSecret: secret,
        clock: systemClock,
        ids: systemIds,
        log: silentLog,
      })
    await assert.rejects(make({}), /no handler for GET \/api\/contests/)
  })
})
