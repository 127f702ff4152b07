/**
 * The messages a consumer has at work, and every write about them.
 *
 * A message is in one of these states:
 *   working → done      handler resolved: acknowledged with the next take or, when there is none soon, in a batch; still renewed until that is stored
 *   working → over      failed (given a later time, or buried after its last attempt), lost (the lease could not be renewed in time or somebody else
 *                       has it: signal aborted), or handed back (stopping: signal aborted, as if never taken)
 * Every write names the consumer and the attempt (see the schema), so a late one about a lost message changes nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ms } from '#kernel/units'
import type { Db } from '#ports/db'
import type { Log } from '#ports/log'
import { messageOf } from './bus-consuming.ts'
import { ackSql, burySql, handBackSql, renewSql, retrySql, type TakenRow } from './bus-postgres-schema.ts'

export type ConsumerDeps = {
  /** Commits without waiting for the disk: what is lost by it is at worst delivered again. */
  readonly quick: Db
  readonly durable: Db
  readonly log: Log
}

export type Held = { readonly row: TakenRow; readonly abort: AbortController; state: 'working' | 'done' | 'over'; renewedAt: number }

/** `sentAt` (monotonic ms) is when the take was sent: the server's lease ends after ours by the way it took. */
export const newlyHeld = (row: TakenRow, sentAt: number): Held => ({ row, abort: new AbortController(), state: 'working', renewedAt: sentAt })

export function openHeldMessages({ quick, durable, log }: ConsumerDeps, self: string, lease: Ms) {
  const byId = new Map<string, Held>()
  const forget = (one: Held) => {
    if (byId.get(one.row.id) === one) byId.delete(one.row.id) // else the row is held again, by a later attempt
  }
  const giveUp = (one: Held, why: string) => {
    one.state = 'over'
    forget(one)
    one.abort.abort(new Error(why))
  }
  const lose = (one: Held) => {
    if (one.state === 'working') log.warn({ queue: one.row.queue, id: one.row.event_id, attempt: one.row.attempts }, 'the lease of a message was lost')
    giveUp(one, 'the lease was lost')
  }
  /** When the write fails the message stays leased, unrenewed, and comes back when that has run out. */
  const settle = async (one: Held, write: () => Promise<unknown>) => {
    one.state = 'over'
    try {
      await write()
    } catch (error) {
      log.warn({ queue: one.row.queue, id: one.row.event_id, reason: messageOf(error) }, 'the outcome of a message was not stored; it will be delivered again')
    } finally {
      forget(one)
    }
  }
  const giveBack = async (some: readonly Held[]) => {
    if (some.length === 0) return
    await quick.query(handBackSql, [self, ...fencesOf(some)]).catch((error: unknown) => {
      log.warn({ messages: some.length, reason: messageOf(error) }, 'messages were not handed back; they come back when their lease has run out')
    })
  }
  const acknowledging = openAcknowledging(byId, forget, { quick, log, self })
  const renewing = openRenewing(byId, lose, { quick, log, self, lease })
  return {
    hold: (one: Held) => {
      const before = byId.get(one.row.id)
      if (before !== undefined) lose(before)
      byId.set(one.row.id, one)
    },
    /** Handled. Acknowledged together with all that are done by then. */
    done: (one: Held) => {
      one.state = 'done'
      acknowledging.soon()
    },
    acknowledgingWith: acknowledging.inPassing,
    retry: (one: Held, delay: Ms, { reason, isFailure }: { readonly reason: string; readonly isFailure: boolean }) =>
      settle(one, () => quick.query(retrySql, [self, ...fencesOf([one]), delay, reason, isFailure ? 1 : 0])),
    bury: (one: Held, reason: string) => settle(one, () => durable.query(burySql, [self, ...fencesOf([one]), reason])),
    /** Never begun. */
    giveBack,
    /** Gives back all that is still at work, waits until what is done is stored. */
    close: async () => {
      const rest = [...byId.values()].filter(({ state }) => state === 'working')
      for (const one of rest) giveUp(one, 'the consumer stops')
      await giveBack(rest)
      await acknowledging.settled()
      await renewing.stop()
    },
  }
}

const fencesOf = (some: readonly Held[]) => [some.map(({ row }) => row.id), some.map(({ row }) => row.attempts)] as const

/** How long a stopping consumer tries to acknowledge; what it cannot is delivered again, which costs time and nothing else. */
const acknowledgeLastMs = 3_000

/**
 * How long a finished message may wait for a take that acknowledges it in passing: a busy consumer spends no statement on acknowledging, an idle one
 * one a batch. What a crash loses of this is delivered again, which at-least-once allows.
 */
const acknowledgeWithinMs = 50

function openAcknowledging(byId: ReadonlyMap<string, Held>, forget: (one: Held) => void, deps: { quick: Db; log: Log; self: string }) {
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let giveUpAt = Number.POSITIVE_INFINITY
  const allDone = () => [...byId.values()].filter(({ state }) => state === 'done')
  const acknowledgeAll = async () => {
    for (;;) {
      const done = allDone()
      if (done.length === 0) return
      try {
        await deps.quick.query(ackSql, [deps.self, ...fencesOf(done)])
        for (const one of done) forget(one)
      } catch (error) {
        if (Date.now() > giveUpAt) return deps.log.warn({ messages: done.length }, 'acknowledging failed and the consumer stops: they will be delivered again')
        deps.log.warn({ messages: done.length, reason: messageOf(error) }, 'acknowledging failed; trying again')
        await sleep(200)
      }
    }
  }
  const begin = () => {
    running ??= acknowledgeAll().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void begin()
      }, acknowledgeWithinMs)
    },
    /** @param take a statement that acknowledges these (ids, attempts) as well; when it fails they stay done, and `soon` sees to them. */
    inPassing: async <T>(take: (done: ReturnType<typeof fencesOf>) => Promise<T>): Promise<T> => {
      const done = allDone()
      const taken = await take(fencesOf(done))
      for (const one of done) forget(one)
      return taken
    },
    /** Nothing becomes done any more. A database that is gone for good (its arena was killed) must not keep this process for ever. */
    settled: async () => {
      clearTimeout(timer)
      giveUpAt = Date.now() + acknowledgeLastMs
      await running
      await begin()
    },
  }
}

/** Three renewals a lease: two may fail before it is lost. */
function openRenewing(byId: ReadonlyMap<string, Held>, lose: (one: Held) => void, deps: { quick: Db; log: Log; self: string; lease: Ms }) {
  const renewAll = async () => {
    const mine = [...byId.values()].filter(({ state }) => state !== 'over')
    for (const one of mine) if (performance.now() - one.renewedAt >= deps.lease) one.abort.abort(new Error('the lease ran out'))
    if (mine.length === 0) return
    const sentAt = performance.now()
    const { rows } = await deps.quick.query<{ id: string }>(renewSql, [deps.self, ...fencesOf(mine), deps.lease])
    const kept = new Set(rows.map(({ id }) => id))
    for (const one of mine) {
      if (kept.has(one.row.id)) one.renewedAt = sentAt
      else if (byId.get(one.row.id) === one) lose(one)
    }
  }
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= renewAll()
      .catch((error: unknown) => deps.log.warn({ reason: messageOf(error) }, 'leases were not renewed; trying again'))
      .finally(() => {
        running = undefined
      })
  }, deps.lease / 3).unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
