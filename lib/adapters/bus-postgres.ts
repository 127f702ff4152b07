/**
 * Queues and events in PostgreSQL, in the schema `bus` with a role of its own: nothing to install, durable with the rest, and enough for one
 * machine (thousands of messages a second). Woken by NOTIFY, so a message is taken about a millisecond after it was published; a poll every
 * second finds what no notification told of.
 *
 * Per process and bus: one listening connection, two that publish (commits reach the disk) and two that take and acknowledge (commits do not wait
 * for the disk: losing one in a power cut means a redelivery, which at-least-once allows).
 */
import type { Bus, DeadLetter, Envelope } from '#ports/bus'
import { type Db, LongTexts } from '#ports/db'
import type { Log } from '#ports/log'
import { broadcastJson, jsonOf, openHearers } from './bus-broadcasts.ts'
import { defaultMaxAttempts } from './bus-consuming.ts'
import { type PostgresConsumer, startConsumer } from './bus-postgres-consumer.ts'
import { openListener } from './bus-postgres-listener.ts'
import { BROADCAST_CHANNEL, busMigrations, depthSql, envelopeOf, publishSql, QUEUES_CHANNEL, reviveSql } from './bus-postgres-schema.ts'
import { prepareService, serviceUrl } from './db-postgres.ts'
import { openPool } from './db-postgres-pool.ts'

const service = 'bus'

/**
 * Makes the bus's schema and role on a server, by its owner's URL.
 * @returns the URL for `openPostgresBus`: it logs in as a role that reaches the bus and nothing else, so it may be given to the evaluation process.
 */
export async function preparePostgresBus(ownerUrl: string): Promise<string> {
  await prepareService(ownerUrl, service, busMigrations)
  return serviceUrl(ownerUrl, service)
}

export async function openPostgresBus(url: string, { log }: { log: Log }): Promise<Bus> {
  // Few statements, always the same, each with one good plan: planning them anew for each message would cost more than running them.
  const settings = { search_path: service, statement_timeout: '15000', enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan' }
  const durable = openPool({ url, name: 'arena_bus', maxConnections: 2, log, settings })
  const quick = openPool({ url, name: 'arena_bus_quick', maxConnections: 2, log, settings: { ...settings, synchronous_commit: 'off' } })
  const consumers = new Set<PostgresConsumer>()
  const hearers = openHearers(log)
  const hearBroadcast = (said: string) => {
    const end = said.indexOf('\n')
    hearers.hear(said.slice(0, end), said.slice(end + 1))
  }
  const pokeAll = (queues?: readonly string[]) => {
    for (const consumer of consumers) consumer.poke(queues)
  }
  const listener = await openListener({
    url,
    channels: [QUEUES_CHANNEL, BROADCAST_CHANNEL],
    log,
    hear: (channel, payload) => (channel === QUEUES_CHANNEL ? pokeAll(queuesIn(payload)) : hearBroadcast(payload)),
    connected: () => pokeAll(),
  })

  let closed: Promise<void> | undefined
  const close = async () => {
    await Promise.all([...consumers].map((consumer) => consumer.stop()))
    await listener.close()
    await Promise.all([durable.close(), quick.close()])
  }
  return {
    declare: (queue) => declare(durable, queue.name, queue.topics, queue.maxAttempts ?? defaultMaxAttempts),
    publish: (envelopes) => publish(durable, envelopes),
    consume: async (options) => {
      const consumer = startConsumer(options, { quick, durable, log })
      consumers.add(consumer)
      return {
        stop: (grace) => consumer.stop(grace).finally(() => consumers.delete(consumer)),
        get lastPollAt() {
          return consumer.lastPollAt
        },
      }
    },
    broadcast: async (topic, payload) =>
      void (await quick.query('select pg_notify($1, $2)', [BROADCAST_CHANNEL, `${topic}\n${broadcastJson(topic, payload)}`])),
    listen: async (topic, hear) => {
      const stop = hearers.add(topic, hear)
      return { stop: async () => void stop() }
    },
    ...administration(durable),
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

async function declare(db: Db, name: string, topics: readonly string[], maxAttempts: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('insert into queues (name, max_attempts) values ($1, $2) on conflict (name) do update set max_attempts = excluded.max_attempts', [
      name,
      maxAttempts,
    ])
    await tx.query('insert into bindings (topic, queue) select topic, $2 from unnest($1::text[]) as topic on conflict do nothing', [topics, name])
  })
}

async function publish(db: Db, envelopes: readonly Envelope[]): Promise<void> {
  if (envelopes.length === 0) return
  await db.query(publishSql, [
    envelopes.map(({ id }) => id),
    envelopes.map(({ topic }) => topic),
    envelopes.map(({ occurredAt }) => occurredAt),
    new LongTexts(envelopes.map(({ payload }) => jsonOf(payload))),
    envelopes.map(({ traceparent }) => traceparent ?? null),
  ])
}

/** Any role of the database may notify: what is no list of names, thrown in the driver's event, would end the process. It pokes all instead. */
function queuesIn(payload: string): readonly string[] | undefined {
  try {
    const names: unknown = JSON.parse(payload)
    return Array.isArray(names) ? names : undefined
  } catch {
    return undefined // as told above
  }
}

type DeadRow = {
  id: string
  queue: string
  event_id: string
  topic: string
  occurred_at: string
  payload: string
  traceparent: string | null
  attempts: number
  reason: string
  died_at: Date
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

function administration(db: Db): Pick<Bus, 'depth' | 'deadLetters' | 'retryDead' | 'discardDead'> {
  return {
    depth: async () => {
      const { rows } = await db.query<{ queue: string; waiting: number; leased: number; dead: number; oldest: number }>(depthSql)
      return rows.map(({ oldest, ...row }) => ({ ...row, oldestWaitingMs: Math.round(oldest) }))
    },
    deadLetters: async () => {
      const { rows } = await db.query<DeadRow>('select * from dead_letters order by died_at, id limit 1000')
      return rows.map(deadLetterOf)
    },
    retryDead: async (id) => isUuid(id) && (await db.query(reviveSql, [id])).rowCount === 1,
    discardDead: async (id) => isUuid(id) && (await db.query('delete from dead_letters where id = $1', [id])).rowCount === 1,
  }
}

const deadLetterOf = (row: DeadRow): DeadLetter => ({
  id: row.id,
  queue: row.queue,
  envelope: envelopeOf(row),
  attempts: row.attempts,
  reason: row.reason,
  diedAt: row.died_at.toISOString(),
})
