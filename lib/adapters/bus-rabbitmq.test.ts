import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Connection } from 'rabbitmq-client'
import { ms } from '#kernel/units'
import type { Bus, Envelope } from '#ports/bus'
import { silentLog } from '#ports/log'
import { busSuite } from '#ports/suites/bus.suite'
import { eventually } from '#testkit/eventually'
import { type FaultProxy, openFaultProxy } from '#testkit/fault-proxy'
import { noTestRabbit, startTestRabbit, type TestRabbit } from '#testkit/rabbitmq'
import { openRabbitBus } from './bus-rabbitmq.ts'

const opener = { module: new URL('./bus-rabbitmq.ts', import.meta.url).href, name: 'openRabbitBus' }
const patienceMs = 30_000
const envelope = (topic: string, payload: unknown = {}): Envelope => ({ id: randomUUID(), topic, occurredAt: '2026-03-01T08:00:00.000Z', payload })

describe('RabbitMQ', { skip: noTestRabbit }, () => {
  let rabbit: TestRabbit
  before(async () => {
    rabbit = await startTestRabbit()
  })
  after(() => rabbit.stop())

  busSuite('RabbitMQ', async () => ({
    url: rabbit.url,
    opener,
    dedupes: false,
    crashServer: async (queue) => {
      await rabbit.hasOnDisk(queue)
      await rabbit.kill()
      await rabbit.restart()
    },
  }))

  describe('on a line that breaks', () => {
    let proxy: FaultProxy
    let bus: Bus
    /** Past the proxy, as another process would be. */
    let other: Bus
    const unique = (name: string) => `${name}-${randomUUID().slice(0, 8)}`

    before(async () => {
      proxy = await openFaultProxy(rabbit)
      bus = await openRabbitBus(rabbit.urlAt(proxy.port), { log: silentLog })
      other = await openRabbitBus(rabbit.url, { log: silentLog })
    })
    after(async () => {
      proxy.mode({ kind: 'forward' })
      await Promise.all([bus.close(), other.close()])
      await proxy.close()
    })
    const publishUntil = async (topic: string, isEnough: () => boolean) => {
      const accepted: string[] = []
      while (!isEnough()) {
        const some = Array.from({ length: 10 }, () => envelope(topic))
        await bus.publish(some).then(
          () => accepted.push(...some.map(({ id }) => id)),
          () => undefined, // the outbox would try again
        )
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      return accepted
    }

    it('loses nothing that was confirmed when connections are reset in the middle of publishing and consuming', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic], maxAttempts: 100 })
      const seen = new Set<string>()
      const consumer = await bus.consume({ queues: [topic], concurrency: 4, handle: async ({ envelope: { id } }) => void seen.add(id) })
      let resets = 0
      const publishing = publishUntil(topic, () => resets >= 3)
      for (; resets < 3; resets += 1) {
        const before = seen.size
        await eventually(() => assert.ok(seen.size > before + 20), patienceMs)
        proxy.resetAll()
      }
      const accepted = await publishing
      await eventually(
        () =>
          assert.deepEqual(
            accepted.filter((id) => !seen.has(id)),
            [],
          ),
        patienceMs,
      )
      await consumer.stop()
    })

    it('a lost connection aborts what is at work, and the same consumer goes on when the line is back', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic] })
      const said: string[] = []
      const consumer = await bus.consume({
        queues: [topic],
        handle: async ({ attempt, signal }) => {
          said.push(`try ${attempt}`)
          if (attempt > 1) return
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          said.push('aborted')
        },
      })
      await other.publish([envelope(topic)])
      await eventually(() => assert.deepEqual(said, ['try 1']), patienceMs)
      proxy.resetAll()
      await eventually(() => assert.deepEqual(said, ['try 1', 'aborted', 'try 2']), patienceMs)
      await eventually(async () => assert.equal((await other.depth()).find(({ queue }) => queue === topic)?.leased, 0), patienceMs)
      await consumer.stop()
    })

    it('while the broker is out of reach publishing rejects, the poll stands still, and all of it comes back', async () => {
      const topic = unique('topic')
      const [first, second] = [unique('first'), unique('second')]
      await bus.declare({ name: first, topics: [topic] })
      await bus.declare({ name: second, topics: [] })
      const seen: unknown[] = []
      const heard: unknown[] = []
      const consumer = await bus.consume({ queues: [first, second], handle: async (delivery) => void seen.push(delivery.envelope.payload) })
      await bus.listen(topic, (payload) => heard.push(payload))
      proxy.mode({ kind: 'refuse' })
      proxy.resetAll()
      const pollAt = consumer.lastPollAt
      await assert.rejects(bus.publish([envelope(topic)]))
      await assert.rejects(bus.broadcast(topic, 'lost'))
      assert.ok(consumer.lastPollAt - pollAt < 1_000)
      proxy.mode({ kind: 'forward' })
      await eventually(() => bus.publish([envelope(topic, 'after')]), patienceMs)
      await eventually(() => assert.deepEqual(seen, ['after']), patienceMs)
      await eventually(async () => {
        await bus.broadcast(topic, 'back')
        assert.ok(heard.length > 0)
      }, patienceMs)
      assert.ok(consumer.lastPollAt > pollAt)
      await consumer.stop()
    })

    it('a silent line is noticed: publishing rejects, and what was at work is done elsewhere', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic] })
      let isAborted = false
      const started = Promise.withResolvers<void>()
      const consumer = await bus.consume({
        queues: [topic],
        handle: async ({ signal }) => {
          started.resolve()
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          isAborted = true
        },
      })
      await other.publish([envelope(topic)])
      await started.promise
      proxy.mode({ kind: 'stall' })
      const stopping = consumer.stop(ms(60_000))
      const attempts: number[] = []
      const elsewhere = await other.consume({ queues: [topic], handle: async ({ attempt }) => void attempts.push(attempt) })
      await assert.rejects(bus.publish([envelope(topic)]))
      await eventually(() => assert.deepEqual([attempts, isAborted], [[2], true]), patienceMs)
      proxy.mode({ kind: 'forward' })
      await stopping
      await elsewhere.stop()
    })

    it('a slow line is slow and nothing else', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic] })
      const seen: string[] = []
      const consumer = await bus.consume({ queues: [topic], concurrency: 4, handle: async ({ envelope: { id } }) => void seen.push(id) })
      proxy.mode({ kind: 'slow', bytesPerSecond: 100_000, latencyMs: 5 })
      const sent = Array.from({ length: 50 }, () => envelope(topic, 'x'.repeat(400)))
      await bus.publish(sent)
      await eventually(() => assert.deepEqual(seen.toSorted(), sent.map(({ id }) => id).toSorted()), patienceMs)
      proxy.mode({ kind: 'forward' })
      await consumer.stop()
    })
  })

  describe('as a broker', () => {
    let bus: Bus
    let connection: Connection
    const unique = (name: string) => `${name}-${randomUUID().slice(0, 8)}`
    before(async () => {
      bus = await openRabbitBus(rabbit.url, { log: silentLog })
      connection = new Connection({ url: rabbit.url, noDelay: true })
    })
    after(async () => {
      await bus.close()
      connection.unsafeDestroy()
    })
    const deadIn = async (queue: string) => (await bus.deadLetters()).filter((letter) => letter.queue === queue)

    it('a queue that is full refuses, and the publisher is told', async () => {
      const [topic, narrow] = [unique('topic'), unique('narrow')]
      await bus.declare({ name: topic, topics: [topic] })
      const bounds = { 'x-queue-type': 'quorum', 'x-max-length': 3, 'x-overflow': 'reject-publish' } as const
      await connection.queueDeclare({ queue: narrow, durable: true, arguments: bounds })
      await connection.queueBind({ queue: narrow, exchange: 'arena.events', routingKey: topic })
      await eventually(() => assert.rejects(bus.publish(Array.from({ length: 10 }, () => envelope(topic))), /rejected by server/), patienceMs)
      await connection.queueDelete({ queue: narrow })
      await bus.publish([envelope(topic)])
    })

    it('refuses what a declared queue should take and the broker lost, and takes what nobody listens to', async () => {
      const topic = unique('topic')
      await bus.publish([envelope(topic)])
      await bus.declare({ name: topic, topics: [topic] })
      await connection.queueDelete({ queue: topic })
      await assert.rejects(bus.publish([envelope(topic)]), new RegExp(`no queue on the broker took ${topic}`))
      await bus.declare({ name: topic, topics: [topic] })
      await bus.publish([envelope(topic)])
    })

    it('what is no message of ours is a dead letter at once, with what can be told of it, and its consumer goes on', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic] })
      const seen: unknown[] = []
      const consumer = await bus.consume({ queues: [topic], handle: async (delivery) => void seen.push(delivery.envelope.payload) })
      const publisher = connection.createPublisher({ confirm: true })
      const bodies = [Buffer.from('{"id":'), Buffer.from([0xff, 0x00]), { id: 7, topic }, 'text', 'null']
      for (const [n, body] of bodies.entries()) await publisher.send({ exchange: 'arena.events', routingKey: topic, messageId: `m${n}` }, body)
      await publisher.close()
      await bus.publish([envelope(topic, 'good')])
      await eventually(() => assert.deepEqual(seen, ['good']), patienceMs)
      const letters = await eventually(async () => {
        const found = await deadIn(topic)
        assert.equal(found.length, bodies.length)
        return found
      }, patienceMs)
      for (const letter of letters) assert.match(letter.reason, /no envelope/)
      assert.deepEqual(letters.map((letter) => letter.envelope.id).sort(), ['m0', 'm1', 'm2', 'm3', 'm4'])
      assert.equal(letters.find((letter) => letter.envelope.id === 'm0')?.envelope.payload, '{"id":')
      for (const letter of letters) assert.equal(await bus.discardDead(letter.id), true)
      await consumer.stop()
    })

    it('what somebody puts into a queue past the exchange is a dead letter, unless it is of the same user', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic] })
      const seen: unknown[] = []
      const consumer = await bus.consume({ queues: [topic], handle: async (delivery) => void seen.push(delivery.envelope.payload) })
      const publisher = connection.createPublisher({ confirm: true })
      const past = { exchange: '', routingKey: topic }
      await publisher.send(past, envelope(topic, 'of nobody'))
      await publisher.send({ exchange: 'arena.events', routingKey: topic }, envelope('another.topic', 'as another topic'))
      await publisher.send({ ...past, userId: 'arena' }, envelope(topic, 'of the same user'))
      await publisher.close()
      await eventually(async () => assert.equal((await deadIn(topic)).length, 2), patienceMs)
      assert.deepEqual(seen, ['of the same user'])
      for (const letter of await deadIn(topic)) assert.match(letter.reason, /somebody who does not say so/)
      await consumer.stop()
    })

    it('a message that no delay queue takes is tried again without a delay, not lost', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic] })
      await connection.queueDelete({ queue: 'arena.retry.100' })
      const tries: number[] = []
      const consumer = await bus.consume({
        queues: [topic],
        handle: async ({ attempt }) => {
          tries.push(attempt)
          if (attempt === 1) throw new Error('once more')
        },
      })
      await bus.publish([envelope(topic)])
      await eventually(() => assert.deepEqual(tries, [1, 2]), patienceMs)
      await consumer.stop()
      await (await openRabbitBus(rabbit.url, { log: silentLog })).close() // whoever comes declares it again
    })

    it('a dead letter that is looked at again and again is kept: the broker would count it out', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic], maxAttempts: 1 })
      const consumer = await bus.consume({ queues: [topic], handle: () => Promise.reject(new Error('never')) })
      await bus.publish([envelope(topic, 'kept')])
      const [letter] = await eventually(async () => {
        const found = await deadIn(topic)
        assert.equal(found.length, 1)
        return found
      }, patienceMs)
      const channel = await connection.acquire()
      const looks = async () => {
        const message = await eventually(async () => (await channel.basicGet({ queue: `${topic}.dead` })) ?? assert.fail('not there yet'), patienceMs)
        channel.basicNack({ deliveryTag: message.deliveryTag, requeue: true })
        return Number(message.headers?.['x-delivery-count'] ?? 0)
      }
      while ((await looks()) < 1_000);
      assert.deepEqual(await deadIn(topic), [letter])
      assert.ok((await looks()) < 10)
      assert.deepEqual(await deadIn(topic), [letter])
      await channel.close()
      await consumer.stop()
    })

    it('another process knows the queues, reads dead letters at the same moment, and takes none away', async () => {
      const topic = unique('topic')
      await bus.declare({ name: topic, topics: [topic], maxAttempts: 1 })
      const consumer = await bus.consume({ queues: [topic], handle: () => Promise.reject(new Error('never')) })
      await bus.publish(Array.from({ length: 5 }, () => envelope(topic)))
      const other = await openRabbitBus(rabbit.url, { log: silentLog })
      await eventually(async () => assert.equal((await other.depth()).find(({ queue }) => queue === topic)?.dead, 5), patienceMs)
      for (const letters of await Promise.all([bus, other, bus, other].map((each) => each.deadLetters()))) {
        assert.equal(letters.filter(({ queue }) => queue === topic).length, 5)
      }
      await consumer.stop()
      await other.close()
    })

    it('an address where nobody is let in is told without its password', async () => {
      const url = new URL(rabbit.url)
      url.password = 'wrong-secret'
      await assert.rejects(
        openRabbitBus(url.href, { log: silentLog }),
        (error: Error) => /ACCESS_REFUSED/.test(error.message) && !error.message.includes('wrong-secret'),
      )
    })
  })

  it('a broker that lost everything gets its queues back from those who declared and take from them', async () => {
    const bus = await openRabbitBus(rabbit.url, { log: silentLog })
    const topic = `topic-${randomUUID().slice(0, 8)}`
    await bus.declare({ name: topic, topics: [topic] })
    const seen: unknown[] = []
    const consumer = await bus.consume({ queues: [topic], handle: async (delivery) => void seen.push(delivery.envelope.payload) })
    await rabbit.wipe()
    await eventually(() => bus.publish([envelope(topic, 'after')]), patienceMs)
    await eventually(() => assert.ok(seen.includes('after')), patienceMs)
    const other = await openRabbitBus(rabbit.url, { log: silentLog })
    await eventually(async () => assert.ok((await other.depth()).some(({ queue }) => queue === topic)), patienceMs)
    await consumer.stop()
    await Promise.all([bus.close(), other.close()])
  })
})
