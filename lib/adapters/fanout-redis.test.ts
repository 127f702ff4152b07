import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { seconds } from '#kernel/units'
import { fanoutSuite } from '#ports/suites/fanout.suite'
import { eventually } from '#testkit/eventually'
import { startRedis, type TestRedis, withoutRedis } from '#testkit/redis'
import { openRedisFanout } from './fanout-redis.ts'
import { openRedis, type RedisConnection } from './redis-connection.ts'

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
    return openRedisFanout(redis)
  }

  fanoutSuite('Redis', async () => ({ here: await connect(), there: await connect() }))

  it('what is no JSON is dropped, and the next broadcast is heard', async () => {
    const heard: unknown[] = []
    const there = await connect()
    await there.listen('strange', { hear: (payload) => heard.push(payload) })
    await server.command('PUBLISH', 'arena:fanout:strange', '{"half')
    await there.broadcast('strange', null)
    await eventually(() => assert.deepEqual(heard, [null]))
  })

  it('a Redis that was gone: broadcasts meanwhile fail, listeners are told that they may have missed some, and hear again', async () => {
    const { here, there } = { here: await connect(), there: await connect() }
    const heard: unknown[] = []
    let missed = 0
    await there.listen('news', { hear: (payload) => heard.push(payload), missed: () => missed++ })
    await server.kill()
    await assert.rejects(here.broadcast('news', 'lost'))
    // listening begins while it is away, too
    await there.listen('later', { hear: (payload) => heard.push(payload) })
    assert.equal(missed, 0)
    await server.start()
    await eventually(async () => {
      await here.broadcast('later', 'to who came late')
      await here.broadcast('news', 'again')
      assert.ok(heard.includes('again') && heard.includes('to who came late'))
    }, 20_000)
    assert.ok(!heard.includes('lost'))
    assert.ok(missed > 0)
  })
})
