import type { Static, TSchema } from 'typebox'
import type { EventSpec } from '#contracts/route'
import { type Instant, toIso } from '#kernel/time'
import { ms } from '#kernel/units'
import type { Bus, Envelope } from '#ports/bus'
import type { Clock, Ids } from '#ports/clock'
import { type Db, LongTexts, type Tx } from '#ports/db'
import type { Log } from './log.ts'
import { outOfScope, scope } from './scope.ts'

/**
 * Events are written into the service's own schema by the transaction that makes them true, and handed to the bus afterwards (docs/adr/0002).
 * After the commit the process that wrote them publishes them from memory, in batches, so that the usual delay is one round trip; a sweep every
 * second publishes what a crash left behind. A crash between publishing and marking publishes twice: consumers deduplicate by id. Rows stay seven
 * days as a log that `replay` reads. Identity is the id given here, never an order: ids are given before commit.
 *
 * While the broker is away nobody who writes waits for it: `pendingMost` events at most wait in memory, the rest is in the table alone, and the sweep
 * publishes it when the broker is back, batch after batch until none is left. Of several replicas one sweeps at a time (a lease of five seconds): two
 * would tell everything twice, which harms nobody and costs the broker half its breath just when it has most to do.
 */
export type Outbox = {
  /** Adds an event to the transaction. `topic` overrides the event's own (a lane). */
  add<S extends TSchema>(tx: Tx, event: EventSpec<S>, payload: Static<S>, options?: { topic?: string }): Promise<void>
  /** Several at once, one statement. */
  addAll(tx: Tx, entries: readonly OutboxEntry[]): Promise<void>
  /** Publishes again what was written since; consumers that had it take no notice. @returns how many. */
  replay(since: Date, topics?: readonly string[]): Promise<number>
  /** Deletes what was published of a topic and written before, ahead of the seven days: for what nobody may keep so long. */
  forget(topic: string, before: Instant): Promise<void>
  start(): void
  stop(): Promise<void>
  /** For liveness: when the sweep last came round, in vain or not (epoch ms); the time of opening until then. */
  readonly sweptAt: number
}
export type OutboxEntry = {
  readonly topic: string
  readonly payload: unknown
  /** Where the transaction is for several requests: the trace of the entry's own. Default: the scope's. */
  readonly traceparent?: string | undefined
}

export const outboxMigration = {
  name: '0000_kit',
  sql: `
    create table outbox (
      id uuid primary key,
      topic text not null,
      payload jsonb not null,
      occurred_at timestamptz not null,
      published_at timestamptz
    );
    create index outbox_unpublished on outbox (occurred_at) where published_at is null;
    create index outbox_log on outbox (occurred_at);
    create table inbox (
      event_id uuid primary key,
      seen_at timestamptz not null default now()
    );
    create index inbox_seen on inbox (seen_at);
  `,
}

/** Which replica sweeps, and until when it has that to itself. */
export const sweeperMigration = {
  name: '0000_kit_sweeper',
  sql: `
    create table outbox_sweeper (
      only_one boolean primary key default true check (only_one),
      holder uuid,
      held_until timestamptz not null default '-infinity'
    );
    insert into outbox_sweeper default values;
  `,
}

/** The trace an event belongs to, for most events none. */
export const traceMigration = { name: '0000_kit_traceparent', sql: 'alter table outbox add column traceparent text' }

/**
 * Payloads are kept as they are, beside the row where they are long. Compressing one of 2 KB took a quarter of what its row costs, and marking the row as published wrote
 * the compressed one once more. The price is disk: as many bytes as a source has, for the seven days of the log. For rows from now on.
 */
export const plainPayloadMigration = { name: '0000_kit_plain_payload', sql: 'alter table outbox alter column payload set storage external' }

const batch = 500
/** Waiting in memory for the broker: what a second of full load tells, some ten megabytes. */
const pendingMost = 10_000
const sweeperLease = '5 seconds'
const sweepMs = 1_000
const markWithinMs = 300
/** Younger rows are on their way from memory; sweeping them would publish most events twice. */
const sweepOlderThanMs = 3_000
const keepDays = 7
/** Old rows that go with one sweep: an hour's events of a busy arena in one statement would take longer than a statement may, each hour anew. */
const purgeBatch = 5_000

