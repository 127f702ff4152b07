import pg from 'pg'
import { DbError } from '#ports/db'

/** SQLSTATE given to failures that never reached the server or lost it ("connection_failure"). */
export const CONNECTION_FAILURE = '08006'

/** Worth the same work again at once: serialization_failure, deadlock_detected, lock_not_available. */
const retryNow = new Set(['40001', '40P01', '55P03'])
/** The server is busy, full, starting or gone: classes connection, resources, operator intervention, system error; and an idle transaction cut off. */
const retryLaterClasses = new Set(['08', '53', '57', '58'])
const IDLE_IN_TRANSACTION_TIMEOUT = '25P03'

export const retryOf = (sqlState: string): DbError['retry'] => {
  if (retryNow.has(sqlState)) return 'now'
  if (retryLaterClasses.has(sqlState.slice(0, 2)) || sqlState === IDLE_IN_TRANSACTION_TIMEOUT) return 'later'
  return 'never'
}

/** Prepared for a table that a migration of another replica has changed since: prepare anew on a fresh connection. */
export const isStalePlan = (error: unknown): boolean => error instanceof DbError && error.code === '0A000' && error.message.includes('cached plan')

/** Everything `pg` throws, as the port's error. What the server said keeps its SQLSTATE; what it could not say is a lost connection. */
export function asDbError(error: unknown): unknown {
  if (error instanceof DbError) return error
  if (error instanceof pg.DatabaseError && error.code !== undefined) {
    return new DbError(error.message, { code: error.code, constraint: error.constraint, retry: retryOf(error.code), cause: error })
  }
  if (error instanceof Error && isConnectionTrouble(error)) {
    return new DbError(`no connection to PostgreSQL: ${error.message}`, { code: CONNECTION_FAILURE, retry: 'later', cause: error })
  }
  return error
}

const systemErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])
const driverMessages = /connection terminated|connection error|timeout exceeded when trying to connect|timeout expired|query read timeout|not queryable/i

/** The driver gives its own failures no code, so they are known by their text. */
function isConnectionTrouble(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined
  return (typeof code === 'string' && systemErrors.has(code)) || driverMessages.test(error.message)
}
