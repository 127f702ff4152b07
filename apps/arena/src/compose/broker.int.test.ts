import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Connection } from 'rabbitmq-client'
import { openRabbitBus } from '#adapters/bus-rabbitmq'
import { evaluationQueues } from '#contracts/evaluation'
import type { Bus, Envelope } from '#ports/bus'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { noTestRabbit, startTestRabbit, type TestRabbit } from '#testkit/rabbitmq'
import { secretsOf } from './make-secrets.ts'

const random = { database: 'd'.repeat(64), broker: 'b'.repeat(64), judge: 'j'.repeat(64), cache: 'c'.repeat(64), services: 's'.repeat(64) }
const secrets = secretsOf(random)
const patienceMs = 30_000
const envelope = (topic: string, payload: unknown): Envelope => ({ id: randomUUID(), topic, occurredAt: '2026-03-01T08:00:00.000Z', payload })
const work = { name: 'evaluation.contest', topics: ['submission.queued.v1.contest'] }
const facts = { name: 'leaderboard.events', topics: ['submission.judged.v1'] }
const results = { name: 'submission.events', topics: ['evaluation.finished.v1'] }

describe('the broker of docker-compose.yml', { skip: noTestRabbit }, () => {
  let rabbit: TestRabbit
  let services: Bus
  let judge: Bus
  /** The judge's password in another program's hands. */
  let taken: Connection
  const addressOf = (container: string) => {
    const url = new URL(secrets[`${container}/broker-url`] ?? '')
    url.host = `${rabbit.host}:${rabbit.port}`
    return url.href
  }
  before(async () => {
    rabbit = await startTestRabbit({ definitions: secrets['broker/definitions.json'] ?? '' })
    services = await openRabbitBus(addressOf('submission'), { log: silentLog })
    judge = await openRabbitBus(addressOf('evaluation'), { log: silentLog })
    taken = new Connection({ url: `amqp://judge:${random.judge}@${rabbit.host}:${rabbit.port}` })
    taken.on('error', () => undefined) // of a channel that the broker closes, which is what is wanted
    for (const queue of [facts, results]) await services.declare(queue)
    for (const queue of evaluationQueues) await judge.declare(queue)
  })
  after(async () => {
    taken.unsafeDestroy()
    await Promise.all([services.close(), judge.close()])
    await rabbit.stop()
  })

  it('the judge takes work, tries it again, takes what an operator has revived, and tells results', async () => {
    const [tries, told]: [number[], unknown[]] = [[], []]
    let isWell = false
    const working = await judge.consume({
      queues: [work.name],
      handle: async ({ attempt }) => {
        tries.push(attempt)
        if (attempt === 1 && !isWell) throw new Error('once more')
        if (!isWell) throw Object.assign(new Error('to the dead letters'), { name: 'Poison' })
        await judge.publish([envelope(results.topics[0] as string, 'a result')])
      },
    })
    const storing = await services.consume({ queues: [results.name], handle: async (delivery) => void told.push(delivery.envelope.payload) })
    await services.publish([envelope(work.topics[0] as string, 'work')])
    const letter = await eventually(async () => {
      const found = (await services.deadLetters()).find(({ queue }) => queue === work.name)
      assert.ok(found)
      return found
    }, patienceMs)
    assert.equal(letter.reason, 'to the dead letters')
    isWell = true
    await services.retryDead(letter.id)
    await eventually(() => assert.deepEqual(told, ['a result']), patienceMs)
    assert.deepEqual(tries, [1, 2, 1])
    await Promise.all([working.stop(), storing.stop()])
  })

  it("a judge that was taken over reads no other queue, and nothing that it says in another's name is believed", async () => {
    const seen: unknown[] = []
    const consumer = await services.consume({ queues: [facts.name], handle: async (delivery) => void seen.push(delivery.envelope.payload) })
    const forged = (payload: string) => envelope(facts.topics[0] as string, payload)
    const attempt = async (route: { exchange: string; routingKey: string; userId?: string; expiration?: string }, payload: string) => {
      const publisher = taken.createPublisher({ confirm: true, maxAttempts: 1 })
      await publisher.send(route, forged(payload)).finally(() => publisher.close())
    }
    await assert.rejects(attempt({ exchange: 'arena.events', routingKey: facts.topics[0] as string }, 'as the event'), /ACCESS_REFUSED/)
    await assert.rejects(attempt({ exchange: '', routingKey: facts.name, userId: 'arena' }, 'as the services'), /PRECONDITION_FAILED/)
    await attempt({ exchange: '', routingKey: facts.name, userId: 'judge' }, 'straight')
    await attempt({ exchange: '', routingKey: facts.name }, 'without a name')
    await attempt({ exchange: 'arena.retry.100', routingKey: facts.name, expiration: '10' }, 'by a delay')
    await services.publish([forged('true')])
    await eventually(async () => assert.equal((await services.deadLetters()).filter(({ queue }) => queue === facts.name).length, 3), patienceMs)
    assert.deepEqual(seen, ['true'])
    const channel = await taken.acquire()
    await assert.rejects(channel.basicGet({ queue: facts.name }), /ACCESS_REFUSED/)
    await consumer.stop()
  })
})
