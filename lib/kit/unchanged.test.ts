import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import Fastify from 'fastify'
import { answerUnchanged, revisionOf } from './unchanged.ts'

describe('an answer that is the one the client has', () => {
  const app = Fastify()
  let now = 0
  let text = 'x'.repeat(700)
  before(() => {
    answerUnchanged(app)
    app.get('/api/thing', async () => ({ text, serverNow: `2026-01-01T00:00:0${now++}Z` }))
    app.get('/api/short', async () => ({ text: 'x' }))
    app.get('/internal/thing', async () => ({ text }))
    app.get('/api/refused', (_, reply) => void reply.code(404).send({ text }))
  })
  after(() => app.close())
  const ask = (url: string, etag?: string) => app.inject({ url, headers: etag === undefined ? {} : { 'if-none-match': etag } })

  it('is 304 with the server’s time, until it changes', async () => {
    const first = await ask('/api/thing')
    const etag = String(first.headers.etag)
    assert.match(etag, /^W\/"[\w-]{22}"$/)
    const second = await ask('/api/thing', etag)
    assert.deepEqual([second.statusCode, second.body, second.headers['x-server-now'], second.headers.etag], [304, '', '2026-01-01T00:00:01Z', etag])
    text = 'y'.repeat(700)
    const third = await ask('/api/thing', etag)
    assert.equal(third.statusCode, 200)
    assert.notEqual(third.headers.etag, etag)
    assert.equal((await ask('/api/thing', 'W/"another"')).statusCode, 200)
  })

  it('short answers, refusals and what services ask each other are as they were', async () => {
    for (const url of ['/api/short', '/internal/thing', '/api/refused']) assert.equal((await ask(url)).headers.etag, undefined, url)
  })

  it('a text that speaks of serverNow is part of the answer', () => {
    const answer = (said: string) => revisionOf(JSON.stringify({ statement: `"serverNow":"${said}"`, serverNow: 'now' }))
    assert.notEqual(answer('a').etag, answer('b').etag)
    assert.equal(answer('a').serverNow, 'now')
  })
})
