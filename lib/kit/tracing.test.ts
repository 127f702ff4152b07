import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { contestRoutes } from '#contracts/contest'
import type { Envelope } from '#ports/bus'
import { type Log, silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { openHarshBus } from '#testkit/harsh-bus'
import { systemClock } from '#testkit/real'
import { openTestIdentity } from '#testkit/tokens'
import { openAccessTokens } from './access-tokens.ts'
import { makeHttpApp } from './http-app.ts'
import { openLog } from './log.ts'
import { noMetrics } from './metrics.ts'
import { observedBus } from './observed-bus.ts'
import { inScope, outOfScope, parseTraceparent, type Scope, scope } from './scope.ts'
import { deriveServiceKey, openServiceTokens } from './service-tokens.ts'
import { noTracing, openTracing, type Tracing } from './tracing.ts'

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; status: { code?: number; message?: string } }
const secret = 'a secret of this test'
const foreign = { trace: '11111111111111111111111111111111', text: '00-11111111111111111111111111111111-2222222222222222-01' }

describe('traces', () => {
  const spans: Span[] = []
  let isAway = false
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (isAway) return void response.writeHead(400).end()
    for (const { scopeSpans } of JSON.parse(Buffer.concat(chunks).toString()).resourceSpans) for (const each of scopeSpans) spans.push(...each.spans)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  let url = ''
  let tracing: Tracing
  before(async () => {
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
    tracing = await openTracing({ url, share: 1, name: 'test', log: silentLog })
  })
  after(async () => {
    await tracing.close()
    collector.close()
    collector.closeAllConnections()
  })
  const named = (name: string) =>
    eventually(() => {
      const found = spans.find((span) => span.name === name)
      assert.ok(found, `${name} was not sent`)
      return found
    }, 20_000)

  it('spans hang on what is under way; what is under none is no span', async () => {
    await tracing.root('first', {}, () => tracing.span('second', {}, async () => tracing.past('third', { startedAt: Date.now() - 5 })))
    await tracing.span('nobody', {}, async () => assert.equal(scope().traceparent, undefined))
    const [first, second, third] = [await named('first'), await named('second'), await named('third')]
    assert.deepEqual([second.traceId, second.parentSpanId, third.parentSpanId], [first.traceId, first.spanId, second.spanId])
    assert.equal(
      spans.some(({ name }) => name === 'nobody'),
      false,
    )
  })

  it('a failure marks the span by its kind and goes on; its message stays here', async () => {
    const failing = tracing.root('failing', {}, () => Promise.reject(new TypeError('postgres://user:hunter22@host')))
    await assert.rejects(failing, /hunter22/)
    const { status } = await named('failing')
    assert.deepEqual([status.code, status.message], [2, 'TypeError'])
  })

  it('what is not sampled names no trace, to nobody further on', async () => {
    const never = await openTracing({ url, share: 0, name: 'test', log: silentLog })
    await never.root('unsampled', {}, async () => assert.equal(scope().traceparent, undefined))
    await never.close()
  })

  it('the trace of a service is taken up, that of a client is not', async () => {
    const identity = await openTestIdentity()
    const tokens = openAccessTokens(async () => identity.jwks, systemClock)
    const seen: (string | undefined)[] = []
    const handle = async () => {
      seen.push(scope().traceparent)
      return { ok: false, error: { code: 'NOT_FOUND' } }
    }
    const app = await makeHttpApp({
      service: 'contest',
      handlers: Object.fromEntries(Object.keys(contestRoutes).map((key) => [key, handle])),
      tokens,
      serviceSecret: secret,
      clock: systemClock,
      ids: { next: () => 'request-of-test' },
      log: silentLog,
      tracing,
    })
    const token = await openServiceTokens('evaluation', deriveServiceKey(secret, 'evaluation'), systemClock).issue('test-data:read')
    const internal = `/internal/test-data/${'a'.repeat(64)}`
    await app.inject({ method: 'GET', url: internal, headers: { authorization: `Bearer ${token}`, traceparent: foreign.text } })
    await app.inject({ method: 'GET', url: '/api/languages', headers: { traceparent: foreign.text } })
    await app.close()
    const [ofService, ofClient] = seen.map((text) => parseTraceparent(text)?.traceId)
    assert.deepEqual([seen.length, ofService], [2, foreign.trace])
    assert.ok(ofClient !== undefined && ofClient !== foreign.trace)
  })

  it('a collector that refuses is told of in the log, and holds nobody up', async () => {
    isAway = true
    const said: string[] = []
    const log: Log = { ...silentLog, warn: (_fields, message) => void said.push(message) }
    const refused = await openTracing({ url, share: 1, name: 'test', log })
    await refused.root('lost', {}, async () => undefined)
    await refused.close()
    isAway = false
    assert.deepEqual(said, ['the collector of traces does not take them; they are lost'])
  })

  it('what comes from a program of anybody may be nonsense', () => {
    for (const text of ['', 'x', foreign.text.toUpperCase().replace('00-', '0A-'), `00-${'0'.repeat(32)}-2222222222222222-01`, `${foreign.text}-more`])
      assert.equal(parseTraceparent(text), undefined, text)
  })
})

