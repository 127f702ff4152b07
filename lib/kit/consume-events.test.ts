import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import Type from 'typebox'
import { event } from '#contracts/route'
import { type Envelope, Poison } from '#ports/bus'
import { type Db, DbError, type Tx } from '#ports/db'
import { systemIds } from '#testkit/real'
import { openServiceDb } from '#testkit/service-harness'
import { handlerOf } from './consume-events.ts'
import { inGroups, type Keep, on } from './define-service.ts'
import { outboxMigration } from './outbox.ts'
import { inScope, scope } from './scope.ts'

const counted = event('test.counted', 1, Type.Object({ key: Type.String(), n: Type.Integer() }))
const told = event('test.told', 1, Type.Object({ n: Type.Integer() }))
type Counted = { key: string; n: number }

describe('events of a service', () => {
  let db: Db
  let close: () => Promise<void>
  before(async () => {
    const numbers = { name: '0001', sql: 'create table numbers (key text not null, n int not null check (n < 1000), group_size int not null)' }
    const opened = await openServiceDb('groups', [outboxMigration, numbers])
    db = opened.db
    close = opened.close
  })
  after(() => close())
  beforeEach(async () => void (await db.query('truncate numbers')))

  const insert: Keep<number> = async (tx, key, entries) => {
    await tx.query('insert into numbers select $1, n, cardinality($2::int[]) from unnest($2::int[]) n', [key, entries])
  }
  const envelope = (key: string, n: number, id = systemIds.next()): Envelope => ({
    id,
    topic: counted.topic,
    occurredAt: '2026-03-01T09:00:00Z',
    payload: { key, n },
  })
  const handler = (keep: Keep<number> = insert, over: Db = db) =>
    handlerOf('test.events', [inGroups<number>(keep)(counted, ({ key, n }: Counted) => (n === 0 ? undefined : { key, entry: n }))], over)
  const kept = async () => (await db.query<{ key: string; n: number; group_size: number }>('select * from numbers order by key, n')).rows
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

  it('keeps those of one key that come together in one transaction, and apart from those of another key', async () => {
    const handle = handler()
    await Promise.all([...upTo(5).map((n) => handle(envelope('a', n))), handle(envelope('b', 1))])
    assert.deepEqual(
      (await kept()).map(({ key, n, group_size }) => [key, n, group_size]),
      [...upTo(5).map((n) => ['a', n, 5]), ['b', 1, 1]],
    )
  })

  it('keeps those that come while a transaction is under way in the next one, and acknowledges none before its own commit', async () => {
    const under = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const handle = handler(async (tx, key, entries) => {
      entered.resolve()
      await under.promise
      await insert(tx, key, entries)
    })
    const settled: number[] = []
    const first = handle(envelope('a', 1)).then(() => settled.push(1))
    await entered.promise
    const rest = [2, 3, 4].map((n) => handle(envelope('a', n)).then(() => settled.push(n)))
    assert.deepEqual([settled, await kept()], [[], []])
    under.resolve()
    await Promise.all([first, ...rest])
    assert.deepEqual(
      (await kept()).map(({ group_size }) => group_size),
      [1, 3, 3, 3],
    )
  })

  it('has one effect of an event that is delivered twice, at once or later', async () => {
    const handle = handler()
    const id = systemIds.next()
    await Promise.all([handle(envelope('a', 1, id)), handle(envelope('a', 1, id)), handle(envelope('a', 2))])
    await handle(envelope('a', 1, id))
    assert.deepEqual(
      (await kept()).map(({ n }) => n),
      [1, 2],
    )
  })

  it('keeps all but the events that cannot be kept, wherever in their group they stand', async () => {
    const handle = handler()
    const bad = new Set([3, 20, 21])
    const outcomes = await Promise.allSettled(upTo(40).map((n) => handle(envelope('a', bad.has(n) ? n + 1000 : n))))
    assert.deepEqual(
      outcomes.flatMap(({ status }, at) => (status === 'rejected' ? [at + 1] : [])),
      [...bad],
    )
    assert.deepEqual(
      (await kept()).map(({ n }) => n),
      upTo(40).filter((n) => !bad.has(n)),
    )
    await handle(envelope('a', 50)) // and the key is not blocked
  })

  it('fails a group at once when the database is away, rather than each of its events', async () => {
    let tries = 0
    const gone = async () => {
      tries++
      throw new DbError('no connection to PostgreSQL', { code: '08006', retry: 'later' })
    }
    const handle = handler(insert, { ...db, transaction: gone })
    const outcomes = await Promise.allSettled(upTo(9).map((n) => handle(envelope('a', n))))
    assert.deepEqual([outcomes.filter(({ status }) => status === 'rejected').length, tries], [9, 1])
  })

  it('takes at most 64 in one transaction, and begins at most eight', async () => {
    let under = 0
    let most = 0
    const sizes: number[] = []
    const counting: Db = {
      ...db,
      async transaction<T>(work: (tx: Tx) => Promise<T>) {
        most = Math.max(most, ++under)
        try {
          return await db.transaction(work)
        } finally {
          under--
        }
      },
    }
    const handle = handler(async (tx, key, entries) => {
      sizes.push(entries.length)
      await insert(tx, key, entries)
    }, counting)
    await Promise.all([...upTo(130).map((n) => handle(envelope('a', n))), ...upTo(20).map((n) => handle(envelope(`key ${n}`, n)))])
    assert.deepEqual(sizes.toSorted((a, b) => b - a).slice(0, 3), [64, 64, 2])
    assert.ok(most <= 8, `${most} at once`)
    assert.equal((await kept()).length, 150)
  })

  it('refuses what no retry can help, and has nothing to do with what means nothing here', async () => {
    const refused: Db = { ...db, transaction: () => Promise.reject(new Error('no transaction is needed for this')) }
    const handle = handler(insert, refused)
    await assert.rejects(handle({ ...envelope('a', 1), topic: 'test.unheard-of.v1' }), Poison)
    await assert.rejects(handle({ ...envelope('a', 1), payload: { key: 1 } }), Poison)
    await handle(envelope('a', 0))
  })

  it('handles an event that is kept by itself as a part of what it came with', async () => {
    const heard: (string | undefined)[] = []
    const handle = handlerOf('test.events', [on(told, async () => void heard.push(scope().requestId))], db)
    const tell = (n: number) => handle({ id: systemIds.next(), topic: told.topic, occurredAt: '2026-03-01T09:00:00Z', payload: { n } })
    await Promise.all(['one', 'other'].map((requestId, n) => inScope({ requestId }, () => tell(n))))
    assert.deepEqual(heard.toSorted(), ['one', 'other'])
  })
})
