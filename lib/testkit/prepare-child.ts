/**
 * `node prepare-child.ts`: one replica that starts on a database. Reads `{ url, services: { name: migrations } }` from standard input, prepares each
 * service and writes and reads once as it; ends with 0 when all went well.
 */
import { text } from 'node:stream/consumers'
import { openPostgres } from '#adapters/db-postgres'
import type { Migration } from '#ports/db'
import { silentLog } from '#ports/log'

const { url, services } = JSON.parse(await text(process.stdin)) as { url: string; services: Record<string, Migration[]> }
const server = await openPostgres(url, { log: silentLog })
await Promise.all(
  Object.entries(services).map(async ([name, migrations]) => {
    const db = await server.openFor(name, migrations)
    await db.query('insert into visits (pid) values ($1)', [process.pid])
  }),
)
await server.close()
