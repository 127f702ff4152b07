/**
 * A real PostgreSQL that the arena starts itself: nothing to install, no port taken, everything in one folder.
 *
 * Its life is tied to ours. It is started again, on the same socket path, when it dies under us; it stops when we die, however we die (the
 * kernel sends it SIGINT); and what a killed run left behind is found at the next start, under a lock on the folder.
 * Every login needs a password, also on the socket: the owner's stays in the arena's main, services get roles of their own (db-postgres.ts).
 */
import { chmod, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Log } from '#ports/log'
import { findBinaries, MAJOR, reachableBinaries } from './embedded-postgres-binaries.ts'
import {
  clearLeftovers,
  makeCluster,
  makeSocketFolder,
  OWNER,
  ownerSecret,
  refuseOtherVersions,
  SOCKET_PREFIX,
  takeFolder,
} from './embedded-postgres-folder.ts'
import { chooseLaunch } from './embedded-postgres-launch.ts'
import { type Exit, superviseServer } from './embedded-postgres-server.ts'

export type EmbeddedPostgres = {
  /** Logs in as the owner, a superuser: for the arena's main alone. */
  readonly url: string
  /** The server's process now; undefined while it is being started again. */
  readonly pid: number | undefined
  /** Tells of every unexpected end; the server is started again by itself. */
  onExit(hear: (how: Exit) => void): void
  /** A fast shutdown: open transactions are rolled back, all that was committed is on disk. Idempotent. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Folder of its own, made when absent. */
  readonly dataDir: string
  /** Where the private socket folder is made. Default: the system's folder for temporary files; /tmp when that path is too long. */
  readonly runtimeDir?: string
  readonly log: Log
  /** False only for tests: a power cut may then lose or damage everything. Default true. */
  readonly fsync?: boolean
}

/** A socket path has 107 bytes at most; the server adds `/.s.PGSQL.5432` to the folder, and the prefix and six random letters come before. */
const maxRuntimeDir = 107 - '/.s.PGSQL.5432'.length - `/${SOCKET_PREFIX}XXXXXX`.length

/** @throws an Error whose message is one line with what to do: folder in use, other version, disk full, no way to run. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log } = options
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const lock = await takeFolder(options.dataDir)
    undo.push(() => lock.release())
    const home = await realpath(options.dataDir)
    await refuseOtherVersions(home)
    await clearLeftovers(home, log)
    const sockets = await makeSocketFolder(home, shortEnough(options.runtimeDir ?? tmpdir()))
    undo.push(() => rm(sockets, { recursive: true, force: true }))
    const launch = await chooseLaunch(home, join(home, MAJOR), sockets)
    const binaries = await reachableBinaries(await findBinaries(), home, launch)
    const secret = await ownerSecret(home)
    await makeCluster(home, binaries, launch, secret)
    await chmod(sockets, 0o700)
    const server = await superviseServer({ home, sockets, launch, binaries, log, fsync: options.fsync ?? true })
    undo.push(() => server.stop())
    const url = `postgres://${OWNER}:${secret}@localhost/arena?host=${encodeURIComponent(sockets)}`
    await makeDatabase(url)
    log.debug({ pid: server.pid, via: launch.via, sockets }, 'PostgreSQL is ready')
    return {
      url,
      stop,
      onExit: server.onExit,
      get pid() {
        return server.pid
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const shortEnough = (folder: string) => (Buffer.byteLength(folder) <= maxRuntimeDir ? folder : '/tmp')

async function makeDatabase(url: string): Promise<void> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  const client = new pg.Client({ connectionString: maintenance.href })
  await client.connect()
  try {
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'arena'`)
    if (rowCount === 0) await client.query('create database arena')
  } finally {
    await client.end()
  }
}
