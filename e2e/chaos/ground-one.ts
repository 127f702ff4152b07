/** One machine: services, supervised worker, embedded PostgreSQL. Worker and database come back by themselves. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serviceUrl } from '#adapters/db-postgres'
import { isRunning, type RunningArena, startArena } from '#testkit/arena'
import { controlGroupsOf, mountsBelow } from '#testkit/arena-remains'
import { eventually } from '#testkit/eventually'
import { openFaultProxy } from '#testkit/fault-proxy'
import type { Ground, Victim } from './ground.ts'
import { holdTable } from './hold.ts'
import { crashPointNames } from './plan.ts'
import { familyOf, pauseAll, signal } from './processes.ts'

const backWithinMs = 90_000

export async function standOnOne(): Promise<Ground> {
  const arena = await startArena({ env: { ARENA_JUDGE_SLOTS: '2' } })
  const clients = await openFaultProxy({ host: '127.0.0.1', port: arena.port })
  const seen = new Set<number>()
  const victims = victimsOf(arena, seen)
  const ownerUrl = () => (JSON.parse(readFileSync(join(arena.dataDir, 'running.json'), 'utf8')) as { dbUrl: string }).dbUrl
  const dbUrlOf = (service: string) => serviceUrl(ownerUrl(), service)
  return {
    size: 'one',
    targets: {
      processes: Object.keys(victims),
      orderly: ['services', 'worker'],
      workers: ['worker'],
      links: ['clients', 'database'],
      emptied: [],
      crashPoints: crashPointNames,
    },
    victims,
    hostOf: () => 'services',
    links: {
      clients: async () => clients.resetAll(),
      // a socket of the kernel's cannot be broken from outside; the server can end its side
      database: async () => {
        await eventually(
          () => arena.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename like 'arena\\_%' and pid <> pg_backend_pid()`),
          backWithinMs,
        )
      },
    },
    emptied: {},
    url: `http://127.0.0.1:${clients.port}`,
    as: (role) => arena.as(role),
    readerUrl: ownerUrl,
    dbUrlOf,
    async holdBus() {
      const { release } = await holdTable(dbUrlOf('bus'), 'bus.messages')
      return release
    },
    rebuildBoards: async () => {
      const { code, out, err } = arena.cli('board', 'rebuild')
      assert.equal(code, 0, err)
      return out
    },
    log: arena.log,
    async stop() {
      for (const { pid } of arena.seenProcesses()) seen.add(pid)
      await arena.stop()
      await clients.close()
    },
    remains: () => [
      ...arena.seenProcesses().map(({ pid, command }) => `process ${pid} ${command}`),
      ...[...seen].flatMap((pid) => controlGroupsOf(pid).map((group) => `control group ${group}`)),
      ...mountsBelow(arena.dataDir).map((at) => `mount ${at}`),
      ...(existsSync(arena.dataDir) ? [`folder ${arena.dataDir}`] : []),
    ],
  }
}

function victimsOf(arena: RunningArena, seen: Set<number>): Readonly<Record<'services' | 'worker' | 'database', Victim>> {
  const pidOf = { services: () => arena.pid, worker: arena.workerPid, database: arena.databasePid }
  const there = (part: keyof typeof pidOf): number => {
    const pid = pidOf[part]()
    assert.ok(pid !== undefined && isRunning(pid), `there is no ${part}`)
    seen.add(pid)
    return pid
  }
  /** Started again by the arena; one that is just being started is waited for. */
  const lookedAfter = (part: 'worker' | 'database'): Victim => {
    let gone: number | undefined
    const end = async (how: NodeJS.Signals) => {
      gone = await eventually(() => {
        const pid = there(part)
        signal(pid, how)
        return pid
      }, backWithinMs)
      await eventually(() => assert.ok(gone === undefined || !isRunning(gone), `the ${part} does not end`), backWithinMs)
    }
    return {
      kill: () => end('SIGKILL'),
      ...(part === 'worker' ? { end: () => end('SIGTERM') } : {}),
      revive: () => eventually(() => assert.notEqual(there(part), gone), backWithinMs),
      pause: () => pauseAll(familyOf(there(part)).filter((pid) => part === 'database' || pid === there(part))),
    }
  }
  return {
    services: {
      kill: async () => void (await arena.kill('services')),
      end: () => arena.end(),
      revive: () => arena.restart(),
      pause: () => pauseAll([there('services')]),
    },
    worker: lookedAfter('worker'),
    database: lookedAfter('database'),
  }
}
