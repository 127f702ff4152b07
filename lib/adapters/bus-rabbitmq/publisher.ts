import type { Channel, Connection, ReturnedMessage } from 'rabbitmq-client'
import type { Log } from '#ports/log'
import { keepChannel, within } from './channels.ts'
import { declareEvents } from './topology.ts'
import type { Wire } from './wire.ts'

export type Outgoing = Wire & {
  readonly exchange: string
  readonly routingKey: string
  /** Kept back for so long, ms, where the queue passes on what is old. */
  readonly expiration?: string
}

export type Publisher = {
  /**
   * Resolves when the broker has each of them on its disk (and on those of most replicas).
   * @returns the ids of those that no queue took.
   * @throws when the broker refused one (a full queue), or did not answer in ten seconds, or is away: then some may be stored all the same.
   */
  send(messages: readonly Outgoing[]): Promise<ReadonlySet<string>>
  /** One, to a queue that must be there. @throws as `send`, and when no queue took it. */
  place(message: Outgoing): Promise<void>
  close(): Promise<void>
}

const confirmedWithinMs = 10_000

/** @param user in whose name the connection publishes. */
export function openPublisher({ connection, user, log }: { readonly connection: Connection; readonly user: string; readonly log: Log }): Publisher {
  const setUp = async (channel: Channel) => {
    await declareEvents(channel)
    await channel.confirmSelect()
  }
  const kept = keepChannel({ connection, log, name: 'publishing', setUp })
  const publisher: Publisher = {
    send: async (messages) => {
      const channel = await kept.ready()
      const returned = new Set<string>()
      const takeBack = ({ messageId = '' }: ReturnedMessage) => void returned.add(messageId)
      channel.on('basic.return', takeBack)
      try {
        const sent = messages.map(({ exchange, routingKey, expiration, properties, body }) =>
          channel.basicPublish(
            { ...properties, userId: user, exchange, routingKey, mandatory: true, ...(expiration === undefined ? {} : { expiration }) },
            body,
          ),
        )
        // all of them settle before any failure is told: none is left unheard
        const outcomes = await within(confirmedWithinMs, Promise.allSettled(sent), 'the broker did not confirm').catch((cause: unknown) => {
          kept.renew() // and with it whatever is stuck
          throw cause
        })
        const failed = outcomes.find((outcome) => outcome.status === 'rejected')
        if (failed) throw failed.reason
        // the client tells of a returned message a turn after it got it, and of the confirmation, which comes later, at once
        await new Promise((resolve) => setImmediate(resolve))
        return returned
      } finally {
        channel.off('basic.return', takeBack)
      }
    },
    place: async (message) => {
      const returned = await publisher.send([message])
      if (returned.has(message.properties.messageId))
        throw new Error(`no queue took what was meant for ${message.routingKey} (${message.exchange || 'directly'})`)
    },
    close: kept.close,
  }
  return publisher
}
