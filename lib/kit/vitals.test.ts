import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { seconds } from '#kernel/units'
import type { Db } from '#ports/db'
import { silentLog } from '#ports/log'
import { fakeClock } from '#testkit/fake-clock'
import { openHarshBus } from '#testkit/harsh-bus'
import { systemIds } from '#testkit/real'
import { openServiceDb } from '#testkit/service-harness'
import { openPrometheusMetrics } from './metrics-prometheus.ts'
import { migrationsIn } from './migrations.ts'
import { openOutbox } from './outbox.ts'
import { openVitals } from './vitals.ts'

describe('the vitals of a service', () => {
  let db: Db
  let close: () => Promise<void>
  const clock = fakeClock()
  before(async () => {
    const opened = await openServiceDb('vitals', migrationsIn(new URL('./', import.meta.url)))
    db = opened.db
    close = opened.close
  })
  after(() => close())

  it('are how much the outbox holds back and since when, and who uses the pool', async () => {
    const bus = { ...openHarshBus(), publish: () => Promise.reject(new Error('the broker is away')) }
    const outbox = openOutbox({ db, bus, clock, ids: systemIds, log: silentLog })
    await db.transaction((tx) =>
      outbox.addAll(
        tx,
        [1, 2].map((n) => ({ topic: 'test.held.v1', payload: { n } })),
      ),
    )
    await outbox.stop()
    clock.advance(seconds(90))
    const metrics = openPrometheusMetrics()
    const vitals = openVitals({ name: 'contest', db, clock, log: silentLog, metrics })
    const { database, outbox: held } = await vitals.checks()
    assert.equal(database.ok, true)
    assert.deepEqual([database.figures?.busy, database.figures?.waiting], [0, 0])
    assert.deepEqual(held, { ok: true, detail: 'events wait for the broker', figures: { unpublished: 2, oldestSeconds: 90 } })
    const told = await metrics.scrape()
    assert.match(told, /^arena_outbox_unpublished\{service="contest"\} 2$/m)
    assert.match(told, /^arena_outbox_oldest_seconds\{service="contest"\} 90$/m)
    assert.match(told, /^arena_db_waiting\{service="contest"\} 0$/m)
    vitals.stop()
    assert.doesNotMatch(await metrics.scrape(), /arena_outbox_unpublished\{/)
  })
})
