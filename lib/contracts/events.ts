import type { TSchema } from 'typebox'
import * as billing from './billing.ts'
import * as contest from './contest.ts'
import * as evaluation from './evaluation.ts'
import * as leaderboard from './leaderboard.ts'
import * as notifications from './notifications.ts'
import * as rejudging from './rejudging.ts'
import type { EventSpec } from './route.ts'
import * as runs from './runs.ts'
import * as submission from './submission.ts'
import * as user from './user.ts'

const isEvent = (exported: unknown): exported is EventSpec =>
  typeof exported === 'object' && exported !== null && 'topic' in exported && typeof exported.topic === 'string' && 'payload' in exported

/** Every event and broadcast of every contract: what is exported as one is in here. Sorted by topic. */
export const allEvents: readonly EventSpec[] = [billing, contest, evaluation, leaderboard, notifications, rejudging, runs, submission, user]
  .flatMap((contract): unknown[] => Object.values(contract))
  .filter(isEvent)
  .sort((a, b) => a.topic.localeCompare(b.topic))

/** A JSON Schema (draft 2020-12) of a whole message as the broker carries it: the envelope, and in it the event's payload. */
export const messageSchema = ({ topic, payload }: EventSpec) => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: topic,
  ...envelopeWith(payload, {
    type: 'string',
    pattern: `^${topic.replaceAll('.', '\\.')}(\\.[a-z-]+)?$`,
    description: 'the event; for work, its lane after it',
  }),
})

/** The same for any event. */
export const envelopeSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'envelope',
  ...envelopeWith({}, { type: 'string', description: 'name and version of the event, for work its lane after it' }),
}

function envelopeWith(payload: TSchema | object, topic: object) {
  return {
    type: 'object',
    required: ['id', 'topic', 'occurredAt', 'payload'],
    properties: {
      id: { type: 'string', minLength: 1, description: 'given once, by who tells the event: deduplicate by it, a message may come twice' },
      topic,
      occurredAt: { type: 'string', format: 'date-time', description: 'UTC' },
      traceparent: { type: 'string', description: 'W3C trace context of what caused the event' },
      payload,
    },
  }
}
