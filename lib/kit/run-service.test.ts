import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Db, DbError } from '#ports/db'
import { silentLog } from '#ports/log'
import { fakeClock } from '#testkit/fake-clock'
import { systemIds } from '#testkit/real'
import { defineService } from './define-service.ts'
import { noMetrics } from './metrics.ts'
import { type Host, runService } from './run-service.ts'

it('a check says that the database does not answer, and not where it is', async () => {
  const gone = () => Promise.reject(new DbError('no connection to PostgreSQL: connect ECONNREFUSED 10.1.2.3:5432', { code: '08006', retry: 'later' }))
  const db: Db = { query: gone, transaction: gone, usage: () => ({ connections: 0, busy: 0, waiting: 0 }), close: async () => undefined }
  const host = { clock: fakeClock('2026-03-01T09:00:00Z'), ids: systemIds, log: silentLog, metrics: noMetrics } as unknown as Host
  const running = await runService(defineService({ name: 'evaluation', migrations: [], build: () => ({}) }), host, db)
  try {
    assert.deepEqual(await running.checks(), { database: { ok: false, detail: 'the database does not answer' } })
  } finally {
    await running.stop()
  }
})
