import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Migration } from '#ports/db'
import { silentLog } from '#ports/log'
import { dbSuite } from '#ports/suites/db.suite'
import { testDatabase } from '#testkit/postgres'
import { startTestPostgres, type TestPostgres } from '#testkit/postgres-server'
import { openPostgres, serviceUrl } from './db-postgres.ts'

dbSuite('PostgreSQL', async () => {
  const { url } = await testDatabase()
  return {
    open: () => openPostgres(url, { log: silentLog }),
    cutConnections: async (service) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = current_database()', [`arena_${service}`])
      await client.end()
    },
  }
})

const replicas = 8
const child = fileURLToPath(new URL('../testkit/prepare-child.ts', import.meta.url))
const services = Object.fromEntries(
  ['first', 'second', 'third'].map((name): [string, Migration[]] => [
    name,
    [
      { name: '0001_visits', sql: 'create table visits (pid integer not null)' },
      // adds a row each time it runs: a migration that ran twice would show
      { name: '0002_once', sql: `create table once (n integer); insert into once values (1); select pg_sleep(0.05)` },
      { name: '0003_again', sql: 'insert into once values (2)' },
    ],
  ]),
)

for (const binaries of [undefined, 'embedded'] as const)
  describe(`a server elsewhere, with passwords and an owner that is no superuser (${binaries ?? "the machine's"})`, () => {
    let server: TestPostgres
    before(async () => {
      server = await startTestPostgres(binaries === undefined ? {} : { binaries })
    })
    after(() => server.stop())
    const asOf = async (url: string, sql: string) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    }

    it(`${replicas} processes that start at once on an empty database all get it ready, each migration once`, async () => {
      const ends = Array.from({ length: replicas }, async () => {
        const replica = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', child], { stdio: ['pipe', 'inherit', 'inherit'] })
        replica.stdin.end(JSON.stringify({ url: server.url, services }))
        return (await once(replica, 'exit'))[0]
      })
      assert.deepEqual(await Promise.all(ends), Array(replicas).fill(0))
      for (const name of Object.keys(services)) {
        const own = serviceUrl(server.url, name)
        assert.deepEqual(await asOf(own, `select n from ${name}.once order by n`), [{ n: 1 }, { n: 2 }])
        assert.deepEqual(await asOf(own, `select count(*)::int as n from ${name}.visits`), [{ n: replicas }])
        assert.deepEqual(await asOf(own, 'select rolsuper, rolcreaterole from pg_roles where rolname = current_user'), [
          { rolsuper: false, rolcreaterole: false },
        ])
      }
    })

    it('a service that was given its own URL brings its tables up to date, and reaches nothing else', async () => {
      const url = await server.createDatabase('own_urls')
      const owner = await openPostgres(url, { log: silentLog })
      const first = services.first ?? []
      for (const name of ['first', 'second']) await owner.openFor(name, first.slice(0, 1))
      await owner.close()
      const own = await openPostgres(serviceUrl(url, 'first'), { log: silentLog })
      const db = await own.openFor('first', first)
      assert.deepEqual((await db.query('select n from once order by n')).rows, [{ n: 1 }, { n: 2 }])
      await assert.rejects(db.query('select * from second.visits'), /permission denied/)
      await assert.rejects(own.openFor('second', []), /the schema of the service second belongs to arena_second, and this login may not make roles/)
      await assert.rejects(own.openFor('nowhere', []), /the schema of the service nowhere is not there.*migrate/)
      await own.close()
    })

    it('a wrong password is told', async () => {
      const wrong = new URL(server.url)
      wrong.password = 'wrong'
      await assert.rejects(openPostgres(wrong.href, { log: silentLog }), /password authentication failed/)
    })
  })
