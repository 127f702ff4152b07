/**
 * One consumer: takes messages while it has free slots and hands them to the handler. What it holds is kept by `held.ts`.
 *
 * From one queue the broker pushes, no more at once than there are slots: nothing waits here that another process could work on. From several the
 * consumer fetches, since a broker that pushes knows no precedence between queues: whenever a slot is free it looks at them in order. It looks when a
 * publisher says that there is something, when a slot becomes free, and once a second.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Connection } from 'rabbitmq-client'
import type { Ms } from '#kernel/units'
import type { ConsumeOptions, Consumer, QueueSpec } from '#ports/bus'
import { defaultGrace, messageOf, openRooms, openTaking } from '../bus-consuming.ts'
import { keepChannel } from './channels.ts'
import { type Held, type HeldDeps, heldBy, openHeld } from './held.ts'
import { declareQueue } from './topology.ts'
import type { Trust } from './trust.ts'
import { type Incoming, readIncoming } from './wire.ts'

export type RabbitConsumer = Consumer & {
  /** Something may be waiting in one of its queues. */
  poke(): void
  /** Resolves when it takes, or after a few seconds without a broker; it goes on trying by itself. */
  readonly started: Promise<unknown>
  readonly queues: readonly string[]
  /** Held at this moment, by queue. */
  counts(): Readonly<Record<string, number>>
  /** Epoch ms by queue: what waits there was published after this, as far as this consumer can tell. */
  freshness(): Readonly<Record<string, number>>
}

export type ConsumerDeps = Pick<HeldDeps, 'publisher' | 'log' | 'maxAttemptsOf'> & {
  readonly connection: Connection
  readonly trust: Trust
  /** What this process itself declared of a queue. */
  readonly declared: (queue: string) => QueueSpec | undefined
  /** Tells every process that there is something in a queue. */
  readonly wake: (queue: string) => void
}

const pollEveryMs = 1_000
/** A stopping consumer waits so long for what it has asked the broker. */
const answersWithinMs = 1_000

export function startConsumer(options: ConsumeOptions, deps: ConsumerDeps): RabbitConsumer {
  const { queues } = options
  const slots = openSlots(options, deps)
  const freshness = openFreshness(queues)
  const arrive: Arrive = (channel, queue, message) => {
    const received = readIncoming(message)
    const problem = received.problem ?? deps.trust.objection(message, received.envelope.topic)
    const one = heldBy({ queue, channel, deliveryTag: message.deliveryTag, received: { ...received, problem } })
    freshness.taken(queue, one.received.publishedAt)
    slots.add(one)
  }
  const source = queues.length === 1 ? pushes(queues[0] ?? '', { slots, arrive, freshness }) : fetches(queues, { slots, arrive, freshness })
  const kept = keepChannel({
    connection: deps.connection,
    log: deps.log,
    name: `taking from ${queues.join(', ')}`,
    setUp: async (channel) => {
      // a broker that lost everything gets its queues back
      for (const spec of queues.map(deps.declared)) if (spec !== undefined) await declareQueue(channel, spec)
      await source.setUp(channel)
    },
    lost: slots.loseAll,
  })
  let lastPollAt = Date.now()
  const taking = openTaking({
    room: () => (slots.stopping ? 0 : source.room()),
    take: async (room) => {
      const taken = await source.take(await kept.ready(), room)
      lastPollAt = Date.now()
      return taken
    },
    failed: (error) => deps.log.warn({ queues, reason: messageOf(error) }, 'cannot take messages; trying again'),
  })
  slots.onFree(taking.resume)
  const poll = setInterval(taking.want, pollEveryMs).unref()
  taking.want()

  const end = async (grace: Ms) => {
    clearInterval(poll)
    slots.stop()
    await source.stop().catch(() => undefined) // the channel has gone, and with it what was pushed
    // the client hands over a turn later what came before the broker's answer: held, not begun, and handed back with the rest
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.race([taking.settled(), sleep(answersWithinMs, undefined, { ref: false })])
    await Promise.race([slots.settled(), sleep(grace, undefined, { ref: false })])
    await slots.handBackAll()
    await kept.close()
  }
  let ended: Promise<void> | undefined
  return {
    queues,
    started: kept.ready().catch(() => undefined),
    poke: taking.want,
    counts: slots.counts,
    freshness: () => {
      if (kept.current !== undefined) source.look()
      return freshness.byQueue()
    },
    stop: (grace = defaultGrace) => (ended ??= end(grace)),
    get lastPollAt() {
      return lastPollAt
    },
  }
}

type Slots = ReturnType<typeof openSlots>
type Freshness = ReturnType<typeof openFreshness>
type Arrive = (channel: Channel, queue: string, message: Incoming & { readonly deliveryTag: number }) => void

type SourceDeps = { readonly slots: Slots; readonly arrive: Arrive; readonly freshness: Freshness }

