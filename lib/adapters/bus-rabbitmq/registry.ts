/**
 * Which queues there are, what they receive and how many attempts their messages have: AMQP can be asked none of this. One durable message holds the
 * list. Who changes it takes it out under the lock, stores the new one and then acknowledges the old, so a crash leaves two and the next reader
 * merges them. Changes are told to all; each process reads the list with each new connection, so a broker that lost everything is told again by whoever
 * declared.
 */
import type { Channel, Connection, SyncMessage } from 'rabbitmq-client'
import type { QueueSpec } from '#ports/bus'
import type { Log } from '#ports/log'
import { defaultMaxAttempts, messageOf } from '../bus-consuming.ts'
import { type KeptChannel, keepChannel } from './channels.ts'
import type { Exclusively } from './lock.ts'
import type { Publisher } from './publisher.ts'
import type { Signals } from './signals.ts'
import { declareRegistry, looksAtOneMessage, registryQueue, toQueue } from './topology.ts'
import { returnsOf } from './wire.ts'

export type Registry = {
  /** As far as this process has heard. */
  readonly queues: ReadonlyMap<string, DeclaredQueue>
  /** What this process declared itself. */
  readonly own: ReadonlyMap<string, DeclaredQueue>
  receiversOf(topic: string): readonly string[]
  /** Resolves when it is in the list and told. */
  add(spec: QueueSpec): Promise<void>
  close(): Promise<void>
}
export type DeclaredQueue = Required<QueueSpec>
type Queues = Map<string, DeclaredQueue>

const changedKey = 'queues.changed'

export type RegistryDeps = {
  readonly connection: Connection
  readonly publisher: Publisher
  readonly signals: Signals
  readonly exclusively: Exclusively
  readonly log: Log
}

/** Resolves when the list was read once. @throws when it cannot be. */
export async function openRegistry(deps: RegistryDeps): Promise<Registry> {
  const { publisher, signals, exclusively, log } = deps
  const known: Queues = new Map()
  const own: Queues = new Map()
  /** What the list said when this process last read it. */
  let written: Queues = new Map()

  const synchronise = () =>
    exclusively(async (channel) => {
      await declareRegistry(channel)
      const messages = await takeAll(channel)
      const list = listOf(messages.map(({ body }) => body))
      const wanted = new Map(list)
      for (const spec of own.values()) merge(wanted, spec)
      const isStale = messages.length !== 1 || messages.some(({ headers = {} }) => returnsOf(headers) >= looksAtOneMessage)
      const isChanged = [...own.values()].some((spec) => !covers(list.get(spec.name), spec))
      if (isStale || isChanged) await publisher.send([messageWith(wanted)])
      for (const { deliveryTag } of messages) {
        if (isStale || isChanged) channel.basicAck({ deliveryTag })
        else channel.basicNack({ deliveryTag, requeue: true })
      }
      written = wanted
      for (const spec of wanted.values()) merge(known, spec)
    })
  const kept: KeptChannel = keepChannel({ connection: deps.connection, log, name: 'the list of queues', setUp: synchronise })
  await signals.hear(changedKey, (said) => {
    const spec = specOf(said)
    if (spec !== undefined) merge(known, spec)
  })
  await kept.ready()
  return {
    queues: known,
    own,
    receiversOf: (topic) => [...known.values()].filter(({ topics }) => topics.includes(topic)).map(({ name }) => name),
    add: async (spec) => {
      const whole = { maxAttempts: defaultMaxAttempts, ...spec }
      merge(own, whole)
      merge(known, whole)
      if (covers(written.get(spec.name), whole)) return
      await synchronise()
      await signals.tell(changedKey, JSON.stringify(whole)).catch((error: unknown) => log.debug({ reason: messageOf(error) }, 'a new queue was not told of'))
    },
    close: kept.close,
  }
}

async function takeAll(channel: Channel): Promise<readonly SyncMessage[]> {
  const messages: SyncMessage[] = []
  for (;;) {
    const message = await channel.basicGet({ queue: registryQueue })
    if (message === undefined) return messages
    messages.push(message)
  }
}

/** The newest number of attempts, and every topic there ever was. */
function merge(into: Queues, spec: DeclaredQueue): void {
  const before = into.get(spec.name)?.topics ?? []
  into.set(spec.name, { ...spec, topics: [...new Set([...before, ...spec.topics])] })
}
const covers = (there: DeclaredQueue | undefined, spec: DeclaredQueue) =>
  there !== undefined && there.maxAttempts === spec.maxAttempts && spec.topics.every((topic) => there.topics.includes(topic))

const messageWith = (queues: Queues) => ({
  exchange: toQueue,
  routingKey: registryQueue,
  properties: { messageId: registryQueue, type: registryQueue, contentType: 'application/json', appId: 'competa-arena', durable: true as const, headers: {} },
  body: Buffer.from(JSON.stringify([...queues.values()])),
})

/** What is no list is taken for an empty one: it is written anew by who declares. */
function listOf(bodies: readonly unknown[]): Queues {
  const queues: Queues = new Map()
  for (const said of bodies.flatMap((body) => (Array.isArray(body) ? (body as unknown[]) : []))) {
    const spec = specOf(said)
    if (spec !== undefined) merge(queues, spec)
  }
  return queues
}

function specOf(said: unknown): DeclaredQueue | undefined {
  if (typeof said !== 'object' || said === null) return undefined
  const { name, topics, maxAttempts } = said as Record<string, unknown>
  if (typeof name !== 'string' || typeof maxAttempts !== 'number' || !Array.isArray(topics)) return undefined
  return { name, maxAttempts, topics: topics.filter((topic) => typeof topic === 'string') }
}
