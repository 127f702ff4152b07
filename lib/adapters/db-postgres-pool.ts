/**
 * One service's `Db` over a pool of connections, each logged in as the service's own role.
 *
 * What it hides:
 * - Lost servers. Every connection has an `error` listener (an idle client of a restarted server emits one, and unheard it ends the process).
 *   A connection that cannot be had is tried for again for five seconds: nothing was sent yet, so that is safe, and a restart of the embedded
 *   server (0.3 s) becomes a slow answer instead of an error. A statement that was sent is never repeated on its own.
 * - Dead lines. A server that vanished without a word (a machine lost, a network cut) would be waited for until TCP gives up, a quarter of an hour; a
 *   statement that is not answered in time is a lost connection.
 * - Retries. `transaction` repeats work that lost a race (serialization failure, deadlock) up to five times; that is all it repeats.
 * - Prepared statements. A statement with parameters is prepared once per connection under a name made from its text. Texts are few (they are
 *   written in the source); beyond `maxPrepared` of them, which only generated SQL reaches, they are parsed each time.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Ms, seconds } from '#kernel/units'
import { type Db, DbError, LongTexts, type QueryResult, type Row, type Tx } from '#ports/db'
import type { Log } from '#ports/log'
import { inTransactionScope, refuseInTransaction } from '#ports/transaction-scope'
import { asDbError, isStalePlan } from './db-postgres-errors.ts'
import { binaryTextArray } from './db-postgres-texts.ts'

const transactionTries = 6
const connectPatienceMs = 5_000
const maxPrepared = 1_000
/** Longer than the server lets a statement take: it is the line that is dead, or the server. */
const answersWithin = seconds(20)

const DATE = 1082
/** `date` stays text ('2026-03-01'): as a Date it would be midnight in the zone of this process, another day elsewhere. All else is the driver's rule. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (Number(oid) === DATE ? (text: string) => text : pg.types.getTypeParser(oid, format as 'text')),
}

export type PoolOptions = {
  readonly url: string
  /** Shown in pg_stat_activity. */
  readonly name: string
  readonly maxConnections: number
  readonly log: Log
  /** Settings each connection starts with, such as `search_path`. */
  readonly settings: Readonly<Record<string, string>>
  /** A connection on which a statement is not answered for so long is given up. Default 20 s. */
  readonly answerWithin?: Ms
}

/** `-c name=value` for the start-up packet; spaces and backslashes need one. */
export const startupOptions = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
    .join(' ')

export function openPool(options: PoolOptions): Db {
  const { log, name } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: name,
    options: startupOptions(options.settings),
    connectionTimeoutMillis: 5_000,
    query_timeout: options.answerWithin ?? answersWithin,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    allowExitOnIdle: true,
    types,
  })
  // The message alone: the error carries the whole client.
  pool.on('error', (error) => log.debug({ pool: name, reason: error.message }, 'an idle database connection was lost'))
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ pool: name, reason: error.message }, 'a database connection failed')))
  const acquire = () => acquireFrom(pool)

  const query = async <R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<QueryResult<R>> => {
    refuseInTransaction('db.query')
    for (let attempt = 1; ; attempt += 1) {
      const client = await acquire()
      try {
        const result = await run<R>(client, sql, params)
        client.release()
        return result
      } catch (error) {
        client.release(!isUsable(error))
        if (attempt > options.maxConnections || !isStalePlan(error)) throw error
      }
    }
  }

  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    refuseInTransaction('db.transaction')
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await transactOnce(await begin(acquire), work, log)
      } catch (error) {
        const again = error instanceof DbError && (error.retry === 'now' || isStalePlan(error))
        if (!again || attempt >= transactionTries) throw error
        await sleep(Math.random() * 5 * 2 ** attempt)
      }
    }
  }

  let closed: Promise<void> | undefined
  return {
    query,
    transaction,
    usage: () => ({ connections: pool.totalCount, busy: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }),
    close: () => {
      closed ??= pool.end()
      return closed
    },
  }
}

