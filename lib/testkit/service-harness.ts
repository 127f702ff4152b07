import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { openMemoryCache } from '#adapters/cache-memory'
import { systemClock, systemIds } from '#adapters/clock-system'
import { openPostgres } from '#adapters/db-postgres'
import { openBusFanout } from '#adapters/fanout-bus'
import { openFolderFiles } from '#adapters/files-folder'
import { openFolderMailer } from '#adapters/mail-folder'
import { openMemoryRankedView } from '#adapters/ranked-memory'
import type { AllRoutes } from '#contracts/all'
import type { EventSpec, RouteInput, RouteKey } from '#contracts/route'
import { openAccessTokens } from '#kit/access-tokens'
import { parseConfig } from '#kit/config'
import type { Service } from '#kit/define-service'
import { noMetrics } from '#kit/metrics'
import type { Peers } from '#kit/peers'
import { type Host, openServiceDb as openSchema, runService } from '#kit/run-service'
import { openSeals } from '#kit/seals'
import { deriveServiceKey, openServiceTokens } from '#kit/service-tokens'
import { noTracing } from '#kit/tracing'
import type { Clock } from '#ports/clock'
import type { Migration } from '#ports/db'
import { silentLog } from '#ports/log'
import { openHarshBus } from './harsh-bus.ts'
import { testDatabase } from './postgres.ts'
import { openTestIdentity } from './tokens.ts'

const serviceSecret = 'a secret of the tests alone'
type Loose = { params?: Record<string, unknown>; query?: Record<string, unknown>; headers?: Record<string, string>; body?: unknown }

/** A service's own schema in a throw-away database, without the service. */
export async function openServiceDb(name: string, migrations: readonly Migration[]) {
  const database = await testDatabase()
  const dbServer = await openPostgres(database.url, { log: silentLog })
  const db = await dbServer.openFor(name, migrations, { maxConnections: 4 })
  const close = async () => {
    await dbServer.close()
    await database.drop()
  }
  return { db, close }
}

/**
 * One service as its process would run it: its own throw-away database, a harsh bus, real HTTP through `inject`.
 * `call` takes any input, right or wrong; answers come with status, headers and the body as it was sent.
 */
export async function startService(service: Service, overrides: Partial<Host> & { clock?: Clock; peers?: Peers } = {}) {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'arena-service-'))
  const dbServer = await openPostgres(database.url, { log: silentLog })
  const bus = openHarshBus()
  const clock = overrides.clock ?? systemClock
  const identity = await openTestIdentity()
  const host: Host = {
    bus,
    clock,
    ids: systemIds,
    cache: openMemoryCache({ clock }),
    fanout: openBusFanout(bus),
    rankedView: openMemoryRankedView(),
    files: await openFolderFiles(join(folder, 'files')),
    mailer: await openFolderMailer(join(folder, 'mail')),
    peers: noPeers,
    tokens: openAccessTokens(async () => identity.jwks, clock),
    log: silentLog,
    metrics: noMetrics,
    tracing: noTracing,
    config: parseConfig({ ARENA_DATA_DIR: folder }),
    serviceSecret,
    seals: openSeals(serviceSecret),
    openPaymentProviders: () => [],
    openSandbox: () => Promise.reject(new Error('no sandbox in a service test')),
    ...overrides,
  }
  const running = await runService(service, host, await openSchema(service, dbServer))
  const db = await dbServer.openFor(service.name, [], { maxConnections: 2 })

  async function call<K extends keyof AllRoutes & RouteKey>(
    key: K,
    input: RouteInput<AllRoutes[K]> | Loose = {},
    options: { token?: string; payload?: InjectOptions['payload'] } = {},
  ) {
    const [method, pattern] = key.split(' ') as [string, string]
    const { params, query, headers, body } = input as Loose
    const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
    const given = Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)])
    const payload = options.payload ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await running.app.inject({
      method: method as 'GET',
      url: given.length ? `${path}?${new URLSearchParams(given)}` : path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    })
    const isJson = answer.headers['content-type']?.toString().startsWith('application/json')

    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      raw: answer.rawPayload,
      body: (isJson && answer.body ? JSON.parse(answer.body) : undefined) as any,
    }
  }

  return {
    app: running.app,
    upgrade: running.upgrade,
    call,
    /** A user's token; `Authorization: Bearer` of `call` when given as `token`. */
    tokenFor: identity.tokenFor,
    /** The token another service would show. */
    serviceToken: (caller: string, scope: string) => openServiceTokens(caller, deriveServiceKey(serviceSecret, caller), clock).issue(scope),
    /** What another service tells; resolves when the service has dealt with it (and with its duplicate). */
    async publish<S extends TSchema>(event: EventSpec<S>, payload: Static<S>) {
      await bus.publish([{ id: systemIds.next(), topic: event.topic, occurredAt: new Date(clock.now()).toISOString(), payload }])
      await bus.settled()
    },
    /** Events this service has told, payloads only. One that was published twice, by relay and sweep, is one event. */
    told: <S extends TSchema>(event: EventSpec<S>) => {
      const byId = new Map(bus.published.filter(({ topic }) => topic === event.topic).map((envelope) => [envelope.id, envelope.payload as Static<S>]))
      return [...byId.values()]
    },
    db,
    bus,
    clock,
    host,
    checks: running.checks,
    /** Another pool on the service's schema. */
    openDb: (maxConnections: number) => dbServer.openFor(service.name, [], { maxConnections }),
    /** The same service once more on the same database and bus: a replica, or a restart. Whoever asks stops it. */
    again: async () => runService(service, host, await openSchema(service, dbServer)),
    async stop() {
      await running.stop()
      await bus.close()
      await dbServer.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type ServiceHarness = Awaited<ReturnType<typeof startService>>

const unreachable = () => Promise.resolve({ ok: false as const, error: { code: 'UNAVAILABLE' as const } })
const noPeers: Peers = { call: unreachable, stream: unreachable, close: () => Promise.resolve() }
/** Something no other test has. */
export const unique = (prefix: string) => `${prefix}-${randomBytes(5).toString('hex')}`
