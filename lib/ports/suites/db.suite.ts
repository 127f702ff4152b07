import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Db, DbError, type DbServer, LongTexts, type Migration } from '#ports/db'
import { isInTransaction } from '#ports/transaction-scope'
import { eventually } from '#testkit/eventually'

export type DbSubject = {
  /** A server's port on one empty database; every call opens another one on the same database. */
  open(): Promise<DbServer>
  /** Cuts every connection of that service from the server's side, as a crash of the server would. */
  cutConnections(service: string): Promise<void>
}

const counters: Migration = { name: '0001_counters', sql: 'create table counters (name text primary key, n bigint not null)' }

/** What every `Db` keeps. `start` is called once. */
export const dbSuite = (name: string, start: () => Promise<DbSubject>) =>
  describe(`${name} keeps the Db promise`, () => {
    let subject: DbSubject
    let server: DbServer
    let db: Db
    before(async () => {
      subject = await start()
      server = await subject.open()
      db = await server.openFor('keeper', [counters])
    })
    after(() => server.close())
    const counterOf = async (counter: string) => (await db.query<{ n: string }>('select n from counters where name = $1', [counter])).rows[0]?.n

    it('bigint comes as text, timestamptz as Date, date as text, json parsed', async () => {
      const { rows } = await db.query(
        `select 9007199254740993::bigint as big, '2026-03-01T08:00:00Z'::timestamptz as at, '2026-03-01'::date as day, '{"a":[1]}'::jsonb as doc`,
      )
      assert.deepEqual(rows, [{ big: '9007199254740993', at: new Date('2026-03-01T08:00:00Z'), day: '2026-03-01', doc: { a: [1] } }])
    })

    it('long texts arrive as they were given, whatever they hold, nulls among them', async () => {
      const texts = ['', null, 'NULL', '{"a,b"}', 'back\\slash "and" quote\n', 'é 漢 😀', 'x'.repeat(100_000)]
      const { rows } = await db.query<{ t: string | null }>('select t from unnest($1::text[]) with ordinality as u (t, n) order by n', [new LongTexts(texts)])
      assert.deepEqual(
        rows.map((row) => row.t),
        texts,
      )
      assert.equal((await db.query('select unnest($1::text[])', [new LongTexts([])])).rowCount, 0)
    })

    it('a transaction that rejects leaves nothing behind and runs no afterCommit', async () => {
      let acted = false
      const failing = db.transaction(async (tx) => {
        tx.afterCommit(() => {
          acted = true
        })
        await tx.query('insert into counters values ($1, 1)', ['rolled-back'])
        throw new Error('changed my mind')
      })
      await assert.rejects(failing, /changed my mind/)
      assert.equal(await counterOf('rolled-back'), undefined)
      assert.equal(acted, false)
    })

    it('afterCommit acts run in order, once the commit can be seen, outside the transaction', async () => {
      const seen: string[] = []
      await db.transaction(async (tx) => {
        await tx.query('insert into counters values ($1, 1)', ['committed'])
        tx.afterCommit(() => seen.push(`first, in transaction: ${isInTransaction()}`))
        tx.afterCommit(() => seen.push('second'))
        assert.deepEqual(seen, [])
      })
      assert.deepEqual(seen, ['first, in transaction: false', 'second'])
      assert.equal(await counterOf('committed'), '1')
    })

    it('a failed statement that was swallowed does not pass for a commit', async () => {
      const swallowing = db.transaction(async (tx) => {
        await tx.query('insert into counters values ($1, 1)', ['swallowed'])
        await tx.query('select 1/0').catch(() => undefined)
      })
      await assert.rejects(swallowing, DbError)
      assert.equal(await counterOf('swallowed'), undefined)
    })

    it('errors name the SQLSTATE, the constraint and whether to retry', async () => {
      await db.query('insert into counters values ($1, 1)', ['twice'])
      const again = db.query('insert into counters values ($1, 1)', ['twice'])
      await assert.rejects(
        again,
        (error: unknown) => error instanceof DbError && error.code === '23505' && error.constraint === 'counters_pkey' && error.retry === 'never',
      )
    })

    it('the pool refuses to be used inside a transaction, and only there', async () => {
      await assert.rejects(
        db.transaction(() => db.query('select 1')),
        /inside a transaction/,
      )
      await assert.rejects(
        db.transaction(() => db.transaction(async () => 1)),
        /inside a transaction/,
      )
      assert.equal((await db.query('select 1')).rowCount, 1)
    })

    it('a query after the end of its transaction is refused', async () => {
      const escaped = await db.transaction(async (tx) => ({ tx }))
      await assert.rejects(escaped.tx.query('select 1'), /transaction is over/)
    })

    it('a transaction that lost a serialization race is run again until it wins', async () => {
      await db.query('insert into counters values ($1, 0)', ['raced'])
      const bothHaveRead = Promise.withResolvers<void>()
      let runs = 0
      const increment = () =>
        db.transaction(async (tx) => {
          await tx.query('set transaction isolation level repeatable read')
          const { rows } = await tx.query<{ n: string }>('select n from counters where name = $1', ['raced'])
          runs += 1
          if (runs === 2) bothHaveRead.resolve()
          await bothHaveRead.promise
          await tx.query('update counters set n = $2 where name = $1', ['raced', Number(rows[0]?.n) + 1])
        })
      await Promise.all([increment(), increment()])
      assert.equal(await counterOf('raced'), '2')
      assert.equal(runs, 3)
    })

    it('more transactions at once than connections all come to their end', async () => {
      await db.query('insert into counters values ($1, 0)', ['crowded'])
      await Promise.all(Array.from({ length: 50 }, () => db.transaction((tx) => tx.query('update counters set n = n + 1 where name = $1', ['crowded']))))
      assert.equal(await counterOf('crowded'), '50')
    })

    it('says how many connections are at work and what waits for one', async () => {
      const gate = Promise.withResolvers<void>()
      const held = Array.from({ length: 6 }, () => db.transaction(() => gate.promise))
      await eventually(() => assert.deepEqual(db.usage(), { connections: 4, busy: 4, waiting: 2 }))
      gate.resolve()
      await Promise.all(held)
      const { busy, waiting } = db.usage()
      assert.deepEqual({ busy, waiting }, { busy: 0, waiting: 0 })
    })

    it("a service can neither read nor write nor enter another one's schema", async () => {
      const other = await server.openFor('stranger', [])
      for (const sql of [
        'select * from keeper.counters',
        'insert into keeper.counters values (1, 1)',
        'create table keeper.mine (n int)',
        'set role arena_keeper',
      ]) {
        await assert.rejects(other.query(sql), (error: unknown) => error instanceof DbError && error.code === '42501', sql)
      }
      await assert.rejects(other.query('select n from counters'), (error: unknown) => error instanceof DbError && error.code === '42P01')
    })

    it('servers that start at once apply each migration exactly once', async () => {
      const steps = [
        { name: '0002_b', sql: 'alter table steps add column b int' },
        { name: '0001_a', sql: 'create table steps (a int); insert into steps values (1)' },
      ]
      const servers = await Promise.all([subject.open(), subject.open(), subject.open()])
      const dbs = await Promise.all(servers.map((each) => each.openFor('together', steps)))
      assert.deepEqual((await dbs[0]?.query('select a, b from steps'))?.rows, [{ a: 1, b: null }])
      await Promise.all(servers.map((each) => each.close()))
    })

    it('a migration whose text changed after it was applied stops the start', async () => {
      const second = await subject.open()
      await assert.rejects(second.openFor('keeper', [{ ...counters, sql: `${counters.sql} ` }]), /0001_counters was changed/)
      await second.close()
    })

    it('a migration that fails leaves nothing half done and can be mended', async () => {
      const second = await subject.open()
      const broken = { name: '0001_broken', sql: 'create table half (n int); select nonsense' }
      await assert.rejects(second.openFor('mender', [broken]), /mender\/0001_broken failed/)
      const mended = await second.openFor('mender', [{ name: '0001_broken', sql: 'create table half (n int)' }])
      assert.equal((await mended.query('select * from half')).rowCount, 0)
      await second.close()
    })

    it('after all its connections were cut the pool works again by itself', async () => {
      await Promise.all([1, 2, 3].map(() => db.query('select pg_sleep(0.01)')))
      await subject.cutConnections('keeper')
      await eventually(async () => assert.equal((await db.transaction((tx) => tx.query('select 1'))).rowCount, 1))
    })

    it('a connection lost in the middle of a transaction is an error that says later, and nothing is stored', async () => {
      const cut = db.transaction(async (tx) => {
        await tx.query('insert into counters values ($1, 1)', ['cut'])
        await subject.cutConnections('keeper')
        await tx.query('select 1')
      })
      await assert.rejects(cut, (error: unknown) => error instanceof DbError && error.retry === 'later')
      await eventually(async () => assert.equal(await counterOf('cut'), undefined))
    })
  })
