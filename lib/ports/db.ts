import type { Ms } from '#kernel/units'

export type Row = Record<string, unknown>
export type QueryResult<R> = { readonly rows: R[]; readonly rowCount: number }

/** For a `text[]` parameter whose texts are long (programs, payloads): it travels as it is, instead of being escaped and read letter by letter. */
export class LongTexts {
  readonly values: readonly (string | null)[]
  constructor(values: readonly (string | null)[]) {
    this.values = values
  }
}

/** What runs SQL: the pool (one statement, own transaction) or a transaction. Parameters are `$1`, `$2` …; bigint and numeric columns arrive
 * as strings, timestamptz as Date, date as text ('2026-03-01'), json and jsonb parsed; a value for a jsonb parameter is given as JSON text. */
export interface Queryable {
  query<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<QueryResult<R>>
}

/** A transaction. Holding one, never use the pool or a peer: the kit throws on both, since a small pool would starve and hang. */
export interface Tx extends Queryable {
  readonly isTransaction: true
  /** Runs after the commit, in order, never after a rollback. Must not throw. */
  afterCommit(act: () => void): void
}

/** One service's own schema, seen through its own role; nothing else in the database is readable. */
export interface Db extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. Serialisation failures and deadlocks are retried up to 5 times, so `work` may run again. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** The pool at this moment: its connections, those at work, and what waits for one. */
  usage(): DbUsage
  close(): Promise<void>
}

/** The server, from the operator's side: makes schemas and roles, hands out one `Db` a service. */
export interface DbServer {
  /**
   * Creates the service's schema and role where absent and applies the migrations that are new, in name order, each in one transaction,
   * under an advisory lock (many replicas may call it at once).
   * @throws when an applied migration's text has changed.
   */
  openFor(service: string, migrations: readonly Migration[], options?: { maxConnections?: number }): Promise<Db>
  close(): Promise<void>
}

export type Migration = { readonly name: string; readonly sql: string }

/** Postgres error thrown by `query`: `code` is the SQLSTATE ('23505' unique violation), `retry` says whether the caller may try again. */
export class DbError extends Error {
  readonly code: string
  readonly constraint: string | undefined
  readonly retry: 'now' | 'later' | 'never'
  constructor(message: string, options: { code: string; constraint?: string | undefined; retry: 'now' | 'later' | 'never'; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'DbError'
    this.code = options.code
    this.constraint = options.constraint
    this.retry = options.retry
  }
}

export type DbUsage = { readonly connections: number; readonly busy: number; readonly waiting: number }

export type DbPoolOptions = { readonly maxConnections: number; readonly statementTimeout: Ms }

export { isInTransaction } from './transaction-scope.ts'
