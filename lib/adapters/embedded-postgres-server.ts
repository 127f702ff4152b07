/** The server's process: started, watched, started again when it dies under us, stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#ports/log'
import { MAJOR } from './embedded-postgres-binaries.ts'
import { clearLeftovers, reasonOf } from './embedded-postgres-folder.ts'
import type { Launch } from './embedded-postgres-launch.ts'
import { bareEnvironment } from './embedded-postgres-process.ts'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type Server = {
  readonly pid: number | undefined
  onExit(hear: (how: Exit) => void): void
  stop(): Promise<void>
}

type Context = {
  readonly home: string
  readonly sockets: string
  readonly launch: Launch
  readonly binaries: string
  readonly log: Log
  readonly fsync: boolean
}

/** Recovery after a crash replays up to max_wal_size; a slow disk does 10 MB/s. */
const readyPatienceMs = 90_000
const firstPauseMs = 50
const longestPauseMs = 5_000
/** A server that lived this long did not die of its start: begin again with the short pause. */
const healthyMs = 30_000
const fastStopMs = 20_000

const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // Passwords here are 256 random bits: stretching them would only slow each connection down.
  scram_iterations: '64',
}
// Commits are still written out, so that a killed server loses nothing: only a lost machine would.
const unsafeSettings = { fsync: 'off', full_page_writes: 'off' }

type Running = { readonly child: ChildProcess; readonly ended: Promise<Exit>; readonly said: () => string; readonly startedAt: number }

/** @throws when the first start fails; later ones are tried again for ever, with a growing pause and a line in the log each. */
export async function superviseServer(context: Context): Promise<Server> {
  const { log } = context
  const hearers: ((how: Exit) => void)[] = []
  let running: Running | undefined = await startOnce(context)
  const stopping = new AbortController()

  const watch = async () => {
    let pauseMs = firstPauseMs
    while (!stopping.signal.aborted) {
      if (running !== undefined) {
        const { startedAt, ended, said } = running
        const how = await ended
        running = undefined
        if (stopping.signal.aborted) return
        log.error({ ...how, reason: reasonOf(said()) }, 'PostgreSQL ended unexpectedly; starting it again')
        for (const hear of hearers) hear(how)
        if (Date.now() - startedAt > healthyMs) pauseMs = firstPauseMs
      }
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined) // stop() wakes the pause
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      if (!stopping.signal.aborted) running = await startAgain(context)
    }
    if (running !== undefined) await end(running)
  }
  const watching = watch()

  let stopped: Promise<void> | undefined
  const stop = async () => {
    stopping.abort()
    if (running !== undefined) await end(running)
    await watching
  }
  return {
    get pid() {
      return running?.child.pid
    },
    onExit: (hear) => void hearers.push(hear),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

async function startAgain(context: Context): Promise<Running | undefined> {
  try {
    await clearLeftovers(context.home, context.log)
    return await startOnce(context)
  } catch (error) {
    context.log.error({ err: error }, 'PostgreSQL cannot be started again yet')
    return undefined
  }
}

async function startOnce(context: Context): Promise<Running> {
  const running = spawnServer(context)
  const ready = new AbortController()
  const outcome = await Promise.race([running.ended, untilReady(context, running, ready.signal)])
  ready.abort()
  if (outcome === 'ready') return running
  if (outcome === 'late') {
    await end(running)
    throw new Error(`PostgreSQL on ${context.home} was not ready within ${readyPatienceMs / 1000} s: ${reasonOf(running.said())}`)
  }
  throw new Error(`PostgreSQL on ${context.home} does not start: ${reasonOf(running.said())}`)
}

function spawnServer(context: Context): Running {
  const { launch, log } = context
  const all = { ...settings, ...(context.fsync ? {} : unsafeSettings) }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = [join(context.binaries, 'bin/postgres'), '-D', join(launch.home, MAJOR), '-k', context.sockets, ...options]
  const [program = '', ...args] = launch.wrap(server)
  // A group of its own: Ctrl-C reaches the arena alone, which then stops the server after its users.
  const child = spawn(program, args, { cwd: '/', env: bareEnvironment, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let tail = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString()
    tail = (tail + text).slice(-4_000)
    log.debug({ text: text.trim() }, 'PostgreSQL says')
  })
  const ended = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => {
      tail += `error: ${error.message} (setpriv is in the package util-linux)`
      resolve({ code: null, signal: null })
    })
  })
  // It ends with us, so it need not keep us alive; end() waits for it.
  child.unref()
  pipeOf(child).unref()
  return { child, ended, said: () => tail, startedAt: Date.now() }
}

/** The server writes its state into the eighth line of its pid file; reading that costs no login. */
async function untilReady(context: Context, running: Running, signal: AbortSignal): Promise<'ready' | 'late'> {
  const pidFile = join(context.home, MAJOR, 'postmaster.pid')
  while (!signal.aborted && Date.now() - running.startedAt < readyPatienceMs) {
    const lines = await readFile(pidFile, 'utf8').then(
      (text) => text.split('\n'),
      () => [],
    )
    if (Number(lines[0]) === running.child.pid && lines[7]?.trim() === 'ready') return 'ready'
    await sleep(10)
  }
  return 'late'
}

async function end(running: Running): Promise<void> {
  running.child.ref()
  pipeOf(running.child).ref()
  running.child.kill('SIGINT')
  const timer = setTimeout(() => running.child.kill('SIGQUIT'), fastStopMs)
  await running.ended
  clearTimeout(timer)
}

const pipeOf = (child: ChildProcess) => child.stderr as Socket
