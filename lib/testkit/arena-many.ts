/**
 * The arena in the many size, as its users meet it: every service a process of its own, two evaluation workers that hold only their key, PostgreSQL with a
 * login per service, RabbitMQ, Redis and nginx, all of the test's own. The shape is `startArena`'s; `kill`, `end` and `restart` take a part by name.
 *
 * Addresses are fixed and still never in use: the services listen on a loopback address drawn for this arena (127.x.y.z), on ports of theirs.
 * Nothing stays behind: servers are tied to this process by their own guards, the arena's processes by `arena-guard.ts`, which finds them by folder.
 */
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { serviceUrl } from '#adapters/db-postgres'
import type { ServiceName } from '#contracts/all'
import type { Role } from '#contracts/common'
import { deriveServiceKey } from '#kit/service-tokens'
import { type Ended, guardFile, plainEnvironment, spawnArena, spawnCli } from './arena.ts'
import { type ArenaClient, openArenaClient } from './arena-client.ts'
import { clearRemains } from './arena-remains.ts'
import { eventually } from './eventually.ts'
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts'
import { startNginx, type TestNginx, withoutNginx } from './nginx.ts'
import { startTestPostgres } from './postgres-server.ts'
import { noTestRabbit, startTestRabbit } from './rabbitmq.ts'
import { startRedis, withoutRedis } from './redis.ts'

/** Why the many size cannot be had on this machine; false where it can. */
export const withoutMany: false | string = withoutNginx || withoutRedis || noTestRabbit || false

const hosted = ['user', 'contest', 'submission', 'leaderboard', 'notifications', 'billing', 'gateway'] as const
export const workers = ['evaluation-1', 'evaluation-2'] as const
export type ManyPart = (typeof hosted)[number] | (typeof workers)[number]
const parts: readonly ManyPart[] = [...hosted, ...workers]
const nameOf = (part: ManyPart): ServiceName => part.replace(/-\d+$/, '') as ServiceName

export type ManyOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly demo?: 'on' | 'off'
  /** Services reach PostgreSQL, RabbitMQ and Redis by proxies that can break (`links`). Default: straight. */
  readonly proxied?: boolean
}
const readyWithinMs = 120_000

