import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ms } from '#kernel/units'
import { type Db, DbError } from '#ports/db'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { openFaultProxy } from '#testkit/fault-proxy'
import { startTestPostgres, type TestPostgres } from '#testkit/postgres-server'
import { openPool } from './db-postgres-pool.ts'

describe('a line to PostgreSQL on which nothing comes any more', () => {
  let server: TestPostgres
  let proxy: Awaited<ReturnType<typeof openFaultProxy>>
  let db: Db
  before(async () => {
    server = await startTestPostgres()
    proxy = await openFaultProxy({ host: '127.0.0.1', port: server.port })
    const url = new URL(server.url)
    url.port = String(proxy.port)
    db = openPool({ url: url.href, name: 'silence', maxConnections: 1, log: silentLog, settings: {}, answerWithin: ms(2_000) })
  })
  after(async () => {
    proxy.mode({ kind: 'forward' })
    await db.close()
    await proxy.close()
    await server.stop()
  })
  const isAway = (error: unknown) => error instanceof DbError && error.retry === 'later'

  it('holds a statement for a bounded time, in a transaction too, and the next is on a new line', { timeout: 120_000 }, async () => {
    const answers = async () => assert.equal((await db.query('select 1')).rowCount, 1)
    await eventually(answers, 30_000)
    proxy.mode({ kind: 'stall' })
    await assert.rejects(db.query('select 2'), isAway)
    proxy.mode({ kind: 'forward' })
    await eventually(answers, 30_000)
    const inTransaction = db.transaction(async (tx) => {
      proxy.mode({ kind: 'stall' })
      await tx.query('select 3')
    })
    await assert.rejects(inTransaction, isAway)
    proxy.mode({ kind: 'forward' })
    await eventually(answers, 30_000)
  })
})
