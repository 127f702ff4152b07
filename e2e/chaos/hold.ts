/**
 * Holds the arena at a crash point: a lock on the table that the next step writes lets that step begin and not commit. Services give up waiting after ten
 * seconds, so a hold is short.
 */
import pg from 'pg'
import { eventually } from '#testkit/eventually'

export type Hold = {
  /** Whether somebody waits for the table. */
  isWaitedFor(): Promise<boolean>
  /** Lets go. Never rejects: the server may be what was killed. */
  release(): Promise<void>
}

/** @param url of a role that may write `table`, such as `submission.judgements`. */
export async function holdTable(url: string, table: string): Promise<Hold> {
  const connection = await openEye(url)
  await connection.query('begin')
  // what is being written at this moment is waited for
  await connection.query(`lock table ${table} in share mode`)
  return {
    async isWaitedFor() {
      const { rows } = await connection.query<{ waits: boolean }>(
        'select exists (select from pg_locks where relation = $1::regclass and not granted) as waits',
        [table],
      )
      return rows[0]?.waits ?? false
    },
    async release() {
      await connection.end().catch(() => undefined)
    },
  }
}

/** One connection to look through, for as long as it takes. A server that is just starting is waited for. */
export const openEye = (url: string): Promise<pg.Client> =>
  eventually(async () => {
    const connection = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 15_000 })
    connection.on('error', () => {}) // the query under way rejects
    await connection.connect()
    return connection
  }, 30_000)
