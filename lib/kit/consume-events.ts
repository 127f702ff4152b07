import { Compile } from 'typebox/compile'
import type { ServiceName } from '#contracts/all'
import { type Bus, type Consumer, type Envelope, Poison } from '#ports/bus'
import { type Db, DbError } from '#ports/db'
import type { Keep, Subscription } from './define-service.ts'
import { markSeen } from './outbox.ts'
import { inScope, outOfScope, type Scope, scope } from './scope.ts'

/**
 * How a service keeps up with events: each has its effect once, whatever the bus repeats, because its inbox marker and its effect are one commit.
 *
 * Events of one key are kept in groups: those that come while a transaction of their key is under way wait, and the next one takes them all, so that
 * many share a lock, the statements and an fsync. With one event at a time a group has one member and nothing waits. A delivery is acknowledged after
 * the commit of its own group and not before.
 *
 * A group that fails is halved and tried again until the events that cannot be kept stand alone: one poisonous event costs its group some ten more
 * transactions and nobody a try. What has nothing to do with any event (the server is away, a lock was not to be had) fails the group as it is.
 */
const transactionsAtOnce = 8

/** One queue a service: an event reaches it once it is declared, whether or not the service runs at that moment. */
export async function consumeEvents(name: ServiceName, subscriptions: readonly Subscription[], bus: Bus, db: Db): Promise<Consumer> {
  const queue = `${name}.events`
  const handle = handlerOf(queue, subscriptions, db)
  await bus.declare({ name: queue, topics: subscriptions.map(({ topic }) => topic), maxAttempts: 12 })
  // as many as a group takes, for they must have been delivered to be kept together
  const concurrency = Math.max(transactionsAtOnce, ...subscriptions.map(({ atMost }) => atMost))
  return bus.consume({ queues: [queue], concurrency, handle: ({ envelope }) => handle(envelope) })
}

/** Resolves when the event's effect is committed. */
export function handlerOf(queue: string, subscriptions: readonly Subscription[], db: Db): (envelope: Envelope) => Promise<void> {
  const byTopic = new Map(subscriptions.map((subscription) => [subscription.topic, { ...subscription, fits: Compile(subscription.payload) }]))
  const groups = openGroups(db)
  return async ({ id, topic, occurredAt, payload }) => {
    const subscription = byTopic.get(topic)
    if (!subscription) throw new Poison(`${queue} does not know the topic ${topic}`)
    if (!subscription.fits.Check(payload)) throw new Poison(`${topic}: the payload does not fit its schema`)
    const keyed = subscription.entryOf(payload as never, { id, occurredAt })
    if (keyed !== undefined) await groups.add(subscription, { ...keyed, id })
  }
}

type Event = { readonly id: string; readonly key: string; readonly entry: unknown }
type Waiting = Event & { readonly scope: Scope; resolve(): void; reject(cause: unknown): void }

function openGroups(db: Db) {
  const lines = new Map<Keep<never>, Map<string, Waiting[]>>()
  const turns = openTurns(transactionsAtOnce)

  const drain = async ({ keep, atMost }: Subscription, key: string, line: Waiting[]) => {
    while (line.length > 0) {
      await turns.begin()
      await settle(db, keep, line.splice(0, atMost))
      turns.end()
    }
    lines.get(keep)?.delete(key)
  }
  return {
    add: (subscription: Subscription, event: Event) =>
      new Promise<void>((resolve, reject) => {
        const waiting = { ...event, scope: scope(), resolve, reject }
        const byKey = lines.get(subscription.keep) ?? new Map<string, Waiting[]>()
        lines.set(subscription.keep, byKey)
        const line = byKey.get(event.key)
        if (line) return void line.push(waiting)
        const begun = [waiting]
        byKey.set(event.key, begun)
        // a turn later: what was delivered in this one is of the same group
        outOfScope(() => setImmediate(() => void drain(subscription, event.key, begun)))
      }),
  }
}

/** Resolves or rejects each of the group; does not throw. */
async function settle(db: Db, keep: Keep<never>, group: readonly Waiting[]): Promise<void> {
  const [first] = group
  if (first === undefined) return
  try {
    // a group is nobody's own, or it would bear the name of whoever came first
    await inScope(group.length === 1 ? first.scope : {}, () => keepOnce(db, keep, group))
  } catch (cause) {
    const isOfNoEvent = cause instanceof DbError && cause.retry !== 'never'
    if (group.length === 1 || isOfNoEvent) for (const each of group) each.reject(cause)
    else {
      const half = group.length >> 1
      await settle(db, keep, group.slice(0, half))
      await settle(db, keep, group.slice(half))
    }
    return
  }
  for (const each of group) each.resolve()
}

const keepOnce = (db: Db, keep: Keep<never>, group: readonly Waiting[]) =>
  db.transaction(async (tx) => {
    const unseen = await markSeen(
      tx,
      group.map(({ id }) => id),
    )
    const fresh = group.filter(({ id }) => unseen.delete(id)) // the same event delivered twice at once counts once
    if (fresh[0] !== undefined)
      await keep(
        tx,
        fresh[0].key,
        fresh.map(({ entry }) => entry as never),
      )
  })

/** First come, first served. */
function openTurns(atOnce: number) {
  const queue: (() => void)[] = []
  let free = atOnce
  return {
    async begin() {
      if (free === 0) return new Promise<void>((resolve) => void queue.push(resolve))
      free--
    },
    end() {
      const next = queue.shift()
      if (next) next()
      else free++
    },
  }
}
