/**
 * What is told to whoever listens at this moment, and lost when nobody does: broadcasts, "there is work", and questions to every process. Each process
 * has one queue of its own, which ends with its connection.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AsyncMessage, Channel, Connection } from 'rabbitmq-client'
import type { Log } from '#ports/log'
import { openHearers } from '../bus-broadcasts.ts'
import { messageOf } from '../bus-consuming.ts'
import { keepChannel, within } from './channels.ts'
import { declareSignals, presenceQueue, signalsExchange, toQueue } from './topology.ts'

export type Signals = {
  /** From when it resolves on, and again after each lost connection, until `stop`. While the broker is away: as soon as it is back. */
  hear(key: string, hear: (payload: unknown) => void): Promise<{ stop(): Promise<void> }>
  /** @throws when the broker is away. */
  tell(key: string, json: string): Promise<void>
  /**
   * Puts a question to every process, this one included. Waits for as many answers as there are processes, a second at most: one that is frozen
   * does not answer.
   */
  ask(key: string): Promise<unknown[]>
  close(): Promise<void>
}

const answersWithinMs = 1_000
const tellWithinMs = 5_000

export type SignalsOptions = {
  /** `taking` hears, `publishing` tells: a broker short of memory or disk stops connections that publish, and hearing must go on. */
  readonly connections: { readonly taking: Connection; readonly publishing: Connection }
  /** What this process answers, by the question's key. */
  readonly answers: Readonly<Record<string, () => unknown>>
  readonly log: Log
}

export function openSignals({ connections, answers, log }: SignalsOptions): Signals {
  const hearers = openHearers(log)
  const questions = openQuestions()
  let address = ''

  const bind = (channel: Channel, key: string) => channel.queueBind({ queue: address, exchange: signalsExchange, routingKey: key })
  const receive = ({ body, routingKey, correlationId, replyTo }: AsyncMessage) => {
    const json = String(body)
    if (correlationId === undefined) return hearers.hear(routingKey, json)
    if (routingKey === address) return questions.answered(correlationId, JSON.parse(json))
    const answer = answers[routingKey]
    if (answer === undefined || replyTo === undefined) return
    publish(toQueue, replyTo, { json: JSON.stringify(answer()), correlationId }).catch((error: unknown) =>
      log.debug({ key: routingKey, reason: messageOf(error) }, 'a question was not answered'),
    )
  }
  const hearing = keepChannel({
    connection: connections.taking,
    log,
    name: 'signals',
    setUp: async (channel) => {
      await declareSignals(channel)
      const { queue } = await channel.queueDeclare({ exclusive: true, autoDelete: true })
      address = queue
      for (const key of [...hearers.topics(), ...Object.keys(answers)]) await bind(channel, key)
      await channel.basicConsume({ queue, noAck: true }, guarded(receive, log))
      await channel.basicConsume({ queue: presenceQueue, noAck: true }, () => undefined)
    },
  })
  const whenUp = async (work: (channel: Channel) => Promise<unknown>) => {
    try {
      await work(await hearing.ready())
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'a binding waits for the broker')
    }
  }
  const telling = keepChannel({
    connection: connections.publishing,
    log,
    name: 'telling signals',
    setUp: async (channel) => {
      await declareSignals(channel)
      await channel.confirmSelect()
    },
  })
  const publish = async (exchange: string, routingKey: string, message: { json: string; correlationId?: string; replyTo?: string }) => {
    const { json, ...properties } = message
    const channel = await telling.ready()
    await within(tellWithinMs, channel.basicPublish({ ...properties, exchange, routingKey, contentType: 'text/plain' }, json), 'the broker did not confirm')
  }
  return {
    hear: async (key, hear) => {
      const remove = hearers.add(key, hear)
      // whoever could not be bound here is bound by the next channel's set-up
      await whenUp((channel) => bind(channel, key))
      return {
        stop: async () => {
          if (remove()) await whenUp((channel) => channel.queueUnbind({ queue: address, exchange: signalsExchange, routingKey: key }))
        },
      }
    },
    tell: (key, json) => publish(signalsExchange, key, { json }),
    ask: async (key) => {
      const channel = await hearing.ready()
      const { consumerCount } = await channel.queueDeclare({ queue: presenceQueue, passive: true })
      return questions.ask(consumerCount, (correlationId) => publish(signalsExchange, key, { json: 'null', correlationId, replyTo: address }))
    },
    close: async () => void (await Promise.all([hearing.close(), telling.close()])),
  }
}

/** Collects what is answered to the questions of this process. */
function openQuestions() {
  const open = new Map<string, (answer: unknown) => void>()
  return {
    answered: (id: string, answer: unknown) => open.get(id)?.(answer),
    ask: async (expected: number, put: (id: string) => Promise<void>): Promise<unknown[]> => {
      const id = randomUUID()
      const answers: unknown[] = []
      const all = Promise.withResolvers<void>()
      open.set(id, (answer) => {
        if (answers.push(answer) >= expected) all.resolve()
      })
      try {
        await put(id)
        await Promise.race([all.promise, sleep(answersWithinMs, undefined, { ref: false })])
      } finally {
        open.delete(id)
      }
      return answers
    },
  }
}

/** Anybody on the broker may send anything here; thrown in the client's event, it would end the process. */
const guarded = (receive: (message: AsyncMessage) => void, log: Log) => (message: AsyncMessage) => {
  try {
    receive(message)
  } catch (error) {
    log.warn({ key: message.routingKey, reason: messageOf(error) }, 'a signal could not be read')
  }
}
