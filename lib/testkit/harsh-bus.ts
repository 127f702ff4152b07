import type { Ms } from '#kernel/units'
import { type Bus, type ConsumeOptions, type DeadLetter, type Envelope, Interrupted, Poison, type QueueSpec } from '#ports/bus'

/**
 * A bus for service tests, as unkind as a broker may be: every message is delivered twice, later ones may overtake earlier ones, payloads make a JSON
 * round trip, handlers that throw see the message again. What it lacks against the real ones is durability; the port's suite covers that.
 */
export type HarshBus = Bus & {
  /** Everything published so far, in order. */
  readonly published: readonly Envelope[]
  readonly broadcasts: readonly { topic: string; payload: unknown }[]
  /** Resolves when no message waits or is at work in a queue that somebody here has taken from. @throws with the failures when something died. */
  settled(): Promise<void>
}

type Waiting = { envelope: Envelope; attempt: number; failures: number; copies: number }
type Queue = QueueSpec & { waiting: Waiting[]; atWork: number }

export function openHarshBus(options: { copies?: number; random?: () => number } = {}): HarshBus {
  const copies = options.copies ?? 2
  const random = options.random ?? seeded(7)
  const queues = new Map<string, Queue>()
  const published: Envelope[] = []
  const broadcasts: { topic: string; payload: unknown }[] = []
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const dead: DeadLetter[] = []
  const pumps = new Set<() => void>()
  const taken = new Set<string>()
  const wake = () =>
    setImmediate(() => {
      for (const pump of pumps) pump()
    })

  const settle = (queue: Queue, message: Waiting, cause: unknown, lastAttempt: number) => {
    if (!(cause instanceof Poison) && message.attempt < lastAttempt) {
      const failures = message.failures + (cause instanceof Interrupted ? 0 : 1)
      queue.waiting.push({ ...message, attempt: message.attempt + 1, failures, copies: 1 })
      return
    }
    const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    dead.push({ id: message.envelope.id, queue: queue.name, envelope: message.envelope, attempts: message.attempt, reason, diedAt: new Date().toISOString() })
  }

  const consume = async ({ queues: names, concurrency = 1, atMost = {}, handle }: ConsumeOptions) => {
    for (const name of names) taken.add(name)
    let busy = 0
    const own = new Map<string, number>()
    let isStopped = false
    const deliver = async (queue: Queue, message: Waiting) => {
      busy++
      queue.atWork++
      own.set(queue.name, (own.get(queue.name) ?? 0) + 1)
      try {
        await handle({
          envelope: structuredClone(message.envelope),
          attempt: message.attempt,
          failures: message.failures,
          signal: new AbortController().signal,
        })
        if (message.copies > 1) queue.waiting.push({ ...message, copies: message.copies - 1 })
      } catch (cause) {
        settle(queue, message, cause, queue.maxAttempts ?? 10)
      }
      busy--
      queue.atWork--
      own.set(queue.name, (own.get(queue.name) ?? 1) - 1)
      wake()
    }
    const pump = () => {
      if (isStopped) return
      for (const name of names) {
        const queue = queues.get(name)
        while (queue && queue.waiting.length > 0 && busy < concurrency && (own.get(name) ?? 0) < (atMost[name] ?? concurrency)) {
          const [message] = queue.waiting.splice(Math.floor(random() * queue.waiting.length), 1)
          if (message) void deliver(queue, message)
        }
      }
    }
    pumps.add(pump)
    wake()
    return {
      lastPollAt: Date.now(),
      stop: async (_grace?: Ms) => {
        isStopped = true
        pumps.delete(pump)
      },
    }
  }

  return {
    published,
    broadcasts,
    async declare(spec) {
      const known = queues.get(spec.name)
      queues.set(spec.name, {
        ...spec,
        topics: [...new Set([...(known?.topics ?? []), ...spec.topics])],
        waiting: known?.waiting ?? [],
        atWork: known?.atWork ?? 0,
      })
    },
    async publish(envelopes) {
      const sent = JSON.parse(JSON.stringify(envelopes)) as Envelope[]
      published.push(...sent)
      for (const envelope of sent) {
        for (const queue of queues.values()) if (queue.topics.includes(envelope.topic)) queue.waiting.push({ envelope, attempt: 1, failures: 0, copies })
      }
      wake()
    },
    consume,
    async broadcast(topic, payload) {
      const sent = JSON.parse(JSON.stringify(payload)) as unknown
      broadcasts.push({ topic, payload: sent })
      setImmediate(() => {
        for (const hear of listeners.get(topic) ?? []) hear(sent)
      })
    },
    async listen(topic, hear) {
      const heard = listeners.get(topic) ?? new Set()
      listeners.set(topic, heard.add(hear))
      return { stop: async () => void heard.delete(hear) }
    },
    depth: async () =>
      [...queues.values()].map((q) => ({
        queue: q.name,
        waiting: q.waiting.length,
        leased: q.atWork,
        dead: dead.filter((d) => d.queue === q.name).length,
        oldestWaitingMs: 0,
      })),
    deadLetters: async () => [...dead],
    async retryDead(id) {
      const at = dead.findIndex((letter) => letter.id === id)
      const [letter] = at < 0 ? [] : dead.splice(at, 1)
      if (letter) queues.get(letter.queue)?.waiting.push({ envelope: letter.envelope, attempt: 1, failures: 0, copies: 1 })
      wake()
      return letter !== undefined
    },
    async discardDead(id) {
      const at = dead.findIndex((letter) => letter.id === id)
      if (at >= 0) dead.splice(at, 1)
      return at >= 0
    },
    async close() {
      pumps.clear()
    },
    async settled() {
      // a queue that nobody here takes from belongs to another process: its messages wait, as they should
      const consumed = () => [...queues.values()].every((queue) => !taken.has(queue.name) || (queue.waiting.length === 0 && queue.atWork === 0))
      for (let turns = 0; !consumed(); turns++) {
        if (turns > 20_000)
          throw new Error(`messages still wait after 20 s: ${JSON.stringify([...queues.values()].map((q) => [q.name, q.waiting.length, q.atWork]))}`)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      if (dead.length > 0) throw new Error(`dead letters: ${dead.map((letter) => `${letter.queue} ${letter.envelope.topic}: ${letter.reason}`).join('\n')}`)
    },
  }
}

/** A small seeded generator (mulberry32), so that an order of deliveries can be had again. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
