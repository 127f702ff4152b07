import type { Db, Queryable, Tx } from '#ports/db'

export class Killed extends Error {
  override readonly name = 'Killed'
}

/**
 * A database as a process sees it that is killed after so many statements: the next one, and every one after it, throws. What a transaction had written is
 * rolled back, as the server does when the connection goes; what was committed stays.
 */
export function dyingDb(db: Db, statements: number): Db {
  let left = statements
  const dying =
    (on: Queryable): Queryable['query'] =>
    async (sql, params) => {
      left -= 1
      if (left < 0) throw new Killed(`killed before: ${sql.slice(0, 60)}`)
      return on.query(sql, params)
    }
  return {
    ...db,
    query: dying(db),
    transaction: (work) =>
      db.transaction(async (tx) => {
        const own: Tx = { isTransaction: true, afterCommit: (act) => tx.afterCommit(act), query: dying(tx) }
        const done = await work(own)
        left -= 1
        if (left < 0) throw new Killed('killed before the commit')
        return done
      }),
  }
}
