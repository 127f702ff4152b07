/**
 * Many machines: every service its own process, two workers, nginx, PostgreSQL, RabbitMQ, Redis. What was struck is started again by the harness, as a
 * scheduler would; what the broker lost is told again with the operator's tool.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serviceUrl } from '#adapters/db-postgres'
import { childrenOf, cliFile, isRunning, plainEnvironment } from '#testkit/arena'
import { type ManyArena, type ManyPart, startArenaMany, workers } from '#testkit/arena-many'
import { controlGroupsOf, mountsBelow } from '#testkit/arena-remains'
import { eventually } from '#testkit/eventually'
import { openFaultProxy } from '#testkit/fault-proxy'
import type { Ground, Victim } from './ground.ts'
import { crashPointNames } from './plan.ts'
import { commandOf, familyOf, pauseAll, signal } from './processes.ts'

const backWithinMs = 180_000
/** What was told so long before a broker was emptied may not have been handled yet. */
const toldAgainMs = 120_000
/** Services with an outbox of durable events. */
const tellers = ['user', 'contest', 'submission'] as const

export async function standOnMany(): Promise<Ground> {
  const arena = await startArenaMany({ proxied: true })
  const { links: proxies } = arena
  if (proxies === undefined) throw new Error('this arena has no proxies')
  const clients = await openFaultProxy({ host: '127.0.0.1', port: arena.port })
  const seen = new Set<number>()
  const parts = Object.keys(arena.pids()) as ManyPart[]
  const victims: Readonly<Record<string, Victim>> = {
    ...Object.fromEntries(parts.map((part) => [part, partOf(arena, part, seen)])),
    ...serversOf(arena),
  }
  const queues = (await (await arena.as('admin')).ok('GET /api/admin/status')).queues.map(({ queue }) => queue)
  let isStopped = false
  return {
    size: 'many',
    targets: {
      processes: Object.keys(victims),
      orderly: parts,
      workers,
      links: ['clients', ...Object.keys(proxies)],
      emptied: ['redis', 'rabbitmq'],
      crashPoints: crashPointNames,
    },
    victims,
    hostOf: (service) => service,
    links: {
      clients: async () => clients.resetAll(),
      ...Object.fromEntries(Object.entries(proxies).map(([name, proxy]) => [name, async () => proxy.resetAll()])),
    },
    emptied: {
      redis: async () => void (await arena.cache.command('FLUSHALL')),
      rabbitmq: async () => {
        const since = new Date(Date.now() - toldAgainMs).toISOString()
        await arena.broker.wipe()
        for (const queue of queues) await arena.broker.hasOnDisk(queue)
        for (const service of tellers) await operate(arena, 'replay', service, since)
      },
    },
    url: `http://127.0.0.1:${clients.port}`,
    as: (role) => arena.as(role),
    readerUrl: () => arena.database.url,
    dbUrlOf: (service) => serviceUrl(arena.database.url, service),
    async holdBus() {
      arena.broker.freeze()
      return async () => arena.broker.thaw()
    },
    rebuildBoards: () => operate(arena, 'board', 'rebuild'),
    log: arena.log,
    async stop() {
      if (isStopped) return
      isStopped = true
      await arena.stop()
      await clients.close()
    },
    remains: () => [
      ...processesOf(arena.dataDir).map((pid) => `process ${pid} ${commandOf(pid)}`),
      ...childrenOf(process.pid)
        .filter((pid) => isRunning(pid) && /nginx|postgres|beam|redis-server/.test(commandOf(pid)))
        .map((pid) => `server ${pid} ${commandOf(pid)}`),
      ...[...seen].flatMap((pid) => controlGroupsOf(pid).map((group) => `control group ${group}`)),
      ...mountsBelow(arena.dataDir).map((at) => `mount ${at}`),
      ...(existsSync(arena.dataDir) ? [`folder ${arena.dataDir}`] : []),
    ],
  }
}

function partOf(arena: ManyArena, part: ManyPart, seen: Set<number>): Victim {
  const noted = () => {
    seen.add(arena.pidOf(part))
    return arena.pidOf(part)
  }
  return {
    kill: async () => {
      signal(noted(), 'SIGKILL')
      await arena.kill(part)
    },
    end: async () => {
      noted()
      await arena.end(part)
    },
    revive: () => eventually(() => arena.restart(part), backWithinMs),
    pause: () => pauseAll([noted()]),
  }
}

function serversOf({ nginx, database, broker, cache }: ManyArena): Readonly<Record<'nginx' | 'postgres' | 'rabbitmq' | 'redis', Victim>> {
  const postmaster = () => {
    const pid = childrenOf(process.pid).find((each) => commandOf(each).includes(`-p ${database.port} `))
    if (pid === undefined) throw new Error('there is no PostgreSQL')
    return pid
  }
  return {
    nginx: {
      async kill() {
        const family = familyOf(nginx.pid)
        for (const pid of family) signal(pid, 'SIGKILL')
        await eventually(() => {
          if (family.some(isRunning)) throw new Error('nginx is still there')
        }, backWithinMs)
      },
      revive: () => nginx.start(),
      pause: () => pauseAll(familyOf(nginx.pid)),
    },
    postgres: { kill: () => database.kill(), revive: () => database.restart(), pause: () => pauseAll(familyOf(postmaster())) },
    rabbitmq: {
      kill: () => broker.kill(),
      revive: () => broker.restart(),
      pause: () => {
        broker.freeze()
        return () => broker.thaw()
      },
    },
    redis: {
      kill: () => cache.kill(),
      revive: () => cache.start(),
      pause: () => {
        cache.pause()
        return () => cache.resume()
      },
    },
  }
}

/** The operator's tool beside the running arena. @returns what it said. */
async function operate(arena: ManyArena, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', cliFile, ...words], {
    env: {
      ...plainEnvironment(),
      ARENA_DATA_DIR: join(arena.dataDir, 'operator'),
      ARENA_DB_URL: arena.database.url,
      ARENA_BUS_URL: arena.broker.url,
    },
    timeout: backWithinMs,
  })
  return stdout
}

function processesOf(dataDir: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && isRunning(pid) && environmentOf(pid).includes(`ARENA_DATA_DIR=${dataDir}`))
}
const environmentOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return '' // it has just ended
  }
}
