import assert from 'node:assert/strict'
import { it } from 'node:test'
import { v7 } from 'uuid'
import { evaluationStatus } from '#contracts/evaluation'
import { openPrometheusMetrics } from '#kit/metrics-prometheus'
import { eventually } from '#testkit/eventually'
import { openHarshBus } from '#testkit/harsh-bus'
import { startService } from '#testkit/service-harness'
import { gatewayService } from '../src/service.ts'

it('whether the arena is ready is for everybody, where its queue is is not', async () => {
  const bus = { ...openHarshBus(), depth: () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:5432')) }
  for (const ok of [true, false]) {
    const gateway = await startService(
      gatewayService(async () => ({ submission: { database: { ok } } })),
      { bus },
    )
    try {
      const answer = await gateway.call('GET /api/ready')
      assert.equal(answer.status, ok ? 200 : 503)
      assert.match(answer.text, /the queue does not answer/)
      assert.doesNotMatch(answer.text, /10\.1\.2\.3/)
    } finally {
      await gateway.stop()
    }
  }
})

it('whoever asks at the same time gets one answer', async () => {
  const counted = Promise.withResolvers<never[]>()
  let counts = 0
  const depth = () => {
    counts += 1
    return counted.promise
  }
  const gateway = await startService(
    gatewayService(async () => ({ submission: { database: { ok: true } } })),
    { bus: { ...openHarshBus(), depth } },
  )
  try {
    const asked = [1, 2, 3].map(() => gateway.call('GET /api/ready'))
    await eventually(() => assert.equal(counts > 0, true))
    counted.resolve([])
    for (const answer of await Promise.all(asked)) assert.equal(answer.status, 200)
    assert.equal(counts, 1)
  } finally {
    await gateway.stop()
  }
})

it('figures are for staff alone', async () => {
  const submission = { database: { ok: false, detail: 'the database does not answer' }, judging: { ok: true, figures: { unjudged: 12345 } } }
  const gateway = await startService(gatewayService(async () => ({ submission })))
  try {
    const { token } = await gateway.tokenFor({ role: 'admin' })
    const seen = await gateway.call('GET /api/admin/status', {}, { token })
    assert.deepEqual(seen.body.services.submission.checks.judging, { ok: true, figures: { unjudged: 12345 } })
    const ready = await gateway.call('GET /api/ready')
    assert.deepEqual([ready.status, ready.body.error.details.checks['submission.judging']], [503, { ok: true }])
    assert.doesNotMatch(ready.text, /12345/)
  } finally {
    await gateway.stop()
  }
})

it('tells for metrics which workers it hears and what lies in the queues, and one without the other', async () => {
  const metrics = openPrometheusMetrics()
  const bus = openHarshBus()
  let isAway = false
  const depth = async () =>
    isAway ? Promise.reject(new Error('away')) : [{ queue: 'evaluation.contest', waiting: 7, leased: 2, dead: 1, oldestWaitingMs: 61_500 }]
  const gateway = await startService(
    gatewayService(async () => ({})),
    { metrics, bus: { ...bus, depth } },
  )
  try {
    const worker = { workerId: v7(), sandbox: 'native', reason: null, toolchains: {}, slots: 4, atWork: 3 }
    await bus.broadcast(evaluationStatus.topic, worker)
    await bus.broadcast(evaluationStatus.topic, { ...worker, workerId: v7(), sandbox: null, reason: 'no engine', atWork: 0 })
    await eventually(async () => assert.match(await metrics.scrape(), /^arena_judge_slots\{state="all"\} 8$/m))
    const told = await metrics.scrape()
    for (const line of [
      'arena_judges{sandbox="native"} 1',
      'arena_judges{sandbox="none"} 1',
      'arena_judge_slots{state="busy"} 3',
      'arena_queue_messages{queue="evaluation.contest",state="waiting"} 7',
      'arena_queue_messages{queue="evaluation.contest",state="dead"} 1',
      'arena_queue_oldest_seconds{queue="evaluation.contest"} 61.5',
    ])
      assert.ok(told.split('\n').includes(line), `${line} is missing in\n${told}`)
    isAway = true
    const away = await metrics.scrape()
    assert.match(away, /^arena_judges\{sandbox="native"\} 1$/m)
    assert.doesNotMatch(away, /^arena_queue_messages\{/m)
    assert.match(away, /^arena_metrics_failed_total [1-9]/m)
  } finally {
    await gateway.stop()
  }
})
