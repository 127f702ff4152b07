import assert from 'node:assert/strict'
import { it } from 'node:test'
import pg from 'pg'
import { silentLog } from '#ports/log'
import { busSuite } from '#ports/suites/bus.suite'
import { eventually } from '#testkit/eventually'
import { testDatabase, testServer } from '#testkit/postgres'
import { openPostgresBus, preparePostgresBus } from './bus-postgres.ts'

const opener = { module: new URL('./bus-postgres.ts', import.meta.url).href, name: 'openPostgresBus' }

busSuite('PostgreSQL', async () => {
  const { embedded } = await testServer()
  const database = await testDatabase()
  const crashServer = async () => {
    if (embedded?.pid !== undefined) process.kill(embedded.pid, 'SIGKILL')
    else await asOwner(database.url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'arena_bus' and datname = current_database()`)
  }
  return { url: await preparePostgresBus(database.url), opener, dedupes: true, crashServer }
})

async function asOwner(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

it("the bus's URL reaches the bus and no other schema", async () => {
  const { url } = await testDatabase()
  const busUrl = await preparePostgresBus(url)
  await asOwner(url, 'create schema secrets; create table secrets.answers (n int)')
  await assert.rejects(asOwner(busUrl, 'select * from secrets.answers'), /permission denied for schema/)
  await assert.rejects(asOwner(busUrl, 'create role intruder'), /permission denied/)
  assert.equal((await asOwner(busUrl, 'select * from bus.messages')).rowCount, 0)
})

it('a notification of anybody, whatever it says, ends nothing', async () => {
  const { url } = await testDatabase()
  const busUrl = await preparePostgresBus(url)
  const bus = await openPostgresBus(busUrl, { log: silentLog })
  try {
    const heard: unknown[] = []
    await bus.listen('after', (payload) => heard.push(payload))
    for (const said of ['no JSON', '5', 'null', '[5]'])
      await asOwner(busUrl, `select pg_notify('arena_bus', '${said}'), pg_notify('arena_broadcast', '${said}')`)
    await bus.broadcast('after', 1)
    await eventually(() => assert.deepEqual(heard, [1]))
  } finally {
    await bus.close()
  }
})