/** After these the connection is as good as new; after any other failure it is thrown away. */
const isUsable = (error: unknown): boolean => error instanceof DbError && error.retry !== 'later' && !isStalePlan(error)

async function acquireFrom(pool: pg.Pool): Promise<pg.PoolClient> {
  const giveUpAt = Date.now() + connectPatienceMs
  for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
    try {
      return await pool.connect()
    } catch (error) {
      const failure = asDbError(error)
      const mayHelp = failure instanceof DbError && failure.retry === 'later' && !pool.ending
      if (!mayHelp || Date.now() + pause > giveUpAt) throw failure
      await sleep(pause)
    }
  }
}

/** A connection of a restarted server looks alive until it is used; `begin` does nothing yet, so it may be sent again on another. */
async function begin(acquire: () => Promise<pg.PoolClient>): Promise<pg.PoolClient> {
  const giveUpAt = Date.now() + connectPatienceMs
  for (;;) {
    const client = await acquire()
    try {
      await run(client, 'begin')
      return client
    } catch (error) {
      client.release(true)
      if (!(error instanceof DbError && error.retry === 'later') || Date.now() > giveUpAt) throw error
    }
  }
}

/** On a connection whose transaction has begun. */
async function transactOnce<T>(client: pg.PoolClient, work: (tx: Tx) => Promise<T>, log: Log): Promise<T> {
  const acts: (() => void)[] = []
  let open = true
  const tx: Tx = {
    isTransaction: true,
    query: async (sql, params) => {
      if (!open) throw new Error('the transaction is over: a query was not awaited inside it')
      return run(client, sql, params)
    },
    afterCommit: (act) => void acts.push(act),
  }
  let value: T
  try {
    value = await inTransactionScope(() => work(tx))
    open = false
    await commit(client)
  } catch (error) {
    open = false
    // a connection that is thrown away rolls back by that; asking on a dead line would only wait once more
    const isKept = (isUsable(error) || !(error instanceof DbError)) && (await rollBack(client)) === undefined
    client.release(!isKept)
    throw error
  }
  client.release()
  for (const act of acts) runAfterCommit(act, log)
  return value
}

/** A commit of a transaction in which a statement failed and was swallowed answers ROLLBACK: nothing was stored, so it must not look like success. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await runRaw(client, { text: 'commit' })
  if (command !== 'COMMIT') throw new DbError('the transaction was rolled back: a statement in it had failed', { code: '25P02', retry: 'never' })
}

async function rollBack(client: pg.PoolClient): Promise<unknown> {
  try {
    await run(client, 'rollback')
    return undefined
  } catch (error) {
    return error
  }
}

function runAfterCommit(act: () => void, log: Log): void {
  try {
    act()
  } catch (error) {
    log.error({ err: error }, 'an afterCommit act threw; the transaction stands')
  }
}

const names = new Map<string, string>()
function preparedName(sql: string): string | undefined {
  const known = names.get(sql)
  if (known !== undefined) return known
  if (names.size >= maxPrepared) return undefined
  const name = `a_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
  names.set(sql, name)
  return name
}

async function run<R extends object = Row>(client: pg.PoolClient, sql: string, params?: readonly unknown[]): Promise<QueryResult<R>> {
  const name = params === undefined || params.length === 0 ? undefined : preparedName(sql)
  const config: pg.QueryConfig = { text: sql }
  if (params !== undefined) config.values = params.map((param) => (param instanceof LongTexts ? binaryTextArray(param) : param))
  if (name !== undefined) config.name = name
  const result = await runRaw<R>(client, config)
  return { rows: result.rows, rowCount: result.rowCount ?? 0 }
}

async function runRaw<R extends object = Row>(client: pg.PoolClient, config: pg.QueryConfig): Promise<pg.QueryResult<R & pg.QueryResultRow>> {
  try {
    return await client.query<R & pg.QueryResultRow>(config)
  } catch (error) {
    throw asDbError(error)
  }
}
