/**
 * The messages a consumer has, from when the broker handed them over until the broker knows their end.
 *
 *   waiting → working   there is a slot (a message waits here only after a lost connection, while handlers that were aborted still hold the slots)
 *   working → over      handled: acknowledged; failed: a copy goes to the retries or the dead letters, then this one is acknowledged;
 *   any → leaving → over   the consumer stops: signal aborted, whatever the handler then says; a copy goes back to its queue, which does not
 *                       count as a try, then this one is acknowledged
 *   any → over          the channel it came by is gone: the broker gives it to somebody else by itself; signal aborted
 *
 * A copy is confirmed before its original is acknowledged. A crash in between leaves both: delivered twice, never lost.
 */
import type { Channel } from 'rabbitmq-client'
import type { Log } from '#ports/log'
import { isFailure, isPoison, messageOf, plainRetryDelay, retryDelay } from '../bus-consuming.ts'
import type { Outgoing, Publisher } from './publisher.ts'
import { deadQueueOf, retryExchangeOf, toQueue } from './topology.ts'
import { asDead, asTried, type Received } from './wire.ts'

export type Held = {
  readonly queue: string
  readonly received: Received
  readonly channel: Channel
  readonly deliveryTag: number
  readonly abort: AbortController
  state: 'waiting' | 'working' | 'leaving' | 'over'
}

export const heldBy = (delivery: Pick<Held, 'queue' | 'received' | 'channel' | 'deliveryTag'>): Held => ({
  ...delivery,
  abort: new AbortController(),
  state: 'waiting',
})

export type HeldDeps = {
  readonly publisher: Publisher
  readonly log: Log
  readonly maxAttemptsOf: (queue: string) => number
  /** There is something in this queue again after so long, ms. */
  readonly comesBack: (queue: string, afterMs: number) => void
}

export function openHeld(deps: HeldDeps) {
  const { log, comesBack } = deps
  const all = new Set<Held>()
  const over = (one: Held, write: () => void) => {
    if (one.state === 'over') return
    one.state = 'over'
    all.delete(one)
    try {
      write()
    } catch (error) {
      log.debug({ queue: one.queue, id: one.received.envelope.id, reason: messageOf(error) }, 'the channel of a message has gone; it will be delivered again')
    }
  }
  const { acknowledge, replace, bury, fail } = openOutcomes(deps, over)
  return {
    hold: (one: Held) => void all.add(one),
    /** How many of each queue, as `depth` tells it. */
    counts: (): Record<string, number> => {
      const counts: Record<string, number> = {}
      for (const { queue } of all) counts[queue] = (counts[queue] ?? 0) + 1
      return counts
    },
    work: async (one: Held, handle: () => Promise<void>) => {
      one.state = 'working'
      const refusal = unfit(one.received, deps.maxAttemptsOf(one.queue))
      if (refusal !== undefined) return bury(one, refusal.reason, refusal.attempts)
      try {
        await handle()
      } catch (error) {
        if (one.state === 'working') await fail(one, error)
        return
      }
      if (one.state === 'working') acknowledge(one)
    },
    /** All that came by a channel which is gone. */
    loseAll: () => {
      for (const one of [...all]) {
        if (one.state === 'working')
          log.warn({ queue: one.queue, id: one.received.envelope.id, attempt: one.received.attempt }, 'a message was lost with its connection')
        over(one, () => one.abort.abort(new Error('the connection to the broker was lost')))
      }
    },
    /** What is still here, as if it had never been taken; only its place in the queue is another. */
    handBackAll: async () => {
      const rest = [...all]
      for (const one of rest) {
        one.state = 'leaving'
        one.abort.abort(new Error('the consumer stops'))
      }
      const handBack = ({ received: { wire, attempt, failures, lastReason }, queue }: Held) => ({
        ...asTried(wire, { attempts: attempt - 1, failures }, lastReason),
        exchange: toQueue,
        routingKey: queue,
      })
      await Promise.all(rest.map((one) => replace(one, handBack(one))))
      for (const queue of new Set(rest.map((one) => one.queue))) comesBack(queue, 0)
    },
  }
}

/** How a message ends, as the broker is told it. @param over runs the last write about a message that is not over yet. */
function openOutcomes({ publisher, log, maxAttemptsOf, comesBack }: HeldDeps, over: (one: Held, write: () => void) => void) {
  const acknowledge = (one: Held) => over(one, () => one.channel.basicAck({ deliveryTag: one.deliveryTag }))
  /** When the copy cannot be stored the original goes back to its queue, and the broker counts the try. */
  const replace = async (one: Held, copy: Outgoing): Promise<boolean> => {
    try {
      await publisher.place(copy)
      acknowledge(one)
      return true
    } catch (error) {
      log.warn(
        { queue: one.queue, id: one.received.envelope.id, reason: messageOf(error) },
        'the outcome of a message was not stored; it will be delivered again',
      )
      over(one, () => one.channel.basicNack({ deliveryTag: one.deliveryTag, requeue: true }))
      return false
    }
  }
  const bury = async (one: Held, reason: string, attempts = one.received.attempt) => {
    log.error({ queue: one.queue, id: one.received.envelope.id, attempts, reason }, 'a message goes to the dead letters')
    const dead = asDead(one.received.wire, { attempts, reason, diedAt: new Date().toISOString() })
    await replace(one, { ...dead, exchange: toQueue, routingKey: deadQueueOf(one.queue) })
  }
  const fail = async (one: Held, error: unknown) => {
    const { attempt, failures, envelope, wire } = one.received
    const reason = messageOf(error)
    log.warn({ queue: one.queue, id: envelope.id, attempt, reason }, 'a handler failed')
    if (isPoison(error) || attempt >= maxAttemptsOf(one.queue)) return bury(one, reason)
    const delay = retryDelay(attempt)
    const tries = { attempts: attempt, failures: failures + (isFailure(error) ? 1 : 0) }
    const copy = { ...asTried(wire, tries, reason), exchange: retryExchangeOf(plainRetryDelay(attempt)), routingKey: one.queue, expiration: String(delay) }
    if (await replace(one, copy)) comesBack(one.queue, delay)
  }
  return { acknowledge, replace, bury, fail }
}

/** Why it is not to be handled at all. */
function unfit({ problem, attempt, lastReason }: Received, maxAttempts: number): { readonly reason: string; readonly attempts: number } | undefined {
  if (problem !== undefined) return { reason: problem, attempts: attempt }
  return attempt > maxAttempts ? { reason: lastReason ?? `its workers died ${maxAttempts} times`, attempts: maxAttempts } : undefined
}