/** Where messages come from. */
type Source = {
  setUp(channel: Channel): Promise<void>
  /** For how many it is worth asking. */
  room(): number
  /** Asks the broker, and proves by it that the connection lives. @returns how many were taken. */
  take(channel: Channel, room: number): Promise<number>
  /** Notes what can be known of the queues without asking. */
  look(): void
  /** Takes nothing more. @throws when the channel has gone. */
  stop(): Promise<void>
}

/** The broker sends; a full prefetch is all the room there is. Asking is a proof of life only: the queue is there and somebody answers. */
function pushes(queue: string, { slots, arrive, freshness }: SourceDeps): Source {
  let cancel: () => Promise<unknown> = async () => undefined
  return {
    setUp: async (channel) => {
      await channel.basicQos({ prefetchCount: slots.most(queue) })
      const { consumerTag } = await channel.basicConsume({ queue }, (message) => arrive(channel, queue, message))
      cancel = () => channel.basicCancel(consumerTag)
    },
    room: () => 1,
    take: async (channel) => {
      await channel.queueDeclare({ queue, passive: true })
      return 0
    },
    look: () => {
      if (slots.free() > 0) freshness.empty(queue, Date.now())
    },
    stop: async () => void (await cancel()),
  }
}

/** Takes one by one, each from the first queue that has something and may have a slot. */
function fetches(queues: readonly string[], { slots, arrive, freshness }: SourceDeps): Source {
  const takeOne = async (channel: Channel): Promise<boolean> => {
    for (const queue of queues) {
      if (slots.leftOf(queue) === 0) continue
      // asking is cheap; a fetch from an empty queue is written to every replica's log
      const lookedAt = Date.now()
      const { messageCount } = await channel.queueDeclare({ queue, passive: true })
      if (messageCount === 0) freshness.empty(queue, lookedAt)
      const message = messageCount === 0 ? undefined : await channel.basicGet({ queue })
      if (message === undefined) continue
      arrive(channel, queue, message)
      return true
    }
    return false
  }
  return {
    setUp: async () => undefined,
    room: slots.free,
    take: async (channel, room) => {
      let taken = 0
      while (taken < room && !slots.stopping && (await takeOne(channel))) taken += 1
      return taken
    },
    look: () => undefined,
    stop: async () => undefined,
  }
}

/** The handlers at work, and what waits for one. */
function openSlots(options: ConsumeOptions, deps: Pick<ConsumerDeps, 'publisher' | 'log' | 'maxAttemptsOf' | 'wake'>) {
  const { concurrency = 1, atMost = {} } = options
  const rooms = openRooms(options)
  const handlers = new Set<Promise<void>>()
  let waiting: Held[] = []
  let stopping = false
  let freed: (isReason: boolean) => void = () => undefined
  const comesBack = (queue: string, afterMs: number) => void setTimeout(() => deps.wake(queue), afterMs).unref()
  const held = openHeld({ publisher: deps.publisher, log: deps.log, maxAttemptsOf: deps.maxAttemptsOf, comesBack })

  const begin = (one: Held) => {
    const leave = rooms.enter(one.queue)
    const { envelope, attempt, failures } = one.received
    const handled = held
      .work(one, () => options.handle({ envelope, attempt, failures, signal: one.abort.signal }))
      .finally(() => {
        handlers.delete(handled)
        const isReason = leave()
        next()
        freed(isReason)
      })
    handlers.add(handled)
  }
  const next = () => {
    while (!stopping && waiting.length > 0 && handlers.size < concurrency) {
      const one = waiting.shift()
      if (one?.state === 'waiting') begin(one)
    }
  }
  return {
    get stopping() {
      return stopping
    },
    free: () => Math.max(0, concurrency - handlers.size - waiting.length),
    leftOf: rooms.leftOf,
    most: (queue: string) => Math.max(1, Math.min(concurrency, atMost[queue] ?? concurrency)),
    counts: held.counts,
    add: (one: Held) => {
      held.hold(one)
      waiting.push(one)
      next()
    },
    onFree: (hear: (isReason: boolean) => void) => {
      freed = hear
    },
    loseAll: () => {
      waiting = []
      held.loseAll()
    },
    stop: () => {
      stopping = true
    },
    settled: () => Promise.allSettled([...handlers]),
    handBackAll: held.handBackAll,
  }
}

/** How long ago each queue had nothing older waiting: when it was last seen empty, or when what was last taken from it had been published. */
function openFreshness(queues: readonly string[]) {
  const at = new Map<string, number>()
  const note = (queue: string, time: number) => void at.set(queue, Math.max(time, at.get(queue) ?? 0))
  return {
    empty: note,
    taken: (queue: string, publishedAt: number | undefined) => {
      if (publishedAt !== undefined) note(queue, publishedAt)
    },
    byQueue: () => Object.fromEntries(queues.flatMap((queue) => (at.has(queue) ? [[queue, at.get(queue) ?? 0]] : []))),
  }
}
