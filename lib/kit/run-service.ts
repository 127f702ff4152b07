import type { FastifyInstance } from 'fastify'
import type { ServiceName } from '#contracts/all'
import type { Ms } from '#kernel/units'
import type { Clock } from '#ports/clock'
import type { Db, DbServer } from '#ports/db'
import { consumeEvents } from './consume-events.ts'
import type { Check, Deps, Job, Service, ServiceParts } from './define-service.ts'
import { makeHttpApp } from './http-app.ts'
import type { Log } from './log.ts'
import { openOutbox } from './outbox.ts'
import { openVitals } from './vitals.ts'

/** What a service gets from the process that hosts it. */
export type Host = Omit<Deps, 'db' | 'outbox' | 'log'> & {
  readonly log: Log
  readonly serviceSecret: string | undefined
}

export type RunningService = {
  readonly name: ServiceName
  readonly app: FastifyInstance
  readonly upgradePath: string | undefined
  readonly upgrade: ServiceParts['upgrade']
  /** For the operator's tools and the first start: the service's own operations take these. */
  readonly deps: Deps
  /** Its outbox's sweep, for liveness; undefined where there is no outbox. */
  readonly sweptAt: (() => number) | undefined
  /** The service's own outbox: replay, for the operator. */
  readonly replay: (since: Date, topics?: readonly string[]) => Promise<number>
  checks(): Promise<Readonly<Record<string, Check>>>
  /** Takes nothing new, finishes what is at work, closes what it opened. Idempotent. */
  stop(): Promise<void>
}

/** Brings the service's schema up to date and opens its pool: apart from `runService`, so that a host can do it for all services at once. */
export async function openServiceDb(service: Service, dbServer: DbServer | undefined): Promise<Db> {
  if (service.migrations === 'none') return refusedDb(service.name)
  if (!dbServer) throw new Error(`the service ${service.name} needs a database`)
  return dbServer.openFor(service.name, service.migrations, { maxConnections: service.maxConnections ?? 4 })
}

/** Builds and starts one service on its database: routes, consumers, jobs. Whoever hosts it stops it. */
export async function runService(service: Service, host: Host, db: Db): Promise<RunningService> {
  const log = host.log.child({ service: service.name })
  const outbox = openOutbox({ db, bus: host.bus, clock: host.clock, ids: host.ids, log })
  const deps: Deps = { ...host, db, outbox, log }
  const vitals = service.migrations === 'none' ? undefined : openVitals({ ...deps, name: service.name })
  const parts = await service.build(deps)
  const app = await makeHttpApp({
    service: service.name,
    handlers: parts.handlers ?? {},
    tokens: host.tokens,
    serviceSecret: host.serviceSecret,
    clock: host.clock,
    ids: host.ids,
    log,
    metrics: host.metrics,
    tracing: host.tracing,
  })
  const consumer = parts.subscriptions?.length ? await consumeEvents(service.name, parts.subscriptions, host.bus, db) : undefined
  if (service.migrations !== 'none') outbox.start()
  const jobs = (parts.jobs ?? []).map((job) => startJob(job, host.clock, log))
  await parts.start?.()

  let stopping: Promise<void> | undefined
  const stop = async () => {
    for (const job of jobs) await job.stop()
    await consumer?.stop()
    await parts.stop?.()
    vitals?.stop()
    await app.close()
    await outbox.stop()
    await db.close()
  }
  return {
    name: service.name,
    app,
    upgradePath: service.upgradePath,
    upgrade: parts.upgrade,
    deps,
    sweptAt: service.migrations === 'none' ? undefined : () => outbox.sweptAt,
    replay: outbox.replay,
    checks: async () => ({
      ...(await vitals?.checks()),
      ...(await parts.checks?.()),
    }),
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

function startJob(job: Job, clock: Clock, log: Log): { stop(): Promise<void> } {
  let cancel: (() => void) | undefined
  let running: Promise<void> = Promise.resolve()
  let isStopped = false
  const again = (delay: Ms) => {
    if (isStopped) return
    cancel = clock.after(delay, () => {
      running = job
        .run()
        .catch((cause: unknown) => log.error({ err: cause, job: job.name }, 'a job failed; it will run again'))
        .finally(() => again(job.every))
    })
  }
  again(0 as Ms)
  return {
    async stop() {
      isStopped = true
      cancel?.()
      await running
    },
  }
}

function refusedDb(name: string): Db {
  const refuse = () => Promise.reject(new Error(`the service ${name} has no database`))
  return { query: refuse, transaction: refuse, usage: () => ({ connections: 0, busy: 0, waiting: 0 }), close: () => Promise.resolve() }
}
