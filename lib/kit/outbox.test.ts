import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import Type from 'typebox'
import { event } from '#contracts/route'
import { seconds } from '#kernel/units'
import type { Bus, Envelope } from '#ports/bus'
import type { Db } from '#ports/db'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { type HarshBus, openHarshBus } from '#testkit/harsh-bus'
import { systemIds } from '#testkit/real'
import { openServiceDb } from '#testkit/service-harness'
import { markSeen, openOutbox, outboxMigration, plainPayloadMigration, sweeperMigration, traceMigration } from './outbox.ts'
import { inScope } from './scope.ts'

const happened = event('test.happened', 1, Type.Object({ n: Type.Integer() }))

describe('outbox', () => {
  let db: Db
  let close: () => Promise<void>
  const clock = fakeClock()
  before(async () => {
    const opened = await openServiceDb('outbox', [outboxMigration, sweeperMigration, traceMigration, plainPayloadMigration])
    db = opened.db
    close = opened.close
  })
  after(() => close())

  const open = (bus: Bus) => openOutbox({ db, bus, clock, ids: systemIds, log: silentLog })
  const numbers = (bus: { published: readonly Envelope[] }) => bus.published.map((envelope) => (envelope.payload as { n: number }).n)
  const unpublished = async () => Number((await db.query<{ n: string }>('select count(*) as n from outbox where published_at is null')).rows[0]?.n)
  /** A bus that is away until `back` is called. */
  const awayBus = () => {
    const bus = openHarshBus()
    let isAway = true
    const publish: Bus['publish'] = (envelopes) => (isAway ? Promise.reject(new Error('the broker is away')) : bus.publish(envelopes))
    return { bus: { ...bus, published: bus.published, publish }, back: () => (isAway = false) }
  }

  it('publishes after the commit what the transaction added, and nothing of one that rolled back', async () => {
    const bus = openHarshBus()
    const outbox = open(bus)
    await db.transaction(async (tx) => {
      await outbox.add(tx, happened, { n: 1 })
      await outbox.add(tx, happened, { n: 2 }, { topic: 'test.happened.v1.lane' })
      assert.equal(bus.published.length, 0)
    })
    await assert.rejects(
      db.transaction(async (tx) => {
        await outbox.add(tx, happened, { n: 3 })
        throw new Error('not this time')
      }),
    )
    await outbox.stop()
    assert.deepEqual(numbers(bus).sort(), [1, 2])
    assert.deepEqual(bus.published.map((envelope) => envelope.topic).sort(), ['test.happened.v1', 'test.happened.v1.lane'])
    assert.equal(await unpublished(), 0)
  })

  it('sweeps up what a crash or an absent broker left, once it is back', async () => {
    const { bus, back } = awayBus()
    const outbox = open(bus)
    await db.transaction((tx) => outbox.add(tx, happened, { n: 4 }))
    outbox.start()
    await eventually(async () => assert.equal(await unpublished(), 1))
    back()
    await eventually(async () => {
      clock.advance(seconds(4))
      assert.equal(await unpublished(), 0)
    })
    assert.deepEqual(numbers(bus), [4])
    await outbox.stop()
  })

  it('keeps what waits for an absent broker in the table, not in memory, and publishes all of it at one sweep', async () => {
    const bus = openHarshBus()
    const away = Promise.withResolvers<void>()
    let tried = 0
    const publish = async (envelopes: readonly Envelope[]) => {
      tried += envelopes.length
      await away.promise
      throw new Error('the broker is away')
    }
    const outbox = open({ ...bus, publish })
    const each = 1_000
    const rounds = 25
    await Promise.all(
      Array.from({ length: rounds }, (_, round) =>
        db.transaction((tx) =>
          outbox.addAll(
            tx,
            Array.from({ length: each }, (_, n) => ({ topic: 'test.many.v1', payload: { n: round * each + n } })),
          ),
        ),
      ),
    )
    away.resolve()
    await outbox.stop()
    assert.ok(tried < each * rounds, 'every event was held in memory')
    assert.equal(await unpublished(), each * rounds)
    const next = open(bus)
    next.start()
    await eventually(() => {
      clock.advance(seconds(1)) // the first of its sweeps that finds what is three seconds old
      assert.ok(numbers(bus).length > 0)
    })
    await eventually(async () => assert.equal(await unpublished(), 0), 30_000)
    await next.stop()
    assert.equal(new Set(numbers(bus)).size, each * rounds)
  })

  it('is swept by one replica at a time, and by another when that one is gone', async () => {
    const { bus, back } = awayBus()
    const [first, second] = [open(bus), open(bus)]
    await db.transaction((tx) => first.addAll(tx, [{ topic: 'test.few.v1', payload: { n: 1 } }]))
    await first.stop()
    await second.stop()
    back()
    await db.query(`update outbox_sweeper set holder = gen_random_uuid(), held_until = now() + interval '1 hour'`)
    const third = open(bus)
    const sweptBefore = third.sweptAt
    third.start()
    await eventually(() => {
      clock.advance(seconds(4))
      assert.ok(third.sweptAt > sweptBefore + 8_000)
    })
    assert.equal(await unpublished(), 1)
    await db.query(`update outbox_sweeper set held_until = now() - interval '1 second'`)
    await eventually(async () => {
      clock.advance(seconds(1))
      assert.equal(await unpublished(), 0)
    })
    await third.stop()
  })

  it('tells again from its log, by time and topic, under the same ids', async () => {
    const first = openHarshBus()
    const outbox = open(first)
    clock.advance(seconds(1)) // after all that was told before
    const since = new Date(clock.now())
    clock.advance(seconds(1))
    await db.transaction((tx) =>
      outbox.addAll(
        tx,
        Array.from({ length: 1200 }, (_, n) => ({ topic: n % 2 ? 'test.odd.v1' : 'test.even.v1', payload: { n } })),
      ),
    )
    await outbox.stop()
    const again = openHarshBus()
    assert.equal(await open(again).replay(since), 1200)
    assert.deepEqual(new Set(again.published.map((e) => e.id)), new Set(first.published.map((e) => e.id)))
    assert.equal(await open(openHarshBus()).replay(since, ['test.odd.v1']), 600)
  })

  it('tells each event with the trace it belongs to: its own, else that of what is under way, else none', async () => {
    const bus = openHarshBus()
    const outbox = open(bus)
    const [own, around] = ['00-11111111111111111111111111111111-1111111111111111-01', '00-22222222222222222222222222222222-2222222222222222-01']
    await inScope({ traceparent: around }, () =>
      db.transaction(async (tx) => {
        await outbox.addAll(tx, [{ topic: 'test.traced.v1', payload: { n: 1 }, traceparent: own }])
        await outbox.addAll(tx, [{ topic: 'test.traced.v1', payload: { n: 2 } }])
      }),
    )
    await db.transaction((tx) => outbox.addAll(tx, [{ topic: 'test.traced.v1', payload: { n: 3 } }]))
    await eventually(() => assert.equal(bus.published.length, 3))
    const traces = (of: HarshBus) => new Map(of.published.map(({ payload, traceparent }) => [(payload as { n: number }).n, traceparent]))
    const expected = new Map([
      [1, own],
      [2, around],
      [3, undefined],
    ] as const)
    assert.deepEqual(traces(bus), expected)
    await outbox.stop()
    const later = openHarshBus()
    const again = open(later)
    await again.replay(new Date(0), ['test.traced.v1'])
    assert.deepEqual(traces(later), expected, 'and the log keeps it')
    await again.stop()
  })

  it('forgets what is old a part at a time, until nothing old is left; younger events stay', async () => {
    await db.query('delete from outbox')
    const rows = (count: number, days: number, published: boolean) =>
      db.query(
        `insert into outbox (id, topic, payload, occurred_at, published_at) select gen_random_uuid(), 'test.happened.v1', '{"n": 1}', now() - $2 * interval '1 day',
         case when $3 then now() - $2 * interval '1 day' end from generate_series(1, $1)`,
        [count, days, published],
      )
    await rows(5_001, 8, true)
    await rows(1, 6, true)
    await db.query(`insert into inbox (event_id, seen_at) select gen_random_uuid(), now() - interval '9 days' from generate_series(1, 3)`)
    const left = async () =>
      (await db.query<{ told: number; seen: number }>('select count(*)::int as told, (select count(*)::int from inbox) as seen from outbox')).rows[0]
    const outbox = open(openHarshBus())
    outbox.start()
    clock.advance(seconds(1))
    await eventually(async () => assert.deepEqual(await left(), { told: 2, seen: 0 }))
    await eventually(async () => {
      clock.advance(seconds(1))
      assert.equal((await left())?.told, 1)
    })
    await outbox.stop()
  })

  it('marks events as seen once, and says which were not', async () => {
    const [one, other] = [systemIds.next(), systemIds.next()]
    const mark = (...ids: string[]) => db.transaction((tx) => markSeen(tx, ids))
    assert.deepEqual(await mark(one, one), new Set([one]))
    assert.deepEqual(await mark(other, one), new Set([other]))
    assert.deepEqual(await mark(one, other), new Set())
  })
})