export async function startArenaMany(options: ManyOptions = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'arena-many-'))
  chmodSync(dataDir, 0o711)
  const guard = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', guardFile, dataDir, dataDir], {
    env: plainEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  guard.unref()
  const undo: (() => unknown)[] = [
    () => {
      clearRemains(dataDir, dataDir)
      guard.kill('SIGKILL')
    },
  ]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return { ...(await open(dataDir, undo, options)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
export type ManyArena = Awaited<ReturnType<typeof startArenaMany>>

async function open(dataDir: string, undo: (() => unknown)[], options: ManyOptions) {
  const adminPassword = `admin-${randomBytes(9).toString('base64url')}`
  const opened = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const server = await starting
    undo.push(() => server.stop())
    return server
  }
  const starting = [opened(startTestPostgres()), opened(startTestRabbit()), opened(startRedis({ password: randomBytes(9).toString('hex') }))] as const
  await Promise.allSettled(starting) // one that fails must not leave the others without an owner
  const [database, broker, cache] = await Promise.all(starting)
  const servers = { database, broker, cache }
  const links = options.proxied === true ? await openLinks(servers, undo) : undefined
  const urlOf = (name: keyof typeof servers) => (links === undefined ? servers[name].url : atPort(servers[name].url, links[name].port))
  const environmentOf = settle({ dataDir, adminPassword, ownerUrl: urlOf('database'), busUrl: urlOf('broker'), cacheUrl: urlOf('cache') }, options)
  migrate(dataDir, database.url)
  const processes = openProcesses(environmentOf)
  undo.push(() => processes.endAll())
  await Promise.all(parts.map((part) => processes.start(part)))
  const nginx: TestNginx = await opened(startNginx({ upstreams: Object.fromEntries(hosted.map((part) => [part, [addressOf(environmentOf(part))]])) }))

  const client = () => openArenaClient(() => nginx.url)
  let admin: Promise<ArenaClient> | undefined
  const asAdmin = () => {
    admin ??= eventually(() => client().login('admin', adminPassword))
    return admin
  }
  const arena = {
    url: nginx.url,
    port: nginx.port,
    /** Holds what all share: files, mail, the secret; and a folder a process. */
    dataDir,
    adminPassword,
    ...servers,
    nginx,
    /** The proxies in front of the servers, where they were asked for. */
    links,
    client,
    async as(role: Role, name?: string): Promise<ArenaClient> {
      if (role === 'admin') return asAdmin()
      const user = await client().register(name === undefined ? {} : { name })
      if (role === 'student') return user
      await (await asAdmin()).ok('PATCH /api/users/:id', { params: { id: user.user.id }, body: { role } })
      return client().login(user.user.username as string, user.password)
    },
    /** What each process said, the last of it. */
    log: () => processes.story(),
    pidOf: processes.pidOf,
    pids: (): Readonly<Record<string, number>> => Object.fromEntries(parts.map((part) => [part, processes.pidOf(part)])),
    /** A process's own door, past nginx: `http://…`. */
    urlOf: (part: ManyPart) => `http://${addressOf(environmentOf(part))}`,
    /** `kill -9`. Resolves when the process is gone. */
    kill: (part: ManyPart): Promise<Ended> => processes.end(part, 'SIGKILL'),
    /** In order, as a scheduler does. @returns how it ended. */
    end: (part: ManyPart): Promise<Ended> => processes.end(part, 'SIGTERM'),
    /** A signal and no waiting, such as SIGSTOP. */
    signal: (part: ManyPart, signal: NodeJS.Signals) => void process.kill(processes.pidOf(part), signal),
    /** Starts a part that was ended; resolves when it is ready. */
    restart: (part: ManyPart, env: Readonly<Record<string, string>> = {}): Promise<void> => processes.start(part, env),
    /** SQL as the owner of the database, who may read every schema. */
    sql: <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> => sqlAs<Row>(database.url, text, values),
  }
  await asAdmin()
  await eventually(async () => {
    const { checks } = await client().ok('GET /api/ready')
    if (!checks.judge?.ok || !Object.values(checks).every(({ ok }) => ok)) throw new Error(`not all is well: ${JSON.stringify(checks)}`)
  }, readyWithinMs)
  return arena
}

/** A proxy in front of each server. */
async function openLinks(servers: Readonly<Record<'database' | 'broker' | 'cache', { readonly url: string }>>, undo: (() => unknown)[]) {
  const open = async ({ url }: { readonly url: string }): Promise<FaultProxy> => {
    const proxy = await openFaultProxy({ host: '127.0.0.1', port: Number(new URL(url).port) })
    undo.push(() => proxy.close())
    return proxy
  }
  return { database: await open(servers.database), broker: await open(servers.broker), cache: await open(servers.cache) }
}
function atPort(url: string, port: number): string {
  const moved = new URL(url)
  moved.port = String(port)
  return moved.href
}

type Settling = {
  readonly dataDir: string
  readonly adminPassword: string
  readonly ownerUrl: string
  readonly busUrl: string
  readonly cacheUrl: string
}

/** The environment of each part: a service has its own login, a worker the queue, its key and the way to test data. Secrets come by file. */
function settle({ dataDir, adminPassword, ownerUrl, busUrl, cacheUrl }: Settling, options: ManyOptions) {
  const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(2, 255)}`
  const portOf = (part: ManyPart) => 8_001 + parts.indexOf(part)
  const secret = randomBytes(32).toString('hex')
  const keep = (name: string, text: string) => {
    const file = join(dataDir, 'keys', name)
    writeFileSync(file, `${text}\n`, { mode: 0o600 })
    return file
  }
  mkdirSync(join(dataDir, 'keys'), { mode: 0o700 })
  for (const shared of ['files', 'mail']) mkdirSync(join(dataDir, shared))
  const secretFile = keep('service-secret', secret)
  const busFile = keep('bus-url', busUrl)
  const cacheFile = keep('cache-url', cacheUrl)
  const adminFile = keep('admin-password', adminPassword)
  const keyFile = keep('evaluation-key', Buffer.from(deriveServiceKey(secret, 'evaluation')).toString('base64url'))
  const dbFiles = new Map(hosted.filter((part) => part !== 'gateway').map((part) => [part as ManyPart, keep(`db-url-${part}`, serviceUrl(ownerUrl, part))]))
  const peers = Object.fromEntries(
    hosted.filter((part) => part !== 'gateway').map((part) => [`ARENA_PEER_${part.toUpperCase()}_URL`, `http://${host}:${portOf(part)}`]),
  )
  const withSecrets = {
    ARENA_SERVICE_SECRET_FILE: secretFile,
    ARENA_CACHE_URL_FILE: cacheFile,
    ARENA_FILES_URL: `file://${join(dataDir, 'files')}`,
    ARENA_MAIL_URL: `file://${join(dataDir, 'mail')}`,
    ...peers,
  }
  const asWorker = { ARENA_SERVICE_KEY_FILE: keyFile, ARENA_PEER_CONTEST_URL: peers.ARENA_PEER_CONTEST_URL ?? '', ARENA_JUDGE_SLOTS: '1' }
  return (part: ManyPart): Readonly<Record<string, string>> => {
    const dbFile = dbFiles.get(part)
    return {
      ARENA_SERVICES: nameOf(part),
      ARENA_HOST: host,
      ARENA_PORT: String(portOf(part)),
      ARENA_DATA_DIR: join(dataDir, part),
      ARENA_BUS_URL_FILE: busFile,
      ...(nameOf(part) === 'evaluation' ? asWorker : withSecrets),
      ...(dbFile === undefined ? {} : { ARENA_DB_URL_FILE: dbFile }),
      ...(part === 'user' ? { ARENA_ADMIN_PASSWORD_FILE: adminFile, ARENA_DEMO: options.demo ?? 'off' } : {}),
      ...options.env,
    }
  }
}
const addressOf = ({ ARENA_HOST, ARENA_PORT }: Readonly<Record<string, string>>) => `${ARENA_HOST}:${ARENA_PORT}`

