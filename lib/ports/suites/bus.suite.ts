import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ms } from '#kernel/units'
import { type Bus, type Consumer, type Delivery, type Envelope, Interrupted, Poison } from '#ports/bus'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'

export type BusSubject = {
  readonly url: string
  /** How a process opens it: the URL of a module, and the name it exports. */
  readonly opener: { readonly module: string; readonly name: string }
  /** Whether it tells that an id was published before, while the first waits. */
  readonly dedupes: boolean
  /**
   * Kills the server as hard as can be and has it come back; resolves once it was killed. The queue was declared a moment ago: a server that is slow to
   * write that down gets the time.
   */
  crashServer(queue: string): Promise<void>
}

const envelope = (topic: string, payload: unknown = {}): Envelope => ({ id: randomUUID(), topic, occurredAt: '2026-03-01T08:00:00.000Z', payload })
const unique = (name: string) => `${name}-${randomUUID().slice(0, 8)}`

/** What every `Bus` keeps. Each test has queues of its own; `start` is called once. */
export const busSuite = (name: string, start: () => Promise<BusSubject>) =>
  describe(`${name} keeps the Bus promise`, () => {
    let subject: BusSubject
    let bus: Bus
    const consumers: Consumer[] = []
    const children: ChildProcess[] = []

    const openAnother = async (): Promise<Bus> => {
      const { [subject.opener.name]: open } = await import(subject.opener.module)
      return open(subject.url, { log: silentLog })
    }
    const queueFor = async (topic: string, maxAttempts?: number): Promise<string> => {
      const queue = unique('queue')
      await bus.declare({ name: queue, topics: [topic], ...(maxAttempts === undefined ? {} : { maxAttempts }) })
      return queue
    }
    const consume = async (
      queues: readonly string[],
      handle: (delivery: Delivery) => Promise<void>,
      options: { concurrency?: number; lease?: number; on?: Bus; atMost?: Record<string, number> } = {},
    ) => {
      const { on = bus, concurrency = 1, lease, atMost = {} } = options
      const consumer = await on.consume({ queues, concurrency, atMost, handle, ...(lease === undefined ? {} : { lease: ms(lease) }) })
      consumers.push(consumer)
      return consumer
    }
    const depthOf = async (queue: string) => (await bus.depth()).find((row) => row.queue === queue)
    const isEmpty = (queue: string, patienceMs?: number) =>
      eventually(async () => {
        const depth = await depthOf(queue)
        assert.deepEqual([depth?.waiting, depth?.leased], [0, 0])
      }, patienceMs)
    const spawnConsumer = async (queue: string, leaseMs: number, mode: 'hold' | 'late' = 'hold') => {
      const script = fileURLToPath(new URL('../../testkit/bus-child.ts', import.meta.url))
      const child = spawn(process.execPath, [script, subject.opener.module, subject.opener.name, subject.url, queue, String(leaseMs), mode], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      children.push(child)
      const said: Record<string, unknown>[] = []
      createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line)))
      await eventually(() => assert.ok(said.some((line) => line.ready)), 10_000)
      return { child, said }
    }

    before(async () => {
      subject = await start()
      bus = await openAnother()
    })
    afterEach(async () => {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.stop(ms(0))))
      for (const child of children.splice(0)) child.kill('SIGKILL')
    })
    after(() => bus.close())

    it('hands a message to every queue bound to its topic, as equal JSON and not the same object', async () => {
      const topic = unique('topic')
      const [one, two] = [await queueFor(topic), await queueFor(topic)]
      await queueFor(unique('other-topic'))
      const sent = envelope(topic, { name: 'Uwase', points: 12, nested: [{ at: new Date(0), nothing: undefined }] })
      const got: [string, Delivery][] = []
      await consume([one], async (delivery) => void got.push(['one', delivery]))
      await consume([two], async (delivery) => void got.push(['two', delivery]))
      await bus.publish([sent])
      await eventually(() => assert.equal(got.length, 2))
      for (const [, delivery] of got) {
        assert.deepEqual(delivery.envelope, { ...sent, payload: { name: 'Uwase', points: 12, nested: [{ at: '1970-01-01T00:00:00.000Z' }] } })
        assert.equal(delivery.attempt, 1)
      }
      assert.deepEqual(got.map(([queue]) => queue).sort(), ['one', 'two'])
      await isEmpty(one)
    })

    it('a message published before its queue was declared is not in it; topics added later are', async () => {
      const [early, late] = [unique('topic'), unique('topic')]
      await bus.publish([envelope(early)])
      const queue = await queueFor(early)
      assert.equal((await depthOf(queue))?.waiting, 0)
      await bus.declare({ name: queue, topics: [early, late] })
      await bus.declare({ name: queue, topics: [early] })
      await bus.publish([envelope(early), envelope(late)])
      assert.equal((await depthOf(queue))?.waiting, 2)
    })

    it('the same id published again while the first waits is one message, where the adapter says so, and lost nowhere', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const sent = envelope(topic)
      await bus.publish([sent, sent])
      await Promise.all([bus.publish([sent]), bus.publish([sent])])
      assert.equal((await depthOf(queue))?.waiting, subject.dedupes ? 1 : 4)
    })

    it('delivers again, soon and with the next attempt, when the handler threw', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const attempts: number[] = []
      await consume([queue], async ({ attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) throw new Error('first try')
      })
      await bus.publish([envelope(topic)])
      await eventually(() => assert.deepEqual(attempts, [1, 2]), 2_000)
      await isEmpty(queue)
    })

    it('counts as failures what handlers called so, and not that they were interrupted', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const seen: [number, number][] = []
      await consume([queue], async ({ attempt, failures }) => {
        seen.push([attempt, failures])
        if (attempt === 1) throw new Error('could not be done')
        if (attempt === 2) throw new Interrupted('what is needed is away')
      })
      await bus.publish([envelope(topic)])
      await eventually(() =>
        assert.deepEqual(seen, [
          [1, 0],
          [2, 1],
          [3, 1],
        ]),
      )
      await isEmpty(queue)
    })

    it('after its last attempt a message is dead with the reason, and retried it starts from one', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic, 2)
      let broken = true
      const attempts: number[] = []
      const traces: (string | undefined)[] = []
      await consume([queue], async ({ attempt, envelope: { traceparent } }) => {
        attempts.push(attempt)
        traces.push(traceparent)
        if (broken) throw new Error(`no luck in ${attempt}`)
      })
      const sent = { ...envelope(topic, { a: 1 }), traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }
      await bus.publish([sent])
      const dead = await eventually(async () => {
        const found = (await bus.deadLetters()).find((letter) => letter.queue === queue)
        assert.ok(found)
        return found
      })
      assert.deepEqual([dead.envelope, dead.attempts, dead.reason], [sent, 2, 'no luck in 2'])
      assert.equal((await depthOf(queue))?.dead, 1)
      broken = false
      assert.equal(await bus.retryDead(dead.id), true)
      await eventually(() => assert.deepEqual(attempts, [1, 2, 1]))
      assert.deepEqual(traces, [sent.traceparent, sent.traceparent, sent.traceparent], 'the trace travels with the message all the way')
      assert.equal(await bus.retryDead(dead.id), false)
      await isEmpty(queue)
      assert.equal((await depthOf(queue))?.dead, 0)
    })

    it('poison is dead at once, and discarded it is gone', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      let deliveries = 0
      await consume([queue], async () => {
        deliveries += 1
        throw new Poison('version 99')
      })
      await bus.publish([envelope(topic)])
      const dead = await eventually(async () => {
        const found = (await bus.deadLetters()).find((letter) => letter.queue === queue)
        assert.ok(found)
        return found
      })
      assert.deepEqual([deliveries, dead.reason], [1, 'version 99'])
      assert.equal(await bus.discardDead(dead.id), true)
      assert.equal(await bus.discardDead(dead.id), false)
      assert.equal(await bus.discardDead('no such letter'), false)
      assert.equal((await depthOf(queue))?.dead, 0)
    })

    for (const concurrency of [1, 6]) {
      it(`takes from the first queue that has something, with ${concurrency} slots`, async () => {
        const [contest, practice] = [unique('contest'), unique('practice')]
        const [first, second] = [await queueFor(contest), await queueFor(practice)]
        await bus.publish(Array.from({ length: 6 }, (_, i) => envelope(i % 2 === 0 ? practice : contest, i)))
        const order: string[] = []
        await consume([first, second], async (delivery) => void order.push(delivery.envelope.topic), { concurrency })
        await eventually(() => assert.equal(order.length, 6))
        assert.deepEqual(order, [contest, contest, contest, practice, practice, practice])
      })
    }

    it('no more handlers at once than asked for, and as many when there is work', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      let working = 0
      let most = 0
      let done = 0
      await bus.publish(Array.from({ length: 20 }, () => envelope(topic)))
      await consume(
        [queue],
        async () => {
          working += 1
          most = Math.max(most, working)
          await sleep(5)
          working -= 1
          done += 1
        },
        { concurrency: 4 },
      )
      await eventually(() => assert.equal(done, 20))
      assert.equal(most, 4)
    })

    it('of a queue that may not have all slots no more are at work than it may have, the others go on, and none is forgotten', async () => {
      const [freeTopic, boundTopic] = [unique('topic'), unique('topic')]
      const [free, bound] = [await queueFor(freeTopic), await queueFor(boundTopic)]
      const atWork = { free: 0, bound: 0 }
      const most = { free: 0, bound: 0 }
      let done = 0
      await bus.publish(Array.from({ length: 12 }, (_, n) => envelope(n < 6 ? boundTopic : freeTopic)))
      await consume(
        [bound, free],
        async (delivery) => {
          const kind = delivery.envelope.topic === boundTopic ? 'bound' : 'free'
          most[kind] = Math.max(most[kind], ++atWork[kind])
          await sleep(20)
          atWork[kind]--
          done++
        },
        { concurrency: 3, atMost: { [bound]: 1 } },
      )
      await eventually(() => assert.equal(done, 12))
      assert.equal(most.bound, 1)
      assert.ok(most.free >= 2, 'the slots that one queue may not have are there for the other')
    })

    it('a thousand messages and four consumers: each message once, none forgotten', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const other = await openAnother()
      const seen = new Map<string, number>()
      const count = async ({ envelope: { id } }: Delivery) => void seen.set(id, (seen.get(id) ?? 0) + 1)
      for (const on of [bus, bus, other, other]) await consume([queue], count, { concurrency: 8, on })
      const sent = Array.from({ length: 1_000 }, (_, i) => envelope(topic, { i }))
      await Promise.all(Array.from({ length: 20 }, (_, i) => bus.publish(sent.slice(i * 50, i * 50 + 50))))
      await eventually(() => assert.equal(seen.size, 1_000), 20_000)
      await isEmpty(queue)
      assert.deepEqual(
        [...seen.values()].filter((times) => times !== 1),
        [],
      )
      await other.close()
    })

    it('work longer than its lease is renewed and stays with its worker', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      let deliveries = 0
      const work = async () => {
        deliveries += 1
        await sleep(1_500)
      }
      await consume([queue], work, { lease: 500 })
      await consume([queue], work, { lease: 500 })
      await bus.publish([envelope(topic)])
      await eventually(() => assert.equal(deliveries, 1))
      await isEmpty(queue, 8_000)
      assert.equal(deliveries, 1)
    })

    it('a killed worker loses its message to another one, as the next attempt', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const worker = await spawnConsumer(queue, 600)
      await bus.publish([envelope(topic)])
      await eventually(() => assert.ok(worker.said.some((line) => line.started)))
      worker.child.kill('SIGKILL')
      const tries: [number, number][] = []
      await consume([queue], async ({ attempt, failures }) => void tries.push([attempt, failures]))
      await eventually(() => assert.deepEqual(tries, [[2, 0]]), 20_000) // nobody said that the work had failed
      await isEmpty(queue)
    })

    it('a frozen worker loses its message, and thawed it is told to stop and changes nothing', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const worker = await spawnConsumer(queue, 600)
      const sent = envelope(topic)
      await bus.publish([sent])
      await eventually(() => assert.ok(worker.said.some((line) => line.started)))
      worker.child.kill('SIGSTOP')
      let release = () => {}
      const attempts: number[] = []
      await consume([queue], async ({ attempt }) => {
        attempts.push(attempt)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      })
      await eventually(() => assert.deepEqual(attempts, [2]), 20_000)
      worker.child.kill('SIGCONT')
      await eventually(() => assert.ok(worker.said.some((line) => line.aborted === sent.id)))
      assert.equal((await depthOf(queue))?.leased, 1)
      release()
      await isEmpty(queue)
      assert.deepEqual(attempts, [2])
    })

    it('a thawed worker that finishes late does not acknowledge what another one has by now', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      const worker = await spawnConsumer(queue, 600, 'late')
      await bus.publish([envelope(topic)])
      await eventually(() => assert.ok(worker.said.some((line) => line.started)))
      worker.child.kill('SIGSTOP')
      let release = () => {}
      const attempts: number[] = []
      await consume([queue], async ({ attempt }) => {
        attempts.push(attempt)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      })
      await eventually(() => assert.deepEqual(attempts, [2]), 20_000)
      worker.child.kill('SIGCONT')
      await eventually(() => assert.ok(worker.said.some((line) => line.finished)))
      worker.child.stdin?.end() // it stops in order, so its acknowledgement has been sent when it has gone
      await eventually(() => assert.notEqual(worker.child.exitCode, null))
      assert.equal((await depthOf(queue))?.leased, 1)
      release()
      await isEmpty(queue)
    })

    it('a message whose workers die every time ends among the dead', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic, 1)
      const worker = await spawnConsumer(queue, 600)
      await bus.publish([envelope(topic)])
      await eventually(() => assert.ok(worker.said.some((line) => line.started)))
      worker.child.kill('SIGKILL')
      let deliveries = 0
      await consume([queue], async () => {
        deliveries += 1
      })
      await eventually(async () => assert.equal((await depthOf(queue))?.dead, 1), 10_000)
      assert.equal(deliveries, 0)
    })

    it('a stopping consumer finishes what it does, hands back what takes too long, takes nothing new', async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic)
      for (const payload of ['short', 'long', 'waiting']) await bus.publish([envelope(topic, payload)])
      const stopCalled = Promise.withResolvers<void>()
      const said: string[] = []
      const handle = async ({ envelope: { payload }, signal }: Delivery) => {
        said.push(`${payload} started`)
        if (payload === 'short') await stopCalled.promise
        else await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        said.push(`${payload} ${signal.aborted ? 'aborted' : 'finished'}`)
      }
      const consumer = await consume([queue], handle, { concurrency: 2 })
      await eventually(() => assert.equal(said.length, 2))
      const stopping = consumer.stop(ms(250))
      stopCalled.resolve()
      await stopping
      await consumer.stop()
      assert.deepEqual(said, ['short started', 'long started', 'short finished', 'long aborted'])
      const again: Record<string, Pick<Delivery, 'attempt' | 'failures'>> = {}
      await consume([queue], async ({ envelope: { payload }, attempt, failures }) => {
        again[String(payload)] = { attempt, failures }
      })
      await isEmpty(queue, 2_000)
      assert.deepEqual(again.long, { attempt: 1, failures: 0 })
      // a broker that pushes may have sent the last one to a consumer that was about to stop, and counts that; it was not begun, so nothing failed
      assert.equal(again.waiting?.failures, 0)
      assert.ok(again.waiting.attempt <= 2)
    })

    it('broadcasts reach every listener of the topic in every process, and nobody who has stopped', async () => {
      const topic = unique('topic')
      const other = await openAnother()
      const heard: unknown[] = []
      const gone = await bus.listen(topic, () => heard.push('gone'))
      await gone.stop()
      await bus.listen(topic, (payload) => heard.push(['here', payload]))
      await other.listen(topic, (payload) => heard.push(['there', payload]))
      await other.listen(unique('topic'), () => heard.push('elsewhere'))
      await bus.broadcast(topic, { cells: [1, 2], text: 'line\nbreak' })
      await eventually(() => assert.equal(heard.length, 2))
      assert.deepEqual(heard.sort(), [
        ['here', { cells: [1, 2], text: 'line\nbreak' }],
        ['there', { cells: [1, 2], text: 'line\nbreak' }],
      ])
      await other.close()
    })

    it('a broadcast of 7,000 bytes arrives, a larger one is refused', async () => {
      const topic = unique('topic')
      const sizes: number[] = []
      await bus.listen(topic, (payload) => sizes.push(String(payload).length))
      await bus.broadcast(topic, 'x'.repeat(6_998))
      await assert.rejects(bus.broadcast(topic, 'x'.repeat(6_999)), /7000/)
      await eventually(() => assert.deepEqual(sizes, [6_998]))
    })

    it('a crash of the server in the middle of work loses no accepted message, and everything goes on by itself', { timeout: 180_000 }, async () => {
      const topic = unique('topic')
      const queue = await queueFor(topic, 100)
      const seen = new Set<string>()
      await consume(
        [queue],
        async ({ envelope: { id } }) => {
          await sleep(1)
          seen.add(id)
        },
        { concurrency: 4, lease: 1_000 },
      )
      const accepted: string[] = []
      let isCrashed = false
      const publishAll = async () => {
        for (let more = 30; more > 0; more -= isCrashed ? 1 : 0) {
          const some = Array.from({ length: 5 }, () => envelope(topic))
          const isStored = await bus.publish(some).then(
            () => true,
            () => false,
          )
          if (isStored) accepted.push(...some.map(({ id }) => id))
          await sleep(5)
        }
      }
      const publishing = publishAll()
      await eventually(() => assert.ok(accepted.length >= 100))
      await subject.crashServer(queue).finally(() => {
        isCrashed = true
      })
      await publishing
      await eventually(
        () =>
          assert.deepEqual(
            accepted.filter((id) => !seen.has(id)),
            [],
          ),
        20_000,
      )
      await isEmpty(queue, 20_000)
      const heard: unknown[] = []
      await bus.listen(topic, (payload) => heard.push(payload))
      await eventually(async () => {
        await bus.broadcast(topic, 'still here')
        assert.ok(heard.length > 0)
      })
    })
  })