describe('the watched bus', () => {
  const envelope = (more: Partial<Envelope> = {}): Envelope => ({
    id: 'e1',
    topic: 'test.v1',
    occurredAt: new Date().toISOString(),
    payload: { submissionId: 's1' },
    ...more,
  })

  it('names the trace under way in what is published, never over the name an event has, and hands it to the handler even untraced', async () => {
    const inner = openHarshBus({ copies: 1 })
    const bus = observedBus(inner, { metrics: noMetrics, tracing: noTracing, clock: systemClock })
    const heard: Scope[] = []
    await bus.declare({ name: 'test.events', topics: ['test.v1'] })
    const consumer = await bus.consume({ queues: ['test.events'], handle: async () => void heard.push(scope()) })
    const own = '00-33333333333333333333333333333333-3333333333333333-01'
    await inScope({ requestId: 'r1', traceparent: foreign.text }, async () => {
      await bus.publish([envelope()])
      await bus.publish([envelope({ id: 'e2', traceparent: own })])
      await outOfScope(() => bus.publish([envelope({ id: 'e3' })]))
    })
    await eventually(() => assert.equal(heard.length, 3))
    await consumer.stop()
    const traces = inner.published.map(({ traceparent }) => traceparent)
    assert.deepEqual(traces, [foreign.text, own, undefined])
    const known = heard.map(({ requestId, submissionId, traceparent }) => [requestId, submissionId, traceparent].join(' ')).sort()
    assert.deepEqual(known, traces.map((traceparent) => ['', 's1', traceparent].join(' ')).sort())
  })

  it('counts what is handled, failed and delivered again, by queue', async () => {
    const { openPrometheusMetrics } = await import('./metrics-prometheus.ts')
    const metrics = openPrometheusMetrics()
    const inner = openHarshBus({ copies: 1 })
    const bus = observedBus(inner, { metrics, tracing: noTracing, clock: systemClock })
    await bus.declare({ name: 'first', topics: ['other.v1'] })
    await bus.declare({ name: 'second', topics: ['test.v1'] })
    let tries = 0
    const handle = async () => {
      tries += 1
      if (tries === 1) throw new Error('not yet')
    }
    const consumer = await bus.consume({ queues: ['first', 'second'], handle })
    await bus.publish([envelope({ id: 'e0', topic: 'other.v1', occurredAt: 'some day' })])
    await eventually(() => assert.equal(tries, 2))
    tries = 0
    await bus.publish([envelope({ occurredAt: new Date(Date.now() - 90_000).toISOString() })])
    await eventually(async () => {
      const told = await metrics.scrape()
      for (const line of [
        'arena_handling_seconds_count{queue="second",end="done"} 1',
        'arena_handling_seconds_count{queue="second",end="failed"} 1',
        'arena_redeliveries_total{queue="second"} 1',
        'arena_handling_seconds_count{queue="first",end="done"} 1',
        'arena_queue_wait_seconds_count{queue="second"} 1',
        'arena_queue_wait_seconds_bucket{le="60",queue="second"} 0',
      ])
        assert.ok(told.split('\n').includes(line), `${line} is missing in\n${told}`)
    })
    await consumer.stop()
    assert.doesNotMatch(await metrics.scrape(), /^arena_consumer_poll_age_seconds\{/m)
  })
})

it('a log line says what it is about, without being told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-log-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'log')
  const log = openLog('info', file)
  inScope({ requestId: 'r1', submissionId: 's1', traceparent: foreign.text }, () => log.info({ service: 'test' }, 'inside'))
  log.info({ token: 'kept as it is', nested: { token: 'never' } }, 'outside')
  const [inside, outside] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual([inside.requestId, inside.submissionId, inside.traceId, inside.service], ['r1', 's1', foreign.trace, 'test'])
  assert.deepEqual([outside.requestId, outside.traceId, outside.nested.token], [undefined, undefined, '[Redacted]'])
})
