import assert from 'node:assert/strict'
import { it } from 'node:test'
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
