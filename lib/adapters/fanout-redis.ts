import { type Fanout, type FanoutListener, maxBroadcastBytes } from '#ports/fanout'
import { type Log, silentLog } from '#ports/log'
import type { RedisConnection } from './redis-connection.ts'

const channelOf = (topic: string) => `arena:fanout:${topic}`

/** Redis's own publish and subscribe: a message costs each listening process one copy, and Redis keeps none. */
export function openRedisFanout(redis: RedisConnection, { log = silentLog }: { readonly log?: Log } = {}): Fanout {
  const byTopic = new Map<string, Set<FanoutListener>>()
  redis.onReturn((isNewLine) => {
    if (!isNewLine) return
    for (const listeners of byTopic.values()) for (const { missed } of listeners) missed?.()
  })
  const hearAll = (topic: string, text: string) => {
    const payload = parsed(text)
    if (payload === undefined) return log.warn({ topic }, 'a broadcast is no JSON')
    for (const { hear } of byTopic.get(topic) ?? []) hear(payload.value)
  }
  return {
    async broadcast(topic, payload) {
      const text = JSON.stringify(payload)
      if (Buffer.byteLength(text) > maxBroadcastBytes) throw new Error(`a broadcast is at most ${maxBroadcastBytes} bytes of JSON: ${topic}`)
      await redis.publish(channelOf(topic), text)
    },
    async listen(topic, given) {
      const listener = { ...given } // the same one twice is two
      byTopic.set(topic, (byTopic.get(topic) ?? new Set()).add(listener))
      await redis.subscribe(channelOf(topic), (text) => hearAll(topic, text))
      return {
        async stop() {
          const listeners = byTopic.get(topic)
          if (listeners?.delete(listener) !== true || listeners.size > 0) return
          byTopic.delete(topic)
          await redis.unsubscribe(channelOf(topic))
        },
      }
    },
  }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