/** As the operator does, once, with the owner's URL: roles, schemas and tables. */
function migrate(dataDir: string, ownerUrl: string): void {
  const { code, out, err } = spawnCli(['migrate'], { ARENA_DATA_DIR: join(dataDir, 'migrate'), ARENA_DB_URL: ownerUrl })
  if (code !== 0) throw new Error(`migrate ended with ${code}: ${out}${err}`)
}

function openProcesses(environmentOf: (part: ManyPart) => Readonly<Record<string, string>>) {
  const running = new Map<ManyPart, ReturnType<typeof spawnArena>>()
  const of = (part: ManyPart) => {
    const found = running.get(part)
    if (!found) throw new Error(`${part} was never started`)
    return found
  }
  const end = async (part: ManyPart, signal: NodeJS.Signals): Promise<Ended> => {
    const { child, ended } = of(part)
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), 40_000)
    const how = await ended
    clearTimeout(late)
    return how
  }
  return {
    pidOf: (part: ManyPart) => of(part).child.pid as number,
    story: () => [...running].map(([part, { said }]) => `--- ${part}\n${said.out.slice(-500)}${said.err.slice(-1_500)}`).join('\n'),
    async start(part: ManyPart, env: Readonly<Record<string, string>> = {}): Promise<void> {
      const started = spawnArena([], { env: { ...environmentOf(part), ...env } })
      running.set(part, started)
      const url = `http://${addressOf(environmentOf(part))}/api/ready`
      const isReady = async () => {
        const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
        // the gateway says how the whole arena is; here it is enough that it answers
        if (!answer.ok && part !== 'gateway') throw new Error(`${part} is not ready: ${await answer.text()}`)
        if (part === 'gateway' && answer.headers.get('content-type')?.startsWith('text/plain')) throw new Error('the gateway is starting')
      }
      await Promise.race([
        started.ended.then((how) => Promise.reject(new Error(`${part} ended at its start (${JSON.stringify(how)}):\n${started.said.out}${started.said.err}`))),
        eventually(isReady, readyWithinMs).catch((cause: unknown) => Promise.reject(new Error(`${part}:\n${started.said.err.slice(-3_000)}`, { cause }))),
      ])
    },
    end,
    endAll: () => Promise.all([...running.keys()].map((part) => end(part, 'SIGTERM'))),
  }
}

async function sqlAs<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[]): Promise<Row[]> {
  const connection = new pg.Client({ connectionString: url })
  connection.on('error', () => {})
  await connection.connect()
  try {
    return (await connection.query<Row>(text, values)).rows
  } finally {
    await connection.end()
  }
}
