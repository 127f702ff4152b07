/**
 * Everything that exists on the broker, in one place. All of it is declared by whoever needs it, as often as they like; arguments are the same for
 * every queue and never change, since RabbitMQ refuses to declare a queue again with others.
 *
 * - `arena.events`: a topic exchange; the routing key is the event's topic. Consumers in other languages bind queues of their own here.
 * - `NAME` and `NAME.dead`: the quorum queues of a queue of the port; bound by exact topics.
 * - `arena.retry.MS`: one exchange and queue for each delay between two tries. A message keeps its routing key, the name of the queue it came from,
 *   and goes back there when its time is over.
 * - `arena.signals`: what is not durable; each process has a queue of its own behind it.
 * - `arena.queues`: holds one message, the list of the queues that were declared and what they take; see `registry.ts`.
 * - `arena.lock`: exclusive, there while somebody holds the lock; see `lock.ts`.
 * - `arena.present`: every process consumes from it and nobody publishes, so that its consumers can be counted.
 */
import type { Channel } from 'rabbitmq-client'
import type { Ms } from '#kernel/units'
import type { QueueSpec } from '#ports/bus'
import { plainRetryDelays } from '../bus-consuming.ts'

export const eventsExchange = 'arena.events'
export const signalsExchange = 'arena.signals'
export const registryQueue = 'arena.queues'
export const presenceQueue = 'arena.present'
/** The default exchange: the routing key is a queue's name. */
export const toQueue = ''

export const deadQueueOf = (queue: string) => `${queue}.dead`
/** @param delay one of `plainRetryDelays`. */
export const retryExchangeOf = (delay: Ms) => `arena.retry.${delay}`

/**
 * Consumers bury what has had its attempts; this is for a message that never gets so far, and high enough not to be met by any that does. Without
 * it RabbitMQ 4 buries after 20.
 */
const deliveryLimit = 10_000
/** Each look at a message that is put back counts as a delivery: after so many it is written anew, long before the limit takes it. */
export const looksAtOneMessage = 1_000
const quorum = { 'x-queue-type': 'quorum', 'x-delivery-limit': deliveryLimit } as const
/** Passed on with confirms by the broker itself: a message is in one of the two queues at every moment. */
const passesOnSafely = { 'x-dead-letter-exchange': toQueue, 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' } as const

/** What publishers need. */
export async function declareEvents(channel: Channel): Promise<void> {
  await channel.exchangeDeclare({ exchange: eventsExchange, type: 'topic', durable: true })
  for (const delay of plainRetryDelays) {
    const name = retryExchangeOf(delay)
    await channel.exchangeDeclare({ exchange: name, type: 'fanout', durable: true })
    await channel.queueDeclare({ queue: name, durable: true, arguments: { ...quorum, ...passesOnSafely } })
    await channel.queueBind({ exchange: name, queue: name, routingKey: '' })
  }
}

export async function declareSignals(channel: Channel): Promise<void> {
  await channel.exchangeDeclare({ exchange: signalsExchange, type: 'topic', durable: true })
  await channel.queueDeclare({ queue: presenceQueue, durable: true, arguments: { 'x-queue-type': 'classic' } })
}

export async function declareRegistry(channel: Channel): Promise<void> {
  await channel.queueDeclare({ queue: registryQueue, durable: true, arguments: quorum })
}

/** Its queue, its dead letters, its bindings. Topics are only added. */
export async function declareQueue(channel: Channel, { name, topics }: Pick<QueueSpec, 'name' | 'topics'>): Promise<void> {
  await channel.exchangeDeclare({ exchange: eventsExchange, type: 'topic', durable: true })
  const dead = deadQueueOf(name)
  await channel.queueDeclare({ queue: dead, durable: true, arguments: quorum })
  await channel.queueDeclare({ queue: name, durable: true, arguments: { ...quorum, ...passesOnSafely, 'x-dead-letter-routing-key': dead } })
  for (const topic of topics) await channel.queueBind({ exchange: eventsExchange, queue: name, routingKey: topic })
}
