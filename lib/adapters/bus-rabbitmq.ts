/**
 * Queues and events on RabbitMQ 3.10 or newer: for many machines. What lies on the broker is told in `bus-rabbitmq/topology.ts`, how a message looks in
 * `bus-rabbitmq/wire.ts`, and why it is so in docs/adr/0022.
 *
 * Two connections a process: one publishes, one takes. A broker short of memory or disk stops the first, and work that is done can still be
 * acknowledged by the second. Both come back by themselves, with growing pauses; consumers, listeners and declarations with them.
 *
 * The lease of the port is the connection: heartbeats every second both ways, and the broker gives a silent process's messages to others after four to
 * six seconds, whatever `ConsumeOptions.lease` says.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from 'rabbitmq-client'
import type { Bus, Envelope } from '#ports/bus'
import type { Log } from '#ports/log'
import { broadcastJson } from './bus-broadcasts.ts'
import { defaultMaxAttempts, messageOf } from './bus-consuming.ts'
import { type Holdings, openAdministration } from './bus-rabbitmq/administration.ts'
import { type RabbitConsumer, startConsumer } from './bus-rabbitmq/consumer.ts'
import { openLock } from './bus-rabbitmq/lock.ts'
import { openPublisher, type Publisher } from './bus-rabbitmq/publisher.ts'
import { openRegistry, type Registry } from './bus-rabbitmq/registry.ts'
import { openSignals } from './bus-rabbitmq/signals.ts'
import { declareQueue, eventsExchange } from './bus-rabbitmq/topology.ts'
import { readAddress } from './bus-rabbitmq/trust.ts'
import { wireOf } from './bus-rabbitmq/wire.ts'

/** The broker looks that often, and gives up a connection on which it heard nothing in two whole turns: after four to six seconds. */
const heartbeatSeconds = 2
const connectWithinMs = 10_000
const closeWithinMs = 3_000
const holdingsKey = 'ask.holdings'
const wakeKeyOf = (queue: string) => `wake.${queue}`
const broadcastKeyOf = (topic: string) => `broadcast.${topic}`

/**
 * @param address `amqp://user:password@host:port/vhost`, or `amqps:`; `?believe=USER` where copies of another user's count (`bus-rabbitmq/trust.ts`).
 * @throws when the broker does not let us in within ten seconds.
 */
export async function openRabbitBus(address: string, { log }: { log: Log }): Promise<Bus> {
  const { url, trust } = readAddress(address)
  const connections = { taking: connect(url, 'arena taking', log), publishing: connect(url, 'arena publishing', log) }
  await reach(connections, url)
  const publisher = openPublisher({ connection: connections.publishing, user: trust.user, log })
  const consumers = new Set<RabbitConsumer>()
  const signals = openSignals({ connections, log, answers: { [holdingsKey]: () => holdingsOf(consumers) } })
  const exclusively = openLock(connections.taking)
  const registry = await openRegistry({ connection: connections.taking, publisher, signals, exclusively, log })
  const wake = (queue: string) => {
    signals
      .tell(wakeKeyOf(queue), 'null')
      .catch((error: unknown) => log.debug({ queue, reason: messageOf(error) }, 'nobody was told of work; it is found by polling'))
  }
  const administration = openAdministration({
    connection: connections.taking,
    publisher,
    registry,
    exclusively,
    askHoldings: async () => (await signals.ask(holdingsKey)) as Holdings[],
    wake,
    log,
  })
  const consume: Bus['consume'] = async (options) => {
    const maxAttemptsOf = (queue: string) => registry.queues.get(queue)?.maxAttempts ?? defaultMaxAttempts
    const consumer = startConsumer(options, {
      connection: connections.taking,
      trust,
      publisher,
      log,
      maxAttemptsOf,
      declared: (queue) => registry.own.get(queue),
      wake,
    })
    consumers.add(consumer)
    const wakes = options.queues.length === 1 ? [] : await Promise.all(options.queues.map((queue) => signals.hear(wakeKeyOf(queue), () => consumer.poke())))
    await consumer.started
    const stop: RabbitConsumer['stop'] = async (grace) => {
      await Promise.all([consumer.stop(grace), ...wakes.map((each) => each.stop())])
      consumers.delete(consumer)
    }
    return {
      stop,
      get lastPollAt() {
        return consumer.lastPollAt
      },
    }
  }
  const close = async () => {
    await Promise.all([...consumers].map((consumer) => consumer.stop()))
    await Promise.all([administration.close(), registry.close(), signals.close(), publisher.close()])
    await Promise.all(Object.values(connections).map(end))
  }
  let closed: Promise<void> | undefined
  return {
    declare: async (queue) => {
      const channel = await connections.taking.acquire({ emitErrorsFromChannel: true })
      channel.on('error', () => undefined) // the call that it belongs to rejects
      await declareQueue(channel, queue).finally(() => channel.close())
      await registry.add(queue)
    },
    publish: (envelopes) => publish(envelopes, { publisher, registry, wake }),
    consume,
    broadcast: async (topic, payload) => signals.tell(broadcastKeyOf(topic), broadcastJson(topic, payload)),
    listen: (topic, hear) => signals.hear(broadcastKeyOf(topic), hear),
    depth: administration.depth,
    deadLetters: administration.deadLetters,
    retryDead: administration.retryDead,
    discardDead: administration.discardDead,
    close: () => (closed ??= close()),
  }
}

