/** What the operator sees and does: how long the queues are, and the dead letters. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Connection, SyncMessage } from 'rabbitmq-client'
import type { Bus, DeadLetter } from '#ports/bus'
import type { Log } from '#ports/log'
import { messageOf } from '../bus-consuming.ts'
import { keepChannel } from './channels.ts'
import { codeOf, type Exclusively } from './lock.ts'
import type { Publisher } from './publisher.ts'
import type { Registry } from './registry.ts'
import { deadQueueOf, looksAtOneMessage, toQueue } from './topology.ts'
import { asDead, asTried, readDeath, readIncoming, returnsOf } from './wire.ts'

/** What every process tells of its consumers. */
export type Holdings = {
  readonly held: Readonly<Record<string, number>>
  /** Epoch ms; see `RabbitConsumer.freshness`. */
  readonly fresh: Readonly<Record<string, number>>
}

export type AdministrationDeps = {
  readonly connection: Connection
  readonly publisher: Publisher
  readonly registry: Registry
  readonly exclusively: Exclusively
  readonly askHoldings: () => Promise<readonly Holdings[]>
  readonly wake: (queue: string) => void
  readonly log: Log
}
type Administration = Pick<Bus, 'depth' | 'deadLetters' | 'retryDead' | 'discardDead'> & { close(): Promise<void> }

const mostLetters = 1_000
export function openAdministration(deps: AdministrationDeps): Administration {
  const { registry, publisher } = deps
  const kept = keepChannel({ connection: deps.connection, log: deps.log, name: 'administration', setUp: async () => undefined })
  const lengths = openLengths(() => kept.ready())
  const firstSeen = openFirstSeen()

  const depth = async () => {
    const [holdings, rows] = await Promise.all([deps.askHoldings(), lengths.of([...registry.queues.keys()])])
    const now = Date.now()
    return rows.map(({ queue, waiting, dead }) => {
      const leased = holdings.reduce((sum, { held }) => sum + (held[queue] ?? 0), 0)
      const since = Math.max(firstSeen(queue, waiting, now), ...holdings.map(({ fresh }) => fresh[queue] ?? 0))
      return { queue, waiting, leased, dead, oldestWaitingMs: waiting === 0 ? 0 : Math.max(0, now - since) }
    })
  }
  const renew = ({ queue, message }: Letter) =>
    publisher.place({ ...asDead(readIncoming(message).wire, readDeath(message)), exchange: toQueue, routingKey: deadQueueOf(queue) })
  /** Reads the dead letters of these queues; all but the ones that are wanted go back. */
  const visit = (queues: readonly string[], wanted: (letter: Letter) => Promise<boolean>) =>
    deps.exclusively(async (channel) => {
      let left = mostLetters
      for (const queue of queues) left -= await visitQueue(channel, queue, { wanted, renew, most: left })
    })
  const deadLetters = async () => {
    const letters: DeadLetter[] = []
    await visit([...registry.queues.keys()], async (letter) => {
      letters.push(letterOf(letter))
      return false
    })
    return letters.sort((a, b) => a.diedAt.localeCompare(b.diedAt) || a.id.localeCompare(b.id))
  }
  /** @param end what becomes of it before it is removed. @returns whether there was one. */
  const remove = async (id: string, end: (letter: Letter) => Promise<unknown>) => {
    const queue = id.slice(0, Math.max(0, id.lastIndexOf(':')))
    if (!registry.queues.has(queue)) return false
    let isFound = false
    await visit([queue], async (letter) => {
      if (isFound || letterOf(letter).id !== id) return false
      isFound = true
      await end(letter)
      return true
    })
    return isFound
  }
  const revive = async ({ queue, message }: Letter) => {
    await publisher.place({ ...asTried(readIncoming(message).wire, { attempts: 0, failures: 0 }), exchange: toQueue, routingKey: queue })
    deps.wake(queue)
  }
  return {
    depth,
    deadLetters,
    retryDead: (id) => remove(id, revive),
    discardDead: (id) => remove(id, async () => undefined),
    close: kept.close,
  }
}

type Letter = { readonly queue: string; readonly message: SyncMessage }

/** Of two letters about one event in one queue (it was delivered twice) either is meant. */
const letterOf = ({ queue, message }: Letter): DeadLetter => {
  const { envelope } = readIncoming(message)
  return { id: `${queue}:${envelope.id}`, queue, envelope, ...readDeath(message) }
}

type Visit = {
  wanted(letter: Letter): Promise<boolean>
  /** Writes a copy of one that was looked at often. */
  renew(letter: Letter): Promise<void>
  readonly most: number
}

/**
 * Takes out at most so many, and puts back what is not wanted, in its order. Ends when all that were put back are seen again.
 * @returns how many of those there were.
 */
async function visitQueue(channel: Channel, queue: string, { wanted, renew, most }: Visit): Promise<number> {
  const dead = deadQueueOf(queue)
  const { messageCount } = await channel.queueDeclare({ queue: dead, passive: true })
  const kept: SyncMessage[] = []
  for (let taken = 0; taken < Math.min(messageCount, most); taken += 1) {
    const message = await channel.basicGet({ queue: dead })
    if (message === undefined) break
    const isWanted = await wanted({ queue, message })
    const isWorn = !isWanted && returnsOf(message.headers ?? {}) >= looksAtOneMessage
    if (isWorn) await renew({ queue, message })
    if (isWanted || isWorn) channel.basicAck({ deliveryTag: message.deliveryTag })
    else kept.push(message)
  }
  for (const { deliveryTag } of kept) channel.basicNack({ deliveryTag, requeue: true })
  for (let tries = 0; kept.length > 0 && tries < 100; tries += 1) {
    if ((await channel.queueDeclare({ queue: dead, passive: true })).messageCount >= kept.length) break
    await sleep(10)
  }
  return kept.length
}

/** Lengths of queues. One that somebody deleted on the broker is left out. */
function openLengths(ready: () => Promise<Channel>) {
  const of = async (queue: string) => {
    try {
      const { messageCount } = await (await ready()).queueDeclare({ queue, passive: true })
      return messageCount
    } catch (error) {
      if (codeOf(error) === 'NOT_FOUND') return undefined
      throw new Error(`the broker does not tell the length of ${queue}: ${messageOf(error)}`, { cause: error })
    }
  }
  return {
    of: async (queues: readonly string[]) => {
      const rows: { readonly queue: string; readonly waiting: number; readonly dead: number }[] = []
      for (const queue of [...queues].sort()) {
        const waiting = await of(queue)
        if (waiting !== undefined) rows.push({ queue, waiting, dead: (await of(deadQueueOf(queue))) ?? 0 })
      }
      return rows
    },
  }
}

/** Since when, as far as this process looked, something has been waiting in a queue without a break. */
function openFirstSeen() {
  const since = new Map<string, number>()
  return (queue: string, waiting: number, now: number): number => {
    if (waiting === 0) since.delete(queue)
    else if (!since.has(queue)) since.set(queue, now)
    return since.get(queue) ?? now
  }
}
