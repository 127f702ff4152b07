import pg from 'pg'
import { silentLog } from '#ports/log'
import { dbSuite } from '#ports/suites/db.suite'
import { testDatabase } from '#testkit/postgres'
import { openPostgres } from './db-postgres.ts'

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
