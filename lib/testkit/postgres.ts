/**
 * A database of its own for each test. On the server of `ARENA_TEST_DB_URL` (an owner's URL) when set, else on one embedded PostgreSQL per test
 * process, in a temporary folder and without fsync. Call `testDatabase()` inside a test file; databases, server and folder go when the file ends
 * (the roles `arena_*` stay on an external server: another test process may be using them).
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after } from 'node:test'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { type Log, silentLog } from '#ports/log'

export type TestServer = {
  /** An owner's URL. */
  readonly url: string
  /** The server this process may kill; undefined on an external one. */
  readonly embedded: EmbeddedPostgres | undefined
}

export type TestDatabase = {
  /** An owner's URL of a new, empty database. */
  readonly url: string
  drop(): Promise<void>
}

let shared: Promise<TestServer> | undefined
const left = new Set<TestDatabase>()

/** The one server of this test process. */
export function testServer(log: Log = silentLog): Promise<TestServer> {
  shared ??= openServer(log)
  return shared
}

export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer()
  const name = `arena_test_${process.pid}_${randomBytes(4).toString('hex')}`
  await asOwner(server.url, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const database: TestDatabase = {
    url: url.href,
    drop: async () => {
      if (left.delete(database)) await asOwner(server.url, `drop database if exists ${name} with (force)`)
    },
  }
  left.add(database)
  return database
}

let closeServer: () => Promise<void> = () => Promise.resolve()

// At the top level, so that it belongs to the file and not to the test that happened to ask first.
after(async () => {
  for (const database of [...left]) await database.drop()
  await closeServer()
})

async function openServer(log: Log): Promise<TestServer> {
  const external = process.env.ARENA_TEST_DB_URL
  if (external !== undefined) return { url: external, embedded: undefined }
  const folder = await mkdtemp('/tmp/arena-test-')
  closeServer = () => rm(folder, { recursive: true, force: true })
  await chmod(folder, 0o711)
  const embedded = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log, fsync: false })
  closeServer = async () => {
    await embedded.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: embedded.url, embedded }
}

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
