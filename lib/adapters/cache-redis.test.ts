import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { minutes, ms, seconds } from '#kernel/units'
import { cacheSuite } from '#ports/suites/cache.suite'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { openFaultProxy } from '#testkit/fault-proxy'
import { startRedis, type TestRedis, withoutRedis } from '#testkit/redis'
import { openMemoryCache } from './cache-memory.ts'
import { openRedisCache } from './cache-redis.ts'
import { openRedis, type RedisConnection } from './redis-connection.ts'

/** Everything in Redis grows older by ARGV[1] ms: times to live are shorter, the moments in budgets earlier. */
const ageAll = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key) - ARGV[1]
  if redis.call('TYPE', key).ok == 'list' then
    for at = 0, redis.call('LLEN', key) - 1 do redis.call('LSET', key, at, redis.call('LINDEX', key, at) - ARGV[1]) end
  end
  if left > 0 then redis.call('PEXPIRE', key, left) else redis.call('DEL', key) end
end`

/** The connections a server has, but for the one that asks. */
const linesOf = async (server: TestRedis) =>
  String(await server.command('CLIENT', 'LIST'))
    .split('\n')
    .filter((line) => !line.includes('cmd=client'))
    .flatMap((line) => line.match(/^id=\d+/) ?? [])

describe('Redis', { skip: withoutRedis }, () => {
  let server: TestRedis
  const open: RedisConnection[] = []
  before(async () => {
    server = await startRedis({ password: 'of/the tests@alone'.replaceAll(' ', '_') })
  })
  after(async () => {
    for (const redis of open) await redis.close()
    await server.stop()
  })
  /** `patience` of a slow machine, unless the test is about it. */
  const connect = async (url = server.url, patience = seconds(20)) => {
    const redis = await openRedis(url, { patience })
    open.push(redis)
    return redis
  }
  const cacheOn = (redis: RedisConnection) => openRedisCache(redis, { meanwhile: () => openMemoryCache({ clock: fakeClock() }) })

  cacheSuite('Redis', async () => {
    await server.command('FLUSHALL')
    return { cache: cacheOn(await connect()), advance: async (by) => void (await server.command('EVAL', ageAll, '0', String(by))) }
  })

  it('a budget is one for all processes', async () => {
    const [one, other] = [cacheOn(await connect()), cacheOn(await connect())]
    const waits = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).hit('shared', 7, minutes(10))))
    assert.equal(waits.filter((wait) => wait === 0).length, 7)
  })

  it('a password that is wrong is as good as no Redis: the process goes on alone', async () => {
    const cache = cacheOn(await connect(`redis://:wrong@${server.host}:${server.port}`))
    assert.deepEqual([await cache.hit('door', 1, minutes(1)), (await cache.hit('door', 1, minutes(1))) > 0], [0, true])
  })

  it('without Redis budgets hold per process and values are missed; when it is back, its own count again', async () => {
    const cache = cacheOn(await connect())
    await cache.set('greeting', 'muraho', minutes(10))
    assert.equal(await cache.hit('login', 1, minutes(10)), 0)
    await server.kill()
    await eventually(async () => assert.equal(await cache.get('greeting'), undefined))
    assert.equal(await cache.hit('login', 1, minutes(10)), 0, 'it fails open …')
    assert.ok((await cache.hit('login', 1, minutes(10))) > 0, '… to a budget, not to none')
    await cache.set('own', 'mine', minutes(10))
    await server.start()
    await eventually(async () => {
      assert.equal(await cache.get('own'), undefined)
      await cache.set('back', 'again', minutes(10))
      assert.equal(await server.command('GET', 'arena:cache:value:back'), 'again')
    }, 20_000)
  })

  it('a frozen Redis is waited for once, and heard again when it thaws', async () => {
    const redis = await connect(server.url, ms(500))
    const cache = cacheOn(redis)
    await eventually(async () => {
      await cache.set('greeting', 'muraho', minutes(10))
      assert.equal(await server.command('GET', 'arena:cache:value:greeting'), 'muraho')
    })
    let returns = 0
    redis.onReturn(() => returns++)
    server.pause()
    try {
      assert.equal(await cache.get('greeting'), undefined)
      // once it is known to be away nothing is asked: a thousand calls take no thousand patiences
      await Promise.all(Array.from({ length: 1_000 }, () => cache.get('greeting')))
    } finally {
      server.resume()
    }
    await eventually(async () => assert.equal(await cache.get('greeting'), 'muraho'), 20_000)
    assert.ok(returns > 0)
  })

  it('a reset line is made again, and one that says nothing is thrown away for a new one', async () => {
    const proxy = await openFaultProxy(server)
    const cache = cacheOn(await connect(server.url.replace(String(server.port), String(proxy.port)), ms(500)))
    try {
      await eventually(async () => {
        await cache.set('line', 'good', minutes(10))
        assert.equal(await server.command('GET', 'arena:cache:value:line'), 'good')
      })
      proxy.resetAll()
      await eventually(async () => assert.equal(await cache.get('line'), 'good'), 20_000)
      const before = new Set(await linesOf(server))
      proxy.mode({ kind: 'stall' })
      assert.equal(await cache.get('line'), undefined)
      await eventually(async () => assert.ok((await linesOf(server)).some((line) => !before.has(line))), 20_000)
      proxy.mode({ kind: 'forward' })
      await eventually(async () => assert.equal(await cache.get('line'), 'good'), 20_000)
    } finally {
      await proxy.close()
    }
  })
})
