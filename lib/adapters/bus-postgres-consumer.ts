/** One consumer: takes messages while it has free slots and hands them to the handler. What it holds is kept by `bus-postgres-held.ts`. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ms, seconds } from '#kernel/units'
import type { ConsumeOptions, Consumer } from '#ports/bus'
import { defaultGrace, isFailure, isPoison, messageOf, openRooms, openTaking, retryDelay } from './bus-consuming.ts'
import { type ConsumerDeps, type Held, newlyHeld, openHeldMessages } from './bus-postgres-held.ts'
import { envelopeOf, type TakenRow, takeSql } from './bus-postgres-schema.ts'

export type PostgresConsumer = Consumer & {
  /** Something may be waiting in one of these queues (in any when undefined). */
  poke(queues?: readonly string[]): void
}

/** For what no notification told of: leases that ran out, retries of others, notifications lost with a connection. */
const pollEveryMs = 1_000
const defaultLease = seconds(8)

export function startConsumer(options: ConsumeOptions, deps: ConsumerDeps): PostgresConsumer {
  const { queues, concurrency = 1, lease = defaultLease } = options
  const self = randomUUID()
  const held = openHeldMessages(deps, self, lease)
  const handlers = new Set<Promise<void>>()
  const rooms = openRooms(options)
  let stopping = false
  let lastPollAt = Date.now()

  const take = async (room: number): Promise<number> => {
    const sentAt = performance.now()
    const { rows } = await held.acknowledgingWith((done) => deps.quick.query<TakenRow>(takeSql, [queues, room, self, lease, ...done, rooms.left()]))
    lastPollAt = Date.now()
    const taken = rows.toSorted(byPrecedence).map((row) => newlyHeld(row, sentAt))
    if (stopping) await held.giveBack(taken)
    else for (const one of taken) begin(one)
    return taken.length
  }
  const begin = (one: Held) => {
    held.hold(one)
    const leave = rooms.enter(one.row.queue)
    const handled = handle(one).finally(() => {
      handlers.delete(handled)
      taking.resume(leave())
    })
    handlers.add(handled)
  }
  const handle = async (one: Held) => {
    const { row } = one
    if (row.attempts > row.max_attempts) return bury(one, row.last_error ?? `its workers died ${row.max_attempts} times`)
    try {
      await options.handle({ envelope: envelopeOf(row), attempt: row.attempts, failures: row.failures, signal: one.abort.signal })
    } catch (error) {
      if (one.state === 'working') await fail(one, error)
      return
    }
    if (one.state === 'working') held.done(one)
  }
  const fail = async (one: Held, error: unknown) => {
    const { row } = one
    const reason = messageOf(error)
    deps.log.warn({ queue: row.queue, id: row.event_id, attempt: row.attempts, reason }, 'a handler failed')
    if (isPoison(error) || row.attempts >= row.max_attempts) return bury(one, reason)
    const delay = retryDelay(row.attempts)
    await held.retry(one, delay, { reason, isFailure: isFailure(error) })
    setTimeout(() => taking.want(), delay + 1).unref()
  }
  const bury = (one: Held, reason: string) => {
    deps.log.error({ queue: one.row.queue, id: one.row.event_id, attempts: one.row.attempts, reason }, 'a message goes to the dead letters')
    return held.bury(one, reason)
  }
  const taking = openTaking({
    room: () => (stopping ? 0 : concurrency - handlers.size),
    take,
    failed: (error) => deps.log.warn({ queues, reason: messageOf(error) }, 'cannot take messages; trying again'),
  })
  const poll = setInterval(() => taking.want(), pollEveryMs).unref()

  let stopped: Promise<void> | undefined
  const stop = async (grace: Ms) => {
    stopping = true
    clearInterval(poll)
    await taking.settled()
    await Promise.race([Promise.allSettled([...handlers]), sleep(grace, undefined, { ref: false })])
    await held.close()
  }
  taking.want()
  return {
    poke: (told) => {
      if (told === undefined || told.some((queue) => queues.includes(queue))) taking.want()
    },
    stop: (grace = defaultGrace) => (stopped ??= stop(grace)),
    get lastPollAt() {
      return lastPollAt
    },
  }
}

const byPrecedence = (a: TakenRow, b: TakenRow) => Number(a.rank) - Number(b.rank) || a.since.getTime() - b.since.getTime() || Number(a.id) - Number(b.id)
