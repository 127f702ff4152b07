import { parseIso } from '#kernel/time'
import type { Bus, ConsumeOptions, Consumer, Delivery, Envelope } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Metrics } from './metrics.ts'
import { inScope, scope } from './scope.ts'
import type { Tracing } from './tracing.ts'

/**
 * A bus that is watched: what is published carries the trace it belongs to, what is handled is a span of that trace, named in every log line below it, and
 * both are timed. Whoever publishes and consumes knows nothing of it. A replay of old events shows as what it is: events that waited for long.
 */
export function observedBus(bus: Bus, watch: { readonly metrics: Metrics; readonly tracing: Tracing; readonly clock: Clock }): Bus {
  const { metrics, tracing, clock } = watch
  /** By queue: a delivery does not say where it lay. */
  const topics = new Map<string, Set<string>>()
  const queueOf = (queues: readonly string[], topic: string) => queues.find((queue) => topics.get(queue)?.has(topic)) ?? queues[0] ?? 'none'
  /** Milliseconds, never less than nothing: clocks of two machines differ. A time that is none (another program published it) counts as now. */
  const since = ({ occurredAt }: Envelope) => Math.max(0, clock.now() - (parseIso(occurredAt) ?? clock.now()))

  const handled = async (options: ConsumeOptions, delivery: Delivery): Promise<void> => {
    const { envelope, attempt } = delivery
    const queue = queueOf(options.queues, envelope.topic)
    const waitedMs = since(envelope)
    const attributes = { 'messaging.destination.name': queue, 'messaging.message.id': envelope.id, 'arena.topic': envelope.topic, 'arena.attempt': attempt }
    const waited = () => {
      if (attempt > 1) return metrics.add('arena_redeliveries_total', { queue })
      metrics.observe('arena_queue_wait_seconds', { queue }, waitedMs)
      tracing.past(`wait in ${queue}`, { startedAt: clock.now() - waitedMs, attributes })
    }
    const startedAt = performance.now()
    let end = 'failed'
    try {
      await inScope({ requestId: undefined, traceparent: envelope.traceparent, submissionId: submissionIdIn(envelope.payload) }, () => {
        waited()
        return tracing.span(`handle ${queue}`, { kind: 'consumer', attributes }, () => options.handle(delivery))
      })
      end = 'done'
    } finally {
      metrics.observe('arena_handling_seconds', { queue, end }, performance.now() - startedAt)
    }
  }

  return {
    async declare(queue) {
      topics.set(queue.name, new Set([...(topics.get(queue.name) ?? []), ...queue.topics]))
      await bus.declare(queue)
    },
    async publish(envelopes) {
      const traced = withTrace(envelopes)
      await bus.publish(traced)
      for (const envelope of traced) {
        const tookMs = since(envelope)
        metrics.observe('arena_stage_seconds', { stage: 'outbox' }, tookMs)
        if (envelope.traceparent === undefined) continue
        const attributes = { 'messaging.message.id': envelope.id, 'arena.topic': envelope.topic }
        tracing.past('outbox', { kind: 'producer', parent: envelope.traceparent, startedAt: clock.now() - tookMs, attributes })
      }
    },
    async consume(options) {
      const consumer = await bus.consume({ ...options, handle: (delivery) => handled(options, delivery) })
      return reporting(consumer, options.queues[0] ?? 'none', watch)
    },
    broadcast: (topic, payload) => bus.broadcast(topic, payload),
    listen: (topic, hear) => bus.listen(topic, hear),
    depth: () => bus.depth(),
    deadLetters: () => bus.deadLetters(),
    retryDead: (id) => bus.retryDead(id),
    discardDead: (id) => bus.discardDead(id),
    close: () => bus.close(),
  }
}

function reporting(consumer: Consumer, queue: string, { metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock }): Consumer {
  const forget = metrics.report(() => ({
    arena_consumer_poll_age_seconds: [{ labels: { queue }, value: Math.max(0, clock.now() - consumer.lastPollAt) / 1000 }],
  }))
  return {
    stop: (grace) => consumer.stop(grace).finally(forget),
    get lastPollAt() {
      return consumer.lastPollAt
    },
  }
}

/** What is told outside of any outbox (a judge's answer) belongs to what is under way. */
function withTrace(envelopes: readonly Envelope[]): readonly Envelope[] {
  const { traceparent } = scope()
  return traceparent === undefined ? envelopes : envelopes.map((envelope) => (envelope.traceparent === undefined ? { ...envelope, traceparent } : envelope))
}

function submissionIdIn(payload: unknown): string | undefined {
  const id = typeof payload === 'object' && payload !== null && 'submissionId' in payload ? payload.submissionId : undefined
  return typeof id === 'string' ? id : undefined
}
