import { RedisAway, type RedisConnection } from './redis-connection.ts'

/**
 * What is asked of Redis, or while it is away of a stand-in of this process alone: opened when it is first needed, forgotten when Redis is back.
 * @returns asks; what fails for another reason than Redis being away is thrown.
 */
export function openMeanwhile<Port>(redis: Pick<RedisConnection, 'onReturn'>, open: () => Port) {
  let own: Port | undefined
  redis.onReturn(() => {
    own = undefined
  })
  return async <T>(asked: Promise<T>, instead: (port: Port) => Promise<T>): Promise<T> => {
    try {
      return await asked
    } catch (cause) {
      if (!(cause instanceof RedisAway)) throw cause
      own ??= open()
      return instead(own)
    }
  }
}
