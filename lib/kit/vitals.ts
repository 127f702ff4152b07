import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import type { Check } from './define-service.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** What every service with a database says of itself: whether that answers, who waits for a connection, what its outbox still holds. */
export type Vitals = { checks(): Promise<{ readonly database: Check; readonly outbox?: Check }>; stop(): void }
type Parts = { readonly name: string; readonly db: Db; readonly clock: Clock; readonly log: Log; readonly metrics: Metrics }

/** Publishing takes a round trip, marking it a third of a second; a broker that is away for longer is worth a word. */
const slowOutboxSeconds = 10

export function openVitals(parts: Parts): Vitals {
  const { name: service, db, log, metrics } = parts
  const stop = metrics.report(async () => {
    const { connections, busy, waiting } = db.usage()
    const pool = {
      arena_db_connections: [
        { labels: { service, state: 'busy' }, value: busy },
        { labels: { service, state: 'idle' }, value: connections - busy },
      ],
      arena_db_waiting: [{ labels: { service }, value: waiting }],
    }
    const lag = await outboxLag(parts).catch(() => undefined) // without its database a service has no outbox to tell of, but a pool
    if (lag === undefined) return pool
    const { unpublished, oldestSeconds } = lag
    return {
      ...pool,
      arena_outbox_unpublished: [{ labels: { service }, value: unpublished }],
      arena_outbox_oldest_seconds: [{ labels: { service }, value: oldestSeconds }],
    }
  })
  return {
    async checks() {
      try {
        const { unpublished, oldestSeconds } = await outboxLag(parts)
        const { connections, busy, waiting } = db.usage()
        const slow = oldestSeconds > slowOutboxSeconds ? { detail: 'events wait for the broker' } : {}
        return {
          database: { ok: true, figures: { connections, busy, waiting } },
          // well all the same: what is committed is not lost, and the service goes on accepting
          outbox: { ok: true, ...slow, figures: { unpublished, oldestSeconds: Math.round(oldestSeconds) } },
        }
      } catch (cause) {
        log.warn({ err: cause }, 'the database does not answer a check')
        return { database: { ok: false, detail: 'the database does not answer' } } // anybody may read this: the cause may name addresses
      }
    },
    stop,
  }
}

/** By the index of what is unpublished. */
async function outboxLag({ db, clock }: Parts): Promise<{ unpublished: number; oldestSeconds: number }> {
  const { rows } = await db.query<{ unpublished: number; since: Date | null }>(
    'select count(*)::int as unpublished, min(occurred_at) as since from outbox where published_at is null',
  )
  const { unpublished = 0, since = null } = rows[0] ?? {}
  return { unpublished, oldestSeconds: since === null ? 0 : Math.max(0, clock.now() - since.getTime()) / 1000 }
}
