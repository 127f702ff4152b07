import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, ParentBasedSampler, type SpanExporter, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Log } from '#ports/log'
import { formatTraceparent, inScope, parseTraceparent, scope } from './scope.ts'
import type { SpanFacts, Tracing, TracingOptions } from './tracing.ts'

/** `Tracing` by the OpenTelemetry SDK. Nothing is registered globally: two in one process (tests) do not meet. */

const sendEveryMs = 1_000
/** About 2 MB; a collector that is away costs spans, never memory or a request. */
const mostWaitingSpans = 4_096
const sendWithinMs = 5_000
const closeWithinMs = 3_000
const complainEveryMs = 60_000

const kinds = { server: SpanKind.SERVER, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const

export function openOtlpTracing({ url, share, name, log }: TracingOptions): Tracing {
  const exporter = complaining(new OTLPTraceExporter({ url: `${url.replace(/\/$/, '')}/v1/traces`, timeoutMillis: sendWithinMs }), log)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, 'service.namespace': 'competa-arena' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, maxQueueSize: mostWaitingSpans, scheduledDelayMillis: sendEveryMs, exportTimeoutMillis: sendWithinMs }),
    ],
  })
  const tracer = provider.getTracer('arena')
  const start = (title: string, { kind = 'internal', attributes = {}, startedAt }: SpanFacts, parent: Context) =>
    tracer.startSpan(title, { kind: kinds[kind], attributes, ...(startedAt === undefined ? {} : { startTime: startedAt }) }, parent)
  const run = async <T>(span: Span, work: () => Promise<T>): Promise<T> => {
    try {
      return await inScope({ traceparent: traceparentOf(span) }, work)
    } catch (cause) {
      // the kind of failure alone: a message may hold an address or what a user wrote
      span.setStatus({ code: SpanStatusCode.ERROR, message: cause instanceof Error ? cause.name : 'thrown' })
      throw cause
    } finally {
      span.end()
    }
  }
  return {
    span(title, facts, work) {
      const parent = contextOf(scope().traceparent)
      return parent === undefined ? work() : run(start(title, facts, parent), work)
    },
    root: (title, facts, work) => run(start(title, facts, contextOf(scope().traceparent) ?? ROOT_CONTEXT), work),
    past(title, { parent = scope().traceparent, endedAt = Date.now(), ...facts }) {
      const context = contextOf(parent)
      if (context !== undefined) start(title, facts, context).end(Math.max(endedAt, facts.startedAt))
    },
    async close() {
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, closeWithinMs)
      await Promise.race([provider.shutdown().catch(() => undefined), late.promise]) // a failed export has been told by then
      clearTimeout(timer)
    },
  }
}

/** Undefined for a span that was not sampled: nothing below it is looked at, in this process or another. */
function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return (traceFlags & 1) === 1 ? formatTraceparent({ traceId, spanId, isSampled: true }) : undefined
}

function contextOf(traceparent: string | undefined): Context | undefined {
  const parent = parseTraceparent(traceparent)
  if (!parent?.isSampled) return undefined
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: parent.traceId, spanId: parent.spanId, traceFlags: 1, isRemote: true })
}

/** Says in the log, not more than once a minute, that the collector does not take what is sent. */
function complaining(exporter: OTLPTraceExporter, log: Log): SpanExporter {
  let saidAt = Number.NEGATIVE_INFINITY
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0 && Date.now() - saidAt > complainEveryMs) {
          saidAt = Date.now()
          log.warn({ reason: result.error?.message, spans: spans.length }, 'the collector of traces does not take them; they are lost')
        }
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  }
}
