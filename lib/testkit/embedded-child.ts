/** An arena that only has its PostgreSQL, to be killed: `node embedded-child.ts DATA_DIR`. Says one JSON line when it is ready. */
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { silentLog } from '#ports/log'

const [dataDir = ''] = process.argv.slice(2)
const { url, pid } = await startEmbeddedPostgres({ dataDir, log: silentLog })
process.stdout.write(`${JSON.stringify({ url, pid })}\n`)
setInterval(() => undefined, 60_000)