type Parts = { readonly db: Db; readonly bus: Bus; readonly clock: Clock; readonly ids: Ids; readonly log: Log }
type LoggedEvent = { id: string; topic: string; payload: unknown; occurred_at: Date; traceparent: string | null }

export function openOutbox(parts: Parts): Outbox {
  const { db, bus, clock, ids, log } = parts
  const marks = openMarks(parts)
  const publish = async (envelopes: readonly Envelope[]) => {
    await bus.publish(envelopes)
    marks.add(envelopes.map((envelope) => envelope.id))
  }
  const relay = openRelay(publish, log)
  /** Marked at once, or the next sweep would find the same rows. */
  const publishSwept = async (envelopes: readonly Envelope[]) => {
    await publish(envelopes)
    await marks.now()
  }
  const sweep = openSweep(parts, publishSwept)

  const addAll = async (tx: Tx, entries: readonly OutboxEntry[]) => {
    if (entries.length === 0) return
    const occurredAt = toIso(clock.now())
    const envelopes = entries.map(({ topic, payload, traceparent = scope().traceparent }): Envelope => {
      const envelope = { id: ids.next(), topic, occurredAt, payload }
      return traceparent === undefined ? envelope : { ...envelope, traceparent }
    })
    await tx.query(
      `insert into outbox (id, topic, payload, occurred_at, traceparent) select u.id, u.topic, u.payload::jsonb, $4, u.traceparent
       from unnest($1::uuid[], $2::text[], $3::text[], $5::text[]) u (id, topic, payload, traceparent)`,
      [
        envelopes.map((e) => e.id),
        envelopes.map((e) => e.topic),
        new LongTexts(envelopes.map((e) => JSON.stringify(e.payload))),
        occurredAt,
        envelopes.map((e) => e.traceparent ?? null),
      ],
    )
    tx.afterCommit(() => relay.push(envelopes))
  }

  return {
    add: (tx, event, payload, options) => addAll(tx, [{ topic: options?.topic ?? event.topic, payload }]),
    addAll,
    replay: (since, topics) => replay(parts, since, topics),
    async forget(topic, before) {
      await db.query('delete from outbox where topic = $1 and occurred_at <= $2 and published_at is not null', [topic, toIso(before)])
    },
    start: sweep.start,
    get sweptAt() {
      return sweep.lastAt
    },
    async stop() {
      await relay.stop()
      await sweep.stop()
      await marks.now()
    },
  }
}

/**
 * Marks what was published, a while of it in one statement. What a crash leaves unmarked is published again by the next sweep, and nobody takes notice;
 * the delay is far below the age at which a running service's own sweep looks at a row.
 */
function openMarks({ db, clock, log }: Parts) {
  let ids: string[] = []
  let cancel: (() => void) | undefined
  let marking: Promise<void> = Promise.resolve()
  const mark = () => {
    cancel = undefined
    const some = ids
    ids = []
    if (some.length === 0) return marking
    const marked = db.query('update outbox set published_at = now() where id = any($1::uuid[])', [some])
    marking = marked.then(
      () => undefined,
      (cause: unknown) => log.warn({ err: cause, events: some.length }, 'published events were not marked; the sweep publishes them again'),
    )
    return marking
  }
  return {
    add(published: readonly string[]) {
      ids.push(...published)
      cancel ??= clock.after(ms(markWithinMs), () => void mark())
    },
    /** Resolves when all that was added is marked, or could not be. */
    async now() {
      cancel?.()
      await marking
      await mark()
    },
  }
}

/** What was just committed, from memory to the bus in batches; a failure is left to the sweep. */
function openRelay(publish: (envelopes: readonly Envelope[]) => Promise<void>, log: Log) {
  let pending: Envelope[] = []
  let relaying: Promise<void> | undefined
  const drain = async () => {
    while (pending.length > 0) {
      const some = pending.slice(0, batch)
      pending = pending.slice(batch)
      try {
        await publish(some)
      } catch (cause) {
        log.warn({ err: cause, events: some.length }, 'publishing failed; the sweep will try again')
      }
    }
    relaying = undefined
  }
  return {
    push(envelopes: readonly Envelope[]) {
      if (pending.length < pendingMost) pending.push(...envelopes) // else the sweep finds them in the table
      relaying ??= outOfScope(drain) // a batch is of many requests
    },
    stop: async () => relaying,
  }
}

