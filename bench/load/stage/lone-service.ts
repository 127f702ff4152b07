/**
 * One service of the arena (or a few) in a process of its own, as on many machines: its own port, a real PostgreSQL with fsync and everything else that makes a
 * commit durable, the queue in it, and a stand-in for the user service that gives the keys of tokens signed here.
 */
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openPostgresBus, preparePostgresBus } from '#adapters/bus-postgres'
import { openRabbitBus } from '#adapters/bus-rabbitmq'
import { systemIds } from '#adapters/clock-system'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import type { ServiceName } from '#contracts/all'
import { silentLog as log } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { startTestRabbit } from '#testkit/rabbitmq'
import { openTestIdentity } from '#testkit/tokens'
import { cpuSeconds } from './figures.ts'

const ownCheckout = join(import.meta.dirname, '..', '..', '..')

export type LoneOptions = {
  readonly nodeFlags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Where the service's code is taken from; the database, the keys and the load are this checkout's. */
  readonly checkout?: string
  /** Where the queue lives. Default: in the database. */
  readonly bus?: 'database' | 'rabbitmq'
}
export type LoneService = Awaited<ReturnType<typeof startLone>>

export async function startLone(names: readonly ServiceName[], { nodeFlags = [], env = {}, checkout = ownCheckout, bus: kind = 'database' }: LoneOptions = {}) {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const folder = await mkdtemp('/tmp/arena-load-')
    undo.push(() => rm(folder, { recursive: true, force: true }))
    await chmod(folder, 0o711) // the database's own uid must be able to pass
    const database = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log })
    undo.push(() => database.stop())
    const rabbit = kind === 'rabbitmq' ? await startTestRabbit() : undefined
    if (rabbit) undo.push(() => rabbit.stop())
    const bus = rabbit ? await openRabbitBus(rabbit.url, { log }) : await openPostgresBus(await preparePostgresBus(database.url), { log })
    undo.push(() => bus.close())
    const identity = await openTestIdentity()
    const keys = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(identity.jwks)))
    const keysPort = await listening(keys)
    undo.push(async () => keys.close())
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const environment = {
      PATH: process.env.PATH,
      ARENA_SERVICES: names.join(','),
      ARENA_PORT: String(port),
      ARENA_DB_URL: database.url,
      ...(rabbit && { ARENA_BUS_URL: rabbit.url }),
      ARENA_DATA_DIR: join(folder, 'data'),
      ARENA_PEER_USER_URL: `http://127.0.0.1:${keysPort}`,
      ARENA_LOG: 'warn',
      ...env,
    }
    // it goes with this process, however that ends
    const child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', process.execPath, '--disable-warning=ExperimentalWarning', ...nodeFlags, join(checkout, 'apps/arena/src/main.ts')],
      {
        cwd: checkout,
        env: environment,
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    )
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    undo.push(async () => {
      child.kill('SIGTERM')
      await ended
    })
    await eventually(async () => {
      const { ok } = await fetch(`${url}/api/health`)
      if (!ok) throw new Error(`${names.join(', ')}: not ready`)
    }, 30_000)
    return {
      url,
      port,
      bus,
      folder,
      pid: child.pid as number,
      databaseUrl: database.url,
      tokenFor: identity.tokenFor,
      /** Tells events, as another service would. */
      tell: (topic: string, payloads: readonly unknown[]) =>
        bus.publish(payloads.map((payload) => ({ id: systemIds.next(), topic, occurredAt: new Date().toISOString(), payload }))),
      /** CPU seconds so far, of the service and of the database (its relay's and its queue's share included). */
      cpu: () => ({ service: cpuSeconds(child.pid as number), database: cpuSeconds(database.pid as number) }),
      stop,
    }
  } catch (cause) {
    await stop()
    throw cause
  }
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}
