/**
 * Whose word a message is. The broker holds each of its users to the topics that it may tell on `arena.events` (topic permissions), but whoever may put
 * copies back into one queue may put anything into any: the default exchange knows no permissions of queues, and a delay queue passes on to whatever
 * queue is named. So what came by `arena.events`, as the topic that it says it is, is believed of everybody; a copy (a retry, handed back, revived) only of
 * one's own user and of those whom the address names. The broker vouches for the user (`user-id`).
 * @see https://www.rabbitmq.com/docs/validated-user-id
 */
import { eventsExchange } from './topology.ts'
import type { Incoming } from './wire.ts'

export type Trust = {
  /** One's own user, said with every message. */
  readonly user: string
  /** Why this message of this topic is not to be handled; undefined when it is. */
  objection(message: Incoming, topic: string): string | undefined
}

const believeParameter = 'believe'
/** The protocol's own, where an address names nobody. */
const nobodyNamed = 'guest'

/** @param address as `openRabbitBus` takes it. @returns it without what is ours alone (`?believe=USER`, as often as needed). */
export function readAddress(address: string): { readonly url: string; readonly trust: Trust } {
  const url = URL.parse(address)
  if (url === null) return { url: address, trust: trustIn(nobodyNamed, []) } // the client says what is wrong with it
  const trust = trustIn(decodeURIComponent(url.username) || nobodyNamed, url.searchParams.getAll(believeParameter))
  url.searchParams.delete(believeParameter)
  return { url: url.href, trust }
}

function trustIn(user: string, others: readonly string[]): Trust {
  const believed = new Set([user, ...others])
  return {
    user,
    objection({ exchange, routingKey, userId }, topic) {
      if (exchange === eventsExchange && routingKey === topic) return undefined
      if (userId !== undefined && believed.has(userId)) return undefined
      return `it was put into the queue by ${userId === undefined ? 'somebody who does not say so' : `the user ${userId}`}, who may not`
    },
  }
}
