/**
 * The embedded database and the buses on this machine, with fsync: small transactions a second, publish and consume a second, and how long from
 * `publish` to the handler in another process. `node bench/bus.ts`, about twenty seconds. RabbitMQ where rabbitmq-server is installed: one of its own.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openPostgresBus, preparePostgresBus } from '#adapters/bus-postgres'
import { openRabbitBus } from '#adapters/bus-rabbitmq'
import { openPostgres } from '#adapters/db-postgres'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import type { Bus, Envelope } from '#ports/bus'
import { silentLog as log } from '#ports/log'
import { noTestRabbit, startTestRabbit } from '#testkit/rabbitmq'

const runMs = 2_000
const envelope = (topic: string): Envelope => ({
  id: randomUUID(),
  topic,
  occurredAt: new Date().toISOString(),
  payload: { submissionId: randomUUID(), attempt: 1 },
})
const perSecond = (n: number, ms: number) => `${Math.round((n * 1000) / ms).toLocaleString('en')}/s`
const percentile = (values: number[], p: number) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN

async function transactions(url: string, connections: number) {
  const server = await openPostgres(url, { log })
  const db = await server.openFor('bench', [{ name: '0001', sql: 'create table rows (id uuid primary key, n int not null)' }], { maxConnections: connections })
  let done = 0
  const startedAt = performance.now()
  const work = async () => {
    while (performance.now() - startedAt < runMs) {
      await db.transaction(async (tx) => {
        const id = randomUUID()
        await tx.query('insert into rows values ($1, 1)', [id])
        await tx.query('update rows set n = 2 where id = $1', [id])
      })
      done += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  console.log(`transactions (insert + update), ${connections} connections: ${perSecond(done, performance.now() - startedAt)}`)
  await server.close()
}

async function throughput(bus: Bus, batch: number, total: number) {
  const topic = `bench.${batch}.v1`
  await bus.declare({ name: topic, topics: [topic] })
  const publishedFrom = performance.now()
  for (let sent = 0; sent < total; sent += batch) await bus.publish(Array.from({ length: batch }, () => envelope(topic)))
  console.log(`publish, ${batch} at a time, one after the other: ${perSecond(total, performance.now() - publishedFrom)}`)
  let seen = 0
  const all = Promise.withResolvers<void>()
  const consumedFrom = performance.now()
  const handle = async () => {
    seen += 1
    if (seen === total) all.resolve()
  }
  const consumer = await bus.consume({ queues: [topic], concurrency: 32, handle })
  await all.promise
  await consumer.stop()
  console.log(`consume, 32 slots: ${perSecond(total, performance.now() - consumedFrom)}`)
}

/** How another process opens the bus. */
type Opener = { readonly module: string; readonly name: string; readonly url: string }

async function latency(bus: Bus, opener: Opener, count: number) {
  const topic = 'bench.latency.v1'
  await bus.declare({ name: topic, topics: [topic] })
  const script = fileURLToPath(new URL('../lib/testkit/bus-child.ts', import.meta.url))
  const module = new URL(`../lib/adapters/${opener.module}.ts`, import.meta.url).href
  const child = spawn(process.execPath, [script, module, opener.name, opener.url, topic, '8000', 'quick'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ready = Promise.withResolvers<void>()
  const startedAt = new Map<string, number>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said: { ready?: boolean; started?: string; at?: number } = JSON.parse(line)
    if (said.ready) ready.resolve()
    if (said.started !== undefined && said.at !== undefined) startedAt.set(said.started, said.at)
  })
  await ready.promise
  const publishedAt = new Map<string, number>()
  for (let i = 0; i < count; i += 1) {
    const one = envelope(topic)
    publishedAt.set(one.id, performance.timeOrigin + performance.now())
    await bus.publish([one])
    await sleep(5)
  }
  while (startedAt.size < count) await sleep(10)
  const took = [...publishedAt].slice(20).map(([id, at]) => (startedAt.get(id) ?? Number.NaN) - at)
  console.log(`publish -> handler in another process: p50 ${percentile(took, 0.5).toFixed(2)} ms, p95 ${percentile(took, 0.95).toFixed(2)} ms`)
  child.stdin.end()
}

/** From publishing to the handler of a consumer of several queues, which fetches in order of precedence. */
async function laneLatency(bus: Bus, count: number) {
  const lanes = ['bench.lane-1', 'bench.lane-2', 'bench.lane-3', 'bench.lane-4']
  for (const lane of lanes) await bus.declare({ name: lane, topics: [`${lane}.v1`] })
  const took: number[] = []
  let handled = Promise.withResolvers<number>()
  const consumer = await bus.consume({ queues: lanes, concurrency: 2, handle: async () => handled.resolve(performance.now()) })
  for (let i = 0; i < count; i += 1) {
    handled = Promise.withResolvers()
    const from = performance.now()
    await bus.publish([envelope(`${lanes[i % lanes.length]}.v1`)])
    took.push((await handled.promise) - from)
  }
  await consumer.stop()
  console.log(`publish -> handler of four lanes, same process: p50 ${percentile(took, 0.5).toFixed(2)} ms, p95 ${percentile(took, 0.95).toFixed(2)} ms`)
}

async function benchRabbit() {
  if (noTestRabbit) return console.log(`RabbitMQ: ${noTestRabbit}`)
  const rabbit = await startTestRabbit()
  const bus = await openRabbitBus(rabbit.url, { log })
  console.log('-- RabbitMQ')
  await throughput(bus, 1, 1_000)
  await throughput(bus, 100, 30_000)
  await latency(bus, { module: 'bus-rabbitmq', name: 'openRabbitBus', url: rabbit.url }, 300)
  await laneLatency(bus, 200)
  await bus.close()
  await rabbit.stop()
}

const folder = await mkdtemp('/tmp/arena-bench-')
const embedded = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log })
const busUrl = await preparePostgresBus(embedded.url)
const bus = await openPostgresBus(busUrl, { log })
for (const connections of [1, 4, 8]) await transactions(embedded.url, connections)
await throughput(bus, 1, 1_000)
await throughput(bus, 50, 10_000)
await latency(bus, { module: 'bus-postgres', name: 'openPostgresBus', url: busUrl }, 300)
await laneLatency(bus, 200)
await bus.close()
await embedded.stop()
await rm(folder, { recursive: true, force: true })
await benchRabbit()
