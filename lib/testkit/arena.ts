/**
 * The whole arena as an operator runs it: real processes of apps/arena/src/main.ts (services, supervised worker, embedded PostgreSQL), a temporary data
 * folder, a free port. Whatever becomes of a test, its processes, control groups, mounts and folder go: `stop()` in order; by force an
 * exit hook, and where none runs (the test process was killed, or failed while its file was loaded) a guard that notices.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach } from 'node:test'
import pg from 'pg'
import type { Role } from '#contracts/common'
import { type ArenaClient, openArenaClient } from './arena-client.ts'
import { clearRemains } from './arena-remains.ts'
import { eventually } from './eventually.ts'

export type ArenaPart = 'services' | 'worker' | 'database'
export type ArenaOptions = {
  readonly env?: Readonly<Record<string, string>>
  /** Default: off, since it takes seconds. */
  readonly demo?: 'on' | 'off'
  /** An existing folder, which is left as it is at the end; default: a temporary one. */
  readonly dataDir?: string
  /** Words before the command, e.g. `['unshare', '--mount']`. They must `exec`, so that the pid is the arena's. */
  readonly wrap?: readonly string[]
  /** How long a start may take, milliseconds. Default 60,000: the web may have to be built first. */
  readonly readyWithinMs?: number
}
export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

const main = join(import.meta.dirname, '..', '..', 'apps', 'arena', 'src', 'main.ts')
export const guardFile = join(import.meta.dirname, 'arena-guard.ts')
export const cliFile = join(import.meta.dirname, '..', '..', 'apps', 'arena', 'src', 'cli.ts')
/** PATH and HOME of this process, without whatever steers an arena or a test run here. */
export const plainEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(ARENA_|NODE_TEST|NODE_OPTIONS|TEST_)/.test(key)))

/** Programs are judged natively unless a test asks for Docker, so that a test means the same on a machine with an engine and on one without. */
const testedSandbox = { ARENA_SANDBOX: 'native' }

const living = new Set<{ destroy(): void }>()
process.once('exit', () => {
  for (const each of living) each.destroy()
})
// the test runner ends an overdue file so; without a handler no exit hook would run
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(143))