function connect(url: string, connectionName: string, log: Log): Connection {
  const connection = new Connection({
    url,
    connectionName,
    heartbeat: heartbeatSeconds,
    connectionTimeout: connectWithinMs,
    acquireTimeout: 5_000,
    retryLow: 100,
    retryHigh: 3_000,
    frameMax: 131_072,
    // else each small frame waits for the answer to the one before, 40 ms
    noDelay: true,
  })
  connection.on('error', (error: unknown) =>
    log.warn({ connection: connectionName, reason: messageOf(error) }, 'the connection to the broker was lost; trying again'),
  )
  connection.on('connection', () => log.debug({ connection: connectionName }, 'connected to the broker'))
  connection.on('connection.blocked', (reason) =>
    log.error({ connection: connectionName, reason }, 'the broker takes no messages: it is short of memory or disk'),
  )
  connection.on('connection.unblocked', () => log.info({ connection: connectionName }, 'the broker takes messages again'))
  return connection
}

/** @throws without user and password: the message may be shown to anybody. */
async function reach(connections: Readonly<Record<string, Connection>>, url: string): Promise<void> {
  const all = Object.values(connections)
  try {
    await Promise.all(all.map((connection) => connection.onConnect(connectWithinMs, true)))
  } catch (error) {
    for (const connection of all) connection.unsafeDestroy()
    const why = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error)
    throw new Error(`there is no RabbitMQ for us at ${new URL(url).host}: ${why}`)
  }
}

/** In order, or not at all: a broker that does not answer must not keep this process. */
async function end(connection: Connection): Promise<void> {
  await Promise.race([connection.close(), sleep(closeWithinMs, undefined, { ref: false })])
  connection.unsafeDestroy()
}

type Publishing = { readonly publisher: Publisher; readonly registry: Registry; readonly wake: (queue: string) => void }

/**
 * A topic that nobody listens to is normal. One that a declared queue receives and that no queue took means that the broker lost the queue: refused,
 * so that it is published again when its consumer has declared it anew.
 */
async function publish(envelopes: readonly Envelope[], { publisher, registry, wake }: Publishing): Promise<void> {
  if (envelopes.length === 0) return
  const returned = await publisher.send(envelopes.map((envelope) => ({ ...wireOf(envelope), exchange: eventsExchange, routingKey: envelope.topic })))
  const receivers = new Map([...new Set(envelopes.map(({ topic }) => topic))].map((topic) => [topic, registry.receiversOf(topic)] as const))
  const lost = envelopes.find(({ id, topic }) => returned.has(id) && (receivers.get(topic)?.length ?? 0) > 0)
  if (lost) throw new Error(`no queue on the broker took ${lost.topic}, which ${receivers.get(lost.topic)?.join(', ')} should receive`)
  for (const queue of new Set([...receivers.values()].flat())) wake(queue)
}

function holdingsOf(consumers: ReadonlySet<RabbitConsumer>): Holdings {
  const held: Record<string, number> = {}
  const fresh: Record<string, number> = {}
  for (const consumer of consumers) {
    for (const [queue, count] of Object.entries(consumer.counts())) held[queue] = (held[queue] ?? 0) + count
    for (const [queue, at] of Object.entries(consumer.freshness())) fresh[queue] = Math.max(at, fresh[queue] ?? 0)
  }
  return { held, fresh }
}
