import type { Envelope } from '#ports/bus'
import type { Migration } from '#ports/db'

/** Poked when a queue got messages: a JSON array of queue names. */
export const QUEUES_CHANNEL = 'arena_bus'
/** Carries broadcasts: the topic, a line break, the payload as JSON. */
export const BROADCAST_CHANNEL = 'arena_broadcast'

/**
 * `available_at` is when a message may be taken: for a waiting one since it was published or its retry fell due, for one at work the end of its
 * lease. So a dead worker's messages come back without anybody clearing up, and one index serves all. `lease` names the consumer at work.
 * The unique pair makes a second publish of the same event no message while the first is there.
 */
export const busMigrations: readonly Migration[] = [
  {
    name: '0001_queues',
    sql: `
      create table queues (name text primary key, max_attempts int not null);
      create table bindings (topic text, queue text references queues, primary key (topic, queue));
      create table messages (
        id bigint generated always as identity primary key,
        queue text not null,
        event_id text not null,
        topic text not null,
        occurred_at text not null,
        payload text not null,
        attempts int not null default 0,
        available_at timestamptz not null default now(),
        lease uuid,
        published_at timestamptz not null default now(),
        last_error text
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
      create unique index messages_once on messages (queue, event_id);
      create index messages_next on messages (queue, available_at, id);
      create table dead_letters (
        id uuid primary key default gen_random_uuid(),
        queue text not null,
        event_id text not null,
        topic text not null,
        occurred_at text not null,
        payload text not null,
        attempts int not null,
        reason text not null,
        died_at timestamptz not null default now()
      );
    `,
  },
  {
    name: '0002_traceparent',
    sql: 'alter table messages add column traceparent text; alter table dead_letters add column traceparent text',
  },
  { name: '0003_failures', sql: 'alter table messages add column failures int not null default 0' },
]

/**
 * $1..$5: ids, topics, times, payloads, traces. Sorted by id (version 7: oldest first), so that two publishers of the same events cannot wait for each other
 * in a circle.
 */
export const publishSql = `
  with stored as (
    insert into messages (queue, event_id, topic, occurred_at, payload, traceparent)
    select b.queue, e.event_id, e.topic, e.occurred_at, e.payload, e.traceparent
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as e (event_id, topic, occurred_at, payload, traceparent)
    join bindings b using (topic)
    order by e.event_id, b.queue
    on conflict (queue, event_id) do nothing
    returning queue)
  select pg_notify('${QUEUES_CHANNEL}', (select json_agg(distinct queue)::text from stored)) where exists (select 1 from stored)`

/**
 * $1 queues in order of precedence, $2 how many in all, $7 how many of each, $3 the consumer, $4 lease in ms. The names are walked in their order, each queue by its index,
 * and the outer limit stops the walk, so a long queue behind costs nothing and is not locked. $5, $6: ids and attempts of what this consumer has done
 * meanwhile, acknowledged in passing.
 */
export const takeSql = `
  with done as (
    delete from messages m using unnest($5::bigint[], $6::int[]) as f (id, attempts) where m.id = f.id and m.attempts = f.attempts and m.lease = $3::uuid),
  picked as materialized (
    select m.id, q.rank, m.available_at as since
    from unnest($1::text[], $7::int[]) with ordinality as q (name, room, rank)
    cross join lateral (
      select id, available_at from messages
      where queue = q.name and available_at <= now()
      order by available_at, id
      limit least($2, q.room)
      for update skip locked) m
    limit $2)
  update messages m
  set attempts = m.attempts + 1, lease = $3::uuid, available_at = now() + $4 * interval '1 ms'
  from picked p, queues q
  where m.id = p.id and q.name = m.queue
  returning m.id, m.queue, m.event_id, m.topic, m.occurred_at, m.payload, m.traceparent, m.attempts, m.failures, m.last_error, q.max_attempts, p.rank, p.since`

export type TakenRow = {
  readonly id: string
  readonly queue: string
  readonly event_id: string
  readonly topic: string
  readonly occurred_at: string
  readonly payload: string
  readonly traceparent: string | null
  readonly attempts: number
  readonly failures: number
  readonly last_error: string | null
  readonly max_attempts: number
  readonly rank: string
  readonly since: Date
}

export const envelopeOf = (row: Pick<TakenRow, 'event_id' | 'topic' | 'occurred_at' | 'payload' | 'traceparent'>): Envelope => ({
  id: row.event_id,
  topic: row.topic,
  occurredAt: row.occurred_at,
  payload: JSON.parse(row.payload),
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
})

/** What follows is fenced: it touches a message only while this consumer ($1) still has it in this attempt. $2 ids, $3 attempts. */
const mine = 'm.id = f.id and m.attempts = f.attempts and m.lease = $1::uuid'
const fences = 'unnest($2::bigint[], $3::int[]) as f (id, attempts)'

export const ackSql = `delete from messages m using ${fences} where ${mine}`
/** $4 lease in ms. Answers with those that are still this consumer's. */
export const renewSql = `update messages m set available_at = now() + $4 * interval '1 ms' from ${fences} where ${mine} returning m.id`
/** $4 delay in ms, $5 why, $6 one if that is a failure of the work, else none. */
export const retrySql = `update messages m set lease = null, available_at = now() + $4 * interval '1 ms', last_error = $5, failures = m.failures + $6::int from ${fences} where ${mine}`
/** Given back unworked: the attempt does not count. */
export const handBackSql = `
  with back as (
    update messages m set lease = null, attempts = m.attempts - 1, available_at = m.published_at from ${fences} where ${mine} returning m.queue)
  select pg_notify('${QUEUES_CHANNEL}', (select json_agg(distinct queue)::text from back)) where exists (select 1 from back)`
/** $4 why. */
export const burySql = `
  with gone as (delete from messages m using ${fences} where ${mine} returning m.*)
  insert into dead_letters (queue, event_id, topic, occurred_at, payload, traceparent, attempts, reason)
  select queue, event_id, topic, occurred_at, payload, traceparent, attempts, $4 from gone`

export const reviveSql = `
  with gone as (delete from dead_letters where id = $1 returning *),
  stored as (
    insert into messages (queue, event_id, topic, occurred_at, payload, traceparent)
    select queue, event_id, topic, occurred_at, payload, traceparent from gone
    on conflict (queue, event_id) do nothing
    returning queue)
  select pg_notify('${QUEUES_CHANNEL}', json_build_array(queue)::text) from gone`

export const depthSql = `
  select q.name as queue,
    count(m.id) filter (where m.lease is null or m.available_at <= now())::int as waiting,
    count(m.id) filter (where m.lease is not null and m.available_at > now())::int as leased,
    (select count(*) from dead_letters d where d.queue = q.name)::int as dead,
    coalesce(greatest(0, extract(epoch from now() - min(m.published_at) filter (where m.lease is null or m.available_at <= now())) * 1000), 0)::float8 as oldest
  from queues q left join messages m on m.queue = q.name
  group by q.name order by q.name`
