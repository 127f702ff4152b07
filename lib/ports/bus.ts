import type { Ms } from '#kernel/units'

/**
 * What travels: one fact or one piece of work, as JSON.
 * `topic` is the event's name with its version (`submission.judged.v1`), with the lane appended for work (`submission.queued.v1.contest`);
 * `id` is given once, by who writes the event, and is what consumers deduplicate by.
 */
export type Envelope = {
  readonly id: string
  readonly topic: string
  /** ISO 8601 UTC */
  readonly occurredAt: string
  readonly payload: unknown
  /** The trace this belongs to, where there is one: travels beside the payload, means nothing to handlers. @see https://www.w3.org/TR/trace-context/ §3.2 */
  readonly traceparent?: string
}

export type Delivery = {
  readonly envelope: Envelope
  /** 1 for the first delivery; grows with every delivery whose handler failed or whose worker died. */
  readonly attempt: number
  /**
   * Of the earlier deliveries, those whose handler itself said that the work had failed. The others ended without such a word: the worker died or froze, its
   * connection was lost, or the handler was `Interrupted`. Never more than `attempt - 1`.
   */
  readonly failures: number
  /** Aborted when the lease could not be renewed: another worker may have the work already, stop at once. */
  readonly signal: AbortSignal
}

export type QueueSpec = {
  readonly name: string
  /** Exact topics. */
  readonly topics: readonly string[]
  /** Deliveries after which the message goes to the dead letters. Default 10. */
  readonly maxAttempts?: number
}

export type ConsumeOptions = {
  /** Queues in order of precedence: whenever a slot is free, the first non-empty one is taken from. */
  readonly queues: readonly string[]
  /** Handlers at work at once. Default 1. */
  readonly concurrency?: number
  /** Of these at work for one queue, where fewer than all: a slot is kept for the others. At least 1. */
  readonly atMost?: Readonly<Record<string, number>>
  /**
   * A handler silent for this long (its process frozen or dead) loses the message to another. Renewed while it works. Default 8 s. A broker that
   * watches connections instead has a time of its own, at most 10 s.
   */
  readonly lease?: Ms
  /** Resolves: acknowledged. Rejects: delivered again with growing delay, after `maxAttempts` dead. A `Poison` error: dead at once. */
  readonly handle: (delivery: Delivery) => Promise<void>
}

export interface Consumer {
  /** Takes nothing new, waits for handlers at work up to `grace` (default 10 s), hands the rest back. Idempotent. */
  stop(grace?: Ms): Promise<void>
  /** For liveness: the last time a poll of the queues came back, whether or not it found work (epoch ms). */
  readonly lastPollAt: number
}

export type DeadLetter = {
  readonly id: string
  readonly queue: string
  readonly envelope: Envelope
  readonly attempts: number
  readonly reason: string
  /** ISO 8601 UTC */
  readonly diedAt: string
}

/**
 * Queues and events. At least once: a message is delivered until a handler has resolved for it; order is not promised; payloads make a JSON round trip.
 * The suite in `suites/bus.suite.ts` is the definition.
 */
export interface Bus {
  /** Declares a queue and what it receives. Idempotent; new topics are added. A message published before its queue was declared is not in it. */
  declare(queue: QueueSpec): Promise<void>
  /**
   * Resolves when every queue that receives the topics holds the messages durably; rejects, in half a minute at most, when that is not known: then some
   * may be held all the same. The same id twice is one message per queue while the first waits, where the adapter can tell (PostgreSQL); consumers
   * deduplicate in any case.
   */
  publish(envelopes: readonly Envelope[]): Promise<void>
  consume(options: ConsumeOptions): Promise<Consumer>
  /** Not durable: reaches who listens now, in every process; lost when nobody does. At most 7,000 bytes of JSON. */
  broadcast(topic: string, payload: unknown): Promise<void>
  listen(topic: string, hear: (payload: unknown) => void): Promise<{ stop(): Promise<void> }>
  /**
   * Waiting, at work and dead messages per queue. One between two tries may be in none of them (RabbitMQ). `oldestWaitingMs` is the age of the oldest
   * waiting one, or where a broker does not tell it, at most how old it is: since the queue was seen empty or the one before it was published.
   */
  depth(): Promise<{ queue: string; waiting: number; leased: number; dead: number; oldestWaitingMs: number }[]>
  deadLetters(): Promise<DeadLetter[]>
  retryDead(id: string): Promise<boolean>
  discardDead(id: string): Promise<boolean>
  close(): Promise<void>
}

/** Thrown by a handler for a message that no retry can help (malformed, wrong version): it goes to the dead letters at once. */
export class Poison extends Error {
  override readonly name = 'Poison'
}

/** Thrown by a handler when what it stands on was away, and the work is not to blame: delivered again as after a failure, and none is counted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