/** What a crash or a failure left unpublished, every second; and once an hour, what is older than the log is kept. */
function openSweep({ db, clock, ids, log }: Parts, publish: (envelopes: readonly Envelope[]) => Promise<void>) {
  const self = ids.next()
  let cancel: (() => void) | undefined
  let sweeping: Promise<void> = Promise.resolve()
  let isStopped = false
  let purgedAt = 0
  let lastAt: number = clock.now()
  let isMine = false
  const left = async () => {
    const { rows } = await db.query<LoggedEvent>(
      `select id, topic, payload, occurred_at, traceparent from outbox
       where published_at is null and occurred_at < $1 order by occurred_at limit ${batch}`,
      [new Date(clock.now() - sweepOlderThanMs)],
    )
    return rows.map(envelopeOf)
  }
  /** By the server's clock: replicas need not agree on the time. */
  const mayPublish = async () => {
    const { rowCount } = await db.query(
      `update outbox_sweeper set holder = $1, held_until = now() + interval '${sweeperLease}' where holder = $1 or held_until < now()`,
      [self],
    )
    isMine = rowCount === 1
    return isMine
  }
  const sweep = async () => {
    for (let some = await left(); some.length > 0 && !isStopped && (await mayPublish()); some = await left()) {
      await publish(some)
      lastAt = clock.now()
      if (some.length < batch) break
    }
    if (clock.now() - purgedAt < 3_600_000) return
    const isRestLeft = await purge()
    if (!isRestLeft) purgedAt = clock.now()
  }
  /** By the indexes of time: what was published so long ago happened no later. @returns whether there may be more. */
  const purge = async () => {
    const told = await db.query(
      `delete from outbox where id in (select id from outbox
       where occurred_at < now() - interval '${keepDays} days' and published_at < now() - interval '${keepDays} days' order by occurred_at limit ${purgeBatch})`,
    )
    const seen = await db.query(
      `delete from inbox where event_id in (select event_id from inbox where seen_at < now() - interval '${keepDays + 1} days' order by seen_at limit ${purgeBatch})`,
    )
    return Math.max(told.rowCount, seen.rowCount) === purgeBatch
  }
  const start = () => {
    if (isStopped) return
    cancel = clock.after(ms(sweepMs), () => {
      sweeping = sweep()
        .catch((cause: unknown) => log.warn({ err: cause }, 'the outbox sweep failed; it will run again'))
        .finally(() => {
          lastAt = clock.now()
          start()
        })
    })
  }
  return {
    start,
    get lastAt() {
      return lastAt
    },
    async stop() {
      isStopped = true
      cancel?.()
      await sweeping
      if (!isMine) return
      const released = db.query(`update outbox_sweeper set held_until = '-infinity' where holder = $1`, [self])
      await released.catch((cause: unknown) => log.debug({ err: cause }, 'the sweep was not handed on; the lease runs out'))
    },
  }
}

/** A page at a time, in the order of time and id, so that equal times are neither lost nor told twice. */
async function replay({ db, bus }: Parts, since: Date, topics: readonly string[] | undefined): Promise<number> {
  let count = 0
  let after = { at: since, id: '00000000-0000-0000-0000-000000000000' }
  for (;;) {
    const { rows } = await db.query<LoggedEvent>(
      `select id, topic, payload, occurred_at, traceparent from outbox
       where (occurred_at, id) > ($1, $2::uuid) and ($3::text[] is null or topic = any($3)) order by occurred_at, id limit ${batch}`,
      [after.at, after.id, topics ?? null],
    )
    const last = rows.at(-1)
    if (!last) return count
    await bus.publish(rows.map(envelopeOf))
    count += rows.length
    after = { at: last.occurred_at, id: last.id }
  }
}

const envelopeOf = (row: LoggedEvent): Envelope => ({
  id: row.id,
  topic: row.topic,
  occurredAt: row.occurred_at.toISOString(),
  payload: row.payload,
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
})

/**
 * Marks events as seen, in one order, so that two replicas which were given the same ones do not wait for each other in a ring.
 * @returns those that were not seen before: the effect of the others is there already.
 */
export async function markSeen(tx: Tx, eventIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ event_id: string }>(
    'insert into inbox (event_id) select distinct id from unnest($1::uuid[]) id order by id on conflict do nothing returning event_id',
    [eventIds],
  )
  return new Set(rows.map((row) => row.event_id))
}
