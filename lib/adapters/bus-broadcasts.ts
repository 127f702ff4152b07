/** What broadcasts over every bus have in common: their bound, and who hears them in this process. */
import type { Log } from '#ports/log'
import { messageOf } from './bus-consuming.ts'

const maxBroadcastBytes = 7_000

/** Nothing at all travels as null, as in an array. */
export const jsonOf = (payload: unknown) => JSON.stringify(payload) ?? 'null'

/** @throws when it is more than a broadcast may carry. */
export function broadcastJson(topic: string, payload: unknown): string {
  const json = jsonOf(payload)
  const size = Buffer.byteLength(json)
  if (size > maxBroadcastBytes)
    throw new Error(`a broadcast of ${topic} has ${size} bytes, more than ${maxBroadcastBytes}: say less and let hearers fetch the rest`)
  return json
}

type Hear = (payload: unknown) => void

/** Hearers by topic. One that throws disturbs no other. */
export function openHearers(log: Log) {
  const byTopic = new Map<string, Set<{ readonly hear: Hear }>>()
  return {
    /** @returns how to take it away again; that says whether it was the topic's last. */
    add: (topic: string, hear: Hear): (() => boolean) => {
      const entry = { hear }
      const entries = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, entries.add(entry))
      return () => {
        entries.delete(entry)
        if (entries.size > 0 || byTopic.get(topic) !== entries) return false
        return byTopic.delete(topic)
      }
    },
    topics: () => [...byTopic.keys()],
    /** Each hearer gets an object of its own. */
    hear: (topic: string, json: string) => {
      for (const { hear } of byTopic.get(topic) ?? []) {
        try {
          hear(JSON.parse(json))
        } catch (error) {
          log.error({ topic, reason: messageOf(error) }, 'a hearer of a broadcast threw')
        }
      }
    },
  }
}
