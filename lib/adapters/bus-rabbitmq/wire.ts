/**
 * How a message looks on the wire, and what its headers say of the tries it has had. Pure.
 *
 * The body is the whole envelope as JSON, so that a consumer in another language needs the published schema and nothing of ours; message id and type
 * repeat its id and topic. Tries are counted in two places: `arena-attempts` are those before this copy was made (a failed handler's message goes on
 * as a copy), and the broker counts how often this copy came back from consumers that died. `arena-failures` are those of them that a handler called a
 * failure of the work.
 */
import type { Envelope } from '#ports/bus'
import { jsonOf } from '../bus-broadcasts.ts'

/** The properties that are ours to set, as `rabbitmq-client` calls them. */
export type Properties = {
  readonly messageId: string
  readonly type: string
  readonly contentType: string
  readonly appId: string
  /** Kept on disk. */
  readonly durable: true
  readonly headers: Readonly<Record<string, string | number>>
}
export type Wire = { readonly properties: Properties; readonly body: Buffer }

/** What the broker hands over, as far as it is read here. */
export type Incoming = {
  readonly body: unknown
  readonly routingKey: string
  readonly exchange?: string | undefined
  /** Whoever published it, where it says so; the broker takes nobody's name but one's own. */
  readonly userId?: string | undefined
  readonly messageId?: string | undefined
  readonly type?: string | undefined
  readonly contentType?: string | undefined
  /** Seconds since 1970: when it was published. */
  readonly timestamp?: number | undefined
  readonly headers?: Readonly<Record<string, unknown>> | undefined
}

export type Received = {
  readonly envelope: Envelope
  /** Why it is not to be handled. Of what is no message of ours the envelope is what can be told of it, with the body as text. */
  readonly problem: string | undefined
  /** This delivery's number, from 1. */
  readonly attempt: number
  /** See `Delivery.failures`. */
  readonly failures: number
  /** Why the try before failed, where a handler told. */
  readonly lastReason: string | undefined
  /** When this copy was published (epoch ms, whole seconds), where it says so. */
  readonly publishedAt: number | undefined
  /** As it came, for whoever passes it on. */
  readonly wire: Wire
}

const attemptsHeader = 'arena-attempts'
const failuresHeader = 'arena-failures'
const reasonHeader = 'arena-reason'
const diedAtHeader = 'arena-died-at'
/** Headers share a frame of the protocol with the rest. */
const maxReasonLength = 2_000

export const wireOf = (envelope: Envelope): Wire => ({
  properties: { messageId: envelope.id, type: envelope.topic, contentType: 'application/json', appId: 'competa-arena', durable: true, headers: {} },
  body: Buffer.from(jsonOf({ ...envelope, payload: envelope.payload ?? null })),
})

const withHeaders = ({ properties, body }: Wire, headers: Properties['headers']): Wire => ({ properties: { ...properties, headers }, body })

/** A copy to be delivered as try number `attempts + 1`. */
export const asTried = (wire: Wire, { attempts, failures }: { attempts: number; failures: number }, reason?: string): Wire =>
  withHeaders(wire, {
    ...(attempts > 0 ? { [attemptsHeader]: attempts } : {}),
    ...(failures > 0 ? { [failuresHeader]: failures } : {}),
    ...(reason === undefined ? {} : { [reasonHeader]: cut(reason) }),
  })

/** A copy for the dead letters. @param diedAt ISO 8601 UTC */
export const asDead = (wire: Wire, { attempts, reason, diedAt }: { attempts: number; reason: string; diedAt: string }): Wire =>
  withHeaders(wire, { [attemptsHeader]: attempts, [reasonHeader]: cut(reason), [diedAtHeader]: diedAt })

export function readIncoming(message: Incoming): Received {
  const headers = message.headers ?? {}
  const { envelope, problem } = readBody(message)
  return {
    envelope,
    problem,
    attempt: countOf(headers[attemptsHeader]) + returnsOf(headers) + 1,
    failures: Math.min(countOf(headers[failuresHeader]), countOf(headers[attemptsHeader])),
    lastReason: textOf(headers[reasonHeader]),
    publishedAt: message.timestamp === undefined ? undefined : message.timestamp * 1_000,
    wire: {
      properties: {
        messageId: envelope.id,
        type: envelope.topic,
        contentType: message.contentType ?? 'application/octet-stream',
        appId: 'competa-arena',
        durable: true,
        headers: {},
      },
      body: bytesOf(message.body),
    },
  }
}

/** What a dead letter says of its end. One that the broker itself buried (its own limit of deliveries) has its broker's word only. */
export function readDeath(message: Incoming): { readonly attempts: number; readonly reason: string; readonly diedAt: string } {
  const headers = message.headers ?? {}
  const brokersWord = textOf(headers['x-first-death-reason'])
  return {
    attempts: countOf(headers[attemptsHeader]),
    reason: textOf(headers[reasonHeader]) ?? (brokersWord === undefined ? 'unknown' : `the broker: ${brokersWord}`),
    diedAt: textOf(headers[diedAtHeader]) ?? new Date((message.timestamp ?? 0) * 1_000).toISOString(),
  }
}

/**
 * How often a consumer had this copy before. Up to RabbitMQ 4.2 the delivery count says so; from 4.3 that counts failures only, and the acquired
 * count is the one.
 * @see https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
export const returnsOf = (headers: Readonly<Record<string, unknown>>) => Math.max(countOf(headers['x-delivery-count']), countOf(headers['x-acquired-count']))

function readBody(message: Incoming): Pick<Received, 'envelope' | 'problem'> {
  const { body } = message
  const said = Buffer.isBuffer(body) || typeof body === 'string' ? parsed(String(body)) : body
  if (isEnvelope(said)) {
    const { id, topic, occurredAt, payload, traceparent } = said
    return { envelope: { id, topic, occurredAt, payload, ...(traceparent === undefined ? {} : { traceparent }) }, problem: undefined }
  }
  const envelope = {
    id: message.messageId ?? '',
    topic: message.type ?? message.routingKey,
    occurredAt: new Date((message.timestamp ?? 0) * 1_000).toISOString(),
    payload: bytesOf(body).toString(),
  }
  return { envelope, problem: 'the body is no envelope (JSON with id, topic, occurredAt and payload)' }
}

function isEnvelope(said: unknown): said is Envelope {
  if (typeof said !== 'object' || said === null) return false
  const { id, topic, occurredAt, traceparent } = said as Record<string, unknown>
  const isText = [id, topic, occurredAt].every((each) => typeof each === 'string' && each !== '')
  return isText && 'payload' in said && (traceparent === undefined || typeof traceparent === 'string')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no envelope
  }
}

/** The client parses what calls itself JSON. */
const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : jsonOf(body)))
/** A header that counts; what is no count is none. */
const countOf = (value: unknown) => (typeof value === 'number' && value > 0 ? value : 0)
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
const cut = (reason: string) => reason.slice(0, maxReasonLength)
