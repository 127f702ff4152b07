import { type Ms, ms } from '#kernel/units'
import type { Cache } from '#ports/cache'
import { type RedisConnection, script } from './redis-connection.ts'
import { openMeanwhile } from './redis-meanwhile.ts'

const prefix = 'arena:cache:'

/**
 * The moments of the hits within the budget, oldest first, by the clock of Redis: replicas' clocks do not matter. A refused hit is not kept, so a list
 * has at most `limit` entries. KEYS: the budget. ARGV: limit, window in ms. Answers the wait in ms.
 */
const hitScript = script(`
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
if limit <= 0 then return window end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = redis.call('LINDEX', KEYS[1], 0)
while oldest and tonumber(oldest) <= now - window do
  redis.call('LPOP', KEYS[1])
  oldest = redis.call('LINDEX', KEYS[1], 0)
end
local blocking = redis.call('LINDEX', KEYS[1], -limit)
if blocking then return math.max(1, tonumber(blocking) + window - now) end
redis.call('RPUSH', KEYS[1], now)
redis.call('PEXPIRE', KEYS[1], window)
return 0`)

/**
 * One cache for all replicas. While Redis is away `meanwhile` opens a cache of this process alone, forgotten when Redis is back: budgets start anew and hold
 * per process (they fail open, by at most the number of replicas, rather than locking everybody out), values are missed. A `delete` in that time does not
 * reach Redis: what it held lives until its time is over.
 */
export function openRedisCache(redis: RedisConnection, { meanwhile }: { readonly meanwhile: () => Cache }): Cache {
  const orElse = openMeanwhile(redis, meanwhile)
  return {
    hit: (key, limit, window) => orElse(spend(redis, key, limit, window), (cache) => cache.hit(key, limit, window)),
    get: (key) =>
      orElse(
        redis.run(async (client) => (await client.get(`${prefix}value:${key}`)) ?? undefined),
        (cache) => cache.get(key),
      ),
    set: (key, value, ttl) =>
      orElse(
        redis.run(async (client) => {
          if (ttl > 0) await client.set(`${prefix}value:${key}`, value, { expiration: { type: 'PX', value: Math.ceil(ttl) } })
          else await client.del(`${prefix}value:${key}`)
        }),
        (cache) => cache.set(key, value, ttl),
      ),
    delete: (key) =>
      orElse(
        redis.run(async (client) => void (await client.del(`${prefix}value:${key}`))),
        (cache) => cache.delete(key),
      ),
  }
}

async function spend(redis: RedisConnection, key: string, limit: number, window: Ms): Promise<Ms> {
  return ms(Number(await redis.runScript(hitScript, { keys: [`${prefix}budget:${key}`], args: [String(limit), String(Math.ceil(window))] })))
}