/** One process of the main file, started and watched; ready or not. */
export function spawnArena(args: readonly string[], { env = {}, wrap = [] }: { env?: Readonly<Record<string, string>>; wrap?: readonly string[] } = {}) {
  const [program = '', ...rest] = [...wrap, process.execPath, '--disable-warning=ExperimentalWarning', main, ...args]
  const child = spawn(program, rest, { env: { ...plainEnvironment(), ...testedSandbox, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
  return { child, said, ended }
}

/** The operator's tool, run to its end. */
export function spawnCli(args: readonly string[], env: Readonly<Record<string, string>>): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', cliFile, ...args], {
    env: { ...plainEnvironment(), ...env },
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

export async function startArena(options: ArenaOptions = {}) {
  const folder = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'arena-e2e-')) : undefined
  if (folder !== undefined) chmodSync(folder, 0o711) // the database's own uid must be able to pass
  const dataDir = options.dataDir ?? join(folder as string, 'data')
  const adminPassword = `admin-${randomBytes(9).toString('base64url')}`
  const env = { ARENA_ADMIN_PASSWORD: adminPassword, ARENA_DEMO: options.demo ?? 'off', ARENA_DATA_DIR: dataDir, ...options.env }
  const pids = new Set<number>()
  let process_ = spawnArena([], { env: { ARENA_PORT: '0', ...env }, ...(options.wrap ? { wrap: options.wrap } : {}) })
  let url = ''
  let log = ''
  const remember = () => {
    for (const pid of [process_.child.pid, workerPid(), databasePid()]) if (pid !== undefined) pids.add(pid)
  }
  const guard = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', guardFile, dataDir, ...(folder === undefined ? [] : [folder])], {
    env: plainEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true, // whoever kills the test's group must not kill it
  })
  guard.unref()
  const destroy = () => {
    clearRemains(dataDir, folder)
    guard.kill('SIGKILL')
  }
  const handle = { destroy }
  living.add(handle)

  const servicesPid = () => process_.child.pid as number
  const workerPid = () => childrenOf(servicesPid()).find((pid) => commandOf(pid).includes(main))
  const databasePid = () => {
    const [file] = globSync(join(dataDir, 'postgres', '*', 'postmaster.pid'))
    return file === undefined ? undefined : Number(readFileSync(file, 'utf8').split('\n')[0]) || undefined
  }
  /** What it said so far, over all its starts, and the end of its log file. */
  const story = () => {
    const file = join(dataDir, 'log', 'arena.log')
    return `${log}${process_.said.out}${process_.said.err}\n--- ${file}\n${existsSync(file) ? readFileSync(file, 'utf8').slice(-12_000) : ''}`
  }
  const untilReady = async () => {
    const within = options.readyWithinMs ?? 60_000
    const found = await Promise.race([
      process_.ended.then((how) => Promise.reject(new Error(`the arena ended at its start (${JSON.stringify(how)}):\n${story()}`))),
      eventually(() => /is ready: (http:\S+)/.exec(process_.said.out)?.[1] ?? Promise.reject(new Error(`not ready within ${within} ms:\n${story()}`)), within),
    ])
    url = found.replace('localhost', '127.0.0.1')
  }
  // a pid is given out again: only what is still the arena's counts
  const belongsTo = (pid: number) => [main, dataDir].some((text) => commandOf(pid).includes(text))
  try {
    await untilReady()
    await eventually(() => {
      remember()
      if (workerPid() === undefined) throw new Error('there is no worker')
    })
  } catch (error) {
    destroy()
    living.delete(handle)
    throw error
  }

  const client = () => openArenaClient(() => url)
  let admin: Promise<ArenaClient> | undefined
  const asAdmin = () => {
    admin ??= client().login('admin', adminPassword)
    return admin
  }
  const arena = {
    get url() {
      return url
    },
    get pid() {
      return servicesPid()
    },
    get port() {
      return Number(new URL(url).port)
    },
    /** Of each process, by its part. */
    pids: (): Readonly<Record<string, number | undefined>> => ({ services: servicesPid(), worker: workerPid(), database: databasePid() }),
    dataDir,
    adminPassword,
    workerPid,
    databasePid,
    log: story,
    /** A client of nobody. */
    client,
    /** A new account of that role, logged in; `admin` is the first admin. Tokens last 10 minutes. */
    async as(role: Role, name?: string): Promise<ArenaClient> {
      if (role === 'admin') return asAdmin()
      const user = await client().register(name === undefined ? {} : { name })
      if (role === 'student') return user
      await (await asAdmin()).ok('PATCH /api/users/:id', { params: { id: user.user.id }, body: { role } })
      return client().login(user.user.username as string, user.password)
    },
    /** `kill -9`. Resolves when the process is gone; @returns its pid. */
    async kill(part: ArenaPart): Promise<number> {
      remember()
      const pid = part === 'services' ? servicesPid() : part === 'worker' ? workerPid() : databasePid()
      if (pid === undefined) throw new Error(`there is no ${part} to kill`)
      process.kill(pid, 'SIGKILL')
      if (part === 'services') await process_.ended
      else await eventually(() => (isRunning(pid) ? Promise.reject(new Error(`${part} ${pid} is still there`)) : undefined))
      return pid
    },
    /** A signal to the services' process alone, as a supervisor sends it. @returns how it ended. */
    async signal(signal: NodeJS.Signals): Promise<Ended> {
      remember()
      process.kill(servicesPid(), signal)
      return process_.ended
    },
    /** Starts again on the same folder and port, after a kill or a stop. */
    async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
      await arena.end()
      log += `${process_.said.out}${process_.said.err}\n--- started again\n`
      process_ = spawnArena([], { env: { ...baseEnv(), ...env }, ...(options.wrap ? { wrap: options.wrap } : {}) })
      await untilReady()
      remember()
    },
    /** Ends the processes and keeps the folder. */
    async end(): Promise<void> {
      remember()
      if (process_.child.exitCode !== null || process_.child.signalCode !== null) return
      process_.child.kill('SIGTERM')
      const late = setTimeout(() => process_.child.kill('SIGKILL'), 20_000)
      await process_.ended
      clearTimeout(late)
    },
    /** The processes of this arena, of all its starts, that still run. */
    seenProcesses: () => [...pids].filter((pid) => isRunning(pid) && belongsTo(pid)).map((pid) => ({ pid, parent: parentOf(pid), command: commandOf(pid) })),
    /** The operator's tool on this arena's folder. */
    cli: (...args: readonly string[]) => spawnCli(args, { ARENA_DATA_DIR: dataDir }),
    /** SQL as the owner of the running arena's database, e.g. `select … from submission.submissions`. */
    async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
      const { dbUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')) as { dbUrl: string }
      const connection = new pg.Client({ connectionString: dbUrl })
      connection.on('error', () => {})
      await connection.connect()
      try {
        return (await connection.query<Row>(text, values)).rows
      } finally {
        await connection.end()
      }
    },
    async stop(): Promise<void> {
      await arena.end()
      destroy()
      living.delete(handle)
    },
  }
  const baseEnv = () => ({ ARENA_PORT: String(arena.port), ...env })
  return arena
}
export type RunningArena = Awaited<ReturnType<typeof startArena>>

/**
 * The one arena of a test file: stopped when the file ends, its story told for each test that fails.
 * Call at the top level: `const arena = await arenaForTests()`.
 */
export async function arenaForTests(options: ArenaOptions = {}): Promise<RunningArena> {
  const arena = await startArena(options)
  tellOfFailures(arena)
  after(() => arena.stop())
  return arena
}

/** Prints the end of what the arena said under each failed test. */
export function tellOfFailures(arena: Pick<RunningArena, 'log'>): void {
  afterEach((context) => {
    if ('passed' in context && !context.passed) process.stderr.write(`\n=== ${context.name}: the arena said\n${arena.log().slice(-6_000)}\n===\n`)
  })
}

export const isRunning = (pid: number): boolean => {
  try {
    // a zombie that nobody has waited for is no running process
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it has just ended
  }
}
/** Children of a process, oldest first. */
export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((each) => Number.isInteger(each) && each > 0 && parentOf(each) === pid)
const parentOf = (pid: number): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

export { controlGroupsOf, mountsBelow } from './arena-remains.ts'
export type { ArenaClient }
