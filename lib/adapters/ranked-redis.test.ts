import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { seconds } from '#kernel/units'
import type { RankedRow } from '#ports/ranked-view'
import { rankedViewSuite } from '#ports/suites/ranked-view.suite'
import { eventually } from '#testkit/eventually'
import { startRedis, type TestRedis, withoutRedis } from '#testkit/redis'
import { openMemoryRankedView } from './ranked-memory.ts'
import { openRedisRankedView } from './ranked-redis.ts'
import { openRedis, type RedisConnection } from './redis-connection.ts'

const row = (n: number, version = 1): RankedRow => ({
  id: `r${String(n).padStart(4, '0')}`,
  rank: String(n % 7),
  tie: '',
  body: `row ${n} of ${version}`,
  version,
})
const rows = (count: number, version = 1) => Array.from({ length: count }, (_, n) => row(n, version))
const step = (version: number, given: readonly RankedRow[], from = -1) => ({ epoch: 0, from, version, head: `head ${version}`, rows: given })

describe('Redis', { skip: withoutRedis }, () => {
  let server: TestRedis
  const open: RedisConnection[] = []
  before(async () => {
    server = await startRedis()
  })
  after(async () => {
    for (const redis of open) await redis.close()
    await server.stop()
  })
  const connect = async () => {
    const redis = await openRedis(server.url, { patience: seconds(20) })
    open.push(redis)
    return openRedisRankedView(redis, { meanwhile: openMemoryRankedView })
  }
  let shared: ReturnType<typeof connect> | undefined
  const connectOnce = () => {
    shared ??= connect()
    return shared
  }

  rankedViewSuite('Redis', connectOnce, { runs: 40 })

  it('two processes that write at once leave the newest of each row', async () => {
    const [one, other] = [await connect(), await connect()]
    await one.advance('both', step(0, []))
    // each writer has its own half of the versions, and all of them overlap
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => {
        const version = ((n * 37) % 60) + 1
        const changed = Array.from({ length: version }, (_, at) => ({ ...row(at % 10, at + 1), body: `of ${at + 1}` }))
        const newest = [...new Map(changed.map((each) => [each.id, each])).values()]
        return (n % 2 ? one : other).advance('both', step(version, newest, 0))
      }),
    )
    const read = await one.read('both', { top: 20 })
    assert.deepEqual([read?.version, read?.head], [60, 'head 60'])
    assert.deepEqual(read?.rows.map(({ body }) => body).sort(), Array.from({ length: 10 }, (_, n) => `of ${51 + n}`).sort())
  })

  it('FLUSHALL in the middle: a build is told to begin again, a step that it has a gap, and the board heals', async () => {
    const view = await connect()
    await view.advance('flushed', step(1, rows(10)))
    const build = await view.rebuild('flushed', 0)
    await build.add(rows(100, 2))
    await server.command('FLUSHALL')
    await build.add([row(200, 2)])
    assert.equal(await build.finish({ version: 2, head: 'head 2' }), false)
    assert.equal(await view.stand('flushed'), undefined)
    assert.equal(await view.advance('flushed', step(3, [row(1, 3)], 2)), false)
    assert.equal(await view.advance('flushed', step(3, rows(10, 3))), true)
    assert.equal((await view.read('flushed', { top: 0 }))?.total, 10)
  })

  it('a board of which Redis has evicted a part is not there', async () => {
    const view = await connect()
    for (const part of ['head', 'order', 'rows']) {
      await view.advance('evicted', step(1, rows(3)))
      await server.command('DEL', `arena:board:{evicted}:${part}`)
      assert.deepEqual([await view.stand('evicted'), await view.read('evicted', { top: 9 })], [undefined, undefined], part)
    }
    assert.equal(await view.advance('evicted', step(1, rows(3))), true, 'and is built again')
    assert.equal((await view.read('evicted', { top: 9 }))?.rows.length, 3)
  })

  it('what a builder leaves that died in the middle goes by itself', async () => {
    const view = await connect()
    await (await view.rebuild('abandoned', 0)).add(rows(3))
    const left = (await server.command('KEYS', 'arena:board:{abandoned}:*')) as string[]
    assert.equal(left.length, 2)
    for (const key of left) {
      const ttl = Number(await server.command('PTTL', key))
      assert.ok(ttl > 0 && ttl <= 600_000, `${key} has ${ttl} ms`)
    }
  })

  it('without Redis a board of this process takes its place, empty at first; when it is back, so is what it held or nothing', async () => {
    const view = await connect()
    await view.advance('away', step(5, rows(3)))
    const build = await view.rebuild('away', 0)
    await server.kill()
    await eventually(async () => assert.equal(await view.stand('away'), undefined))
    await build.add(rows(3))
    assert.equal(await build.finish({ version: 6, head: 'head 6' }), false)
    assert.equal(await view.advance('away', step(6, [row(1, 6)], 5)), false, 'a step on what Redis held')
    assert.equal(await view.advance('away', step(6, rows(4))), true)
    assert.equal((await view.read('away', { top: 9 }))?.total, 4)
    await server.start()
    await eventually(async () => assert.equal(await view.stand('away'), undefined), 20_000)
    await view.advance('away', step(7, rows(5)))
    assert.equal(Number(await server.command('ZCARD', 'arena:board:{away}:order')), 5)
  })
})
