import { mkdirSync } from 'node:fs'
import { access, constants, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { serviceNames } from '#contracts/all'
import { type Config, ConfigError, type Environment, standardPublicUrl } from '#kit/config'
import { type Log, openLog } from '#kit/log'
import { openBus, openDbServer, prepareBus } from './adapters.ts'
import type { Login } from './first-start.ts'
import { leaveService } from './leave-service.ts'
import { listen } from './listener.ts'
import { isAlive, readRunFile, removeRunFile, writeRunFile } from './run-file.ts'
import { serviceKeyOf, serviceSecret } from './secrets.ts'
import { lanAddresses } from './terminal.ts'
import { ensureWeb } from './web-build.ts'
import { superviseWorker } from './worker.ts'

/**
 * The default: everything on one machine, in two processes of the same main file. This one holds the sockets, the keys and all services but evaluation; the
 * worker judges. What is opened is pushed on a stack and closed in reverse, also when a later step fails.
 */
export type Arena = {
  readonly port: number
  readonly logins: readonly Login[]
  readonly workerPid: () => number | undefined
  readonly databasePid: () => number | undefined
  stop(): Promise<void>
}

export async function startWhole(config: Config, environment: Environment, say: (line: string) => void): Promise<Arena> {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return { ...(await open(config, environment, { say, undo })), stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

type Opening = { readonly say: (line: string) => void; readonly undo: (() => Promise<unknown>)[] }

async function open(asked: Config, environment: Environment, { say, undo }: Opening): Promise<Omit<Arena, 'stop'>> {
  await usableFolder(asked.dataDir)
  const listener = await listen({ host: asked.host, port: asked.port })
  const config = reachedAt(asked, listener.port)
  undo.push(() => listener.close())
  const logFile = join(config.dataDir, 'log', 'arena.log')
  const log = openLog(config.log, logFile)
  const building = ensureWeb(say)
  building.catch(() => undefined) // looked at below; a rejection before that is not unhandled

  await clearRemains(config)
  const runtimeDir = await mkdtemp(join(tmpdir(), 'arena-run-'))
  undo.push(() => rm(runtimeDir, { recursive: true, force: true }))
  const opening = openDatabase(config, log, { say, undo })
  // the services' code is read while the database starts
  const loading = Promise.all([import('./hosting.ts'), import('./doors.ts'), import('./first-start.ts')])
  loading.catch(() => undefined)
  const database = await opening
  const busUrl = config.busUrl?.reveal() ?? (await prepareBus(database.url))
  await writeRunFile(config.dataDir, { pid: process.pid, dbUrl: database.url, busUrl, runtimeDir })
  undo.push(() => removeRunFile(config.dataDir))

  const dbServer = await openDbServer(database.url, log)
  undo.push(() => dbServer.close())
  const bus = await openBus(busUrl, log)
  undo.push(() => bus.close())
  const secret = await serviceSecret(config)
  const [{ startServices }, { openDoors }, { firstStart }] = await loading
  const hosting = await startServices({ config, names: serviceNames.filter((name) => name !== 'evaluation'), dbServer, bus, log, secret })
  undo.push(() => hosting.stop())

  const inner = await listen({ socket: join(runtimeDir, 'internal.sock') })
  undo.push(() => inner.close())
  const doors = await openDoors(config, hosting, building)
  inner.open(doors.inner)
  const worker = superviseWorker(workerEnvironment(config, environment, { busUrl, runtimeDir, secret }), logFile, log)
  undo.push(() => worker.stop())
  listener.open(doors.front)
  undo.push(() => leaveService(listener, hosting, config))
  const logins = await firstStart(config, hosting, say)
  return { port: listener.port, logins, workerPid: () => worker.pid, databasePid: database.pid }
}

/** With the address that links in mail lead to, now that the port is known. */
const reachedAt = (config: Config, port: number): Config =>
  config.isPublicUrlGiven ? config : { ...config, publicUrl: standardPublicUrl(config.host, port, lanAddresses()[0]) }

async function openDatabase(config: Config, log: Log, { say, undo }: Opening): Promise<{ url: string; pid: () => number | undefined }> {
  if (config.dbUrl) return { url: config.dbUrl.reveal(), pid: () => undefined }
  const server = await startEmbeddedPostgres({ dataDir: resolve(config.dataDir, 'postgres'), log })
  server.onExit(() => say('The database ended unexpectedly and is being started again; nothing that was stored is lost.'))
  undo.push(() => server.stop())
  return { url: server.url, pid: () => server.pid }
}

/** The worker sees the queue, test data through the inner door, and a key that says who it is: no other database role, no secret, no admin's password. */
function workerEnvironment(
  config: Config,
  environment: Environment,
  { busUrl, runtimeDir, secret }: { busUrl: string; runtimeDir: string; secret: string },
): Environment {
  const plain = Object.fromEntries(Object.entries(environment).filter(([key]) => !key.startsWith('ARENA_') && !/PASSWORD|SECRET|TOKEN/i.test(key)))
  return {
    ...plain,
    ARENA_SERVICES: 'evaluation',
    ARENA_MODE: config.mode,
    ARENA_BUS_URL: busUrl,
    ARENA_DATA_DIR: join(resolve(config.dataDir), 'judge'),
    ARENA_PEER_CONTEST_URL: `unix:${join(runtimeDir, 'internal.sock')}`,
    ARENA_SERVICE_KEY: serviceKeyOf(secret, 'evaluation'),
    ARENA_SANDBOX: config.sandbox,
    ARENA_DOCKER_HOST: config.dockerHost,
    ...(config.dockerRuntime === undefined ? {} : { ARENA_DOCKER_RUNTIME: config.dockerRuntime }),
    ARENA_LOG: config.log,
    ...watchingOf(config),
    ...(config.judgeSlots === undefined ? {} : { ARENA_JUDGE_SLOTS: String(config.judgeSlots) }),
  }
}

/** The worker is watched as this process is, on the next port. */
const watchingOf = ({ metricsPort, metricsHost, otlpUrl, traceShare }: Config): Environment => ({
  ...(metricsPort === undefined ? {} : { ARENA_METRICS_PORT: String(metricsPort === 0 ? 0 : metricsPort + 1), ARENA_METRICS_HOST: metricsHost }),
  ...(otlpUrl === undefined ? {} : { ARENA_OTLP_URL: otlpUrl, ARENA_TRACE_SHARE: String(traceShare) }),
})

async function usableFolder(folder: string): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    await mkdir(join(folder, 'log'), { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new ConfigError(`The data folder ${resolve(folder)} cannot be used (${(cause as NodeJS.ErrnoException).code}). Try: npm start -- --data OTHER_FOLDER`)
  }
}

/** What a killed run left: its runtime folder. (Its worker ended with the closed channel; database and sandboxes are dealt with by their adapters.) */
async function clearRemains(config: Config): Promise<void> {
  const last = await readRunFile(config.dataDir)
  if (!last) return
  if (last.pid !== process.pid && isAlive(last.pid) && config.dbUrl === undefined) return // another arena on this folder: the database's lock says so in a line
  if (/^.*\/arena-run-\w+$/.test(last.runtimeDir)) await rm(last.runtimeDir, { recursive: true, force: true })
}
