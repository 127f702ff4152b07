import type { Log } from '#ports/log'

/**
 * One submission is one trace: request → outbox → queue → judge → outbox → board and socket. A trace begins with a request of a client and nowhere else,
 * and is sampled there; what belongs to none costs nothing further on. The parent of a span is the scope's (scope.ts); between processes it travels as
 * `traceparent`: in the header of calls between services and beside the payload of events.
 *
 * Off (the default) nothing of OpenTelemetry is loaded, and what another process traces is passed on.
 */
export type SpanKind = 'server' | 'producer' | 'consumer' | 'internal'
/** Ids and names, never a source, a token or what a user wrote. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>
export type SpanFacts = {
  readonly kind?: SpanKind
  readonly attributes?: SpanAttributes
  /** Epoch ms; default: now. */
  readonly startedAt?: number
}

export type Tracing = {
  /** Runs `work` in a span below the scope's; without one there, without a span. A rejection marks the span and goes on. */
  span<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>
  /** Likewise, but where the scope has none a new trace begins, if it is sampled. */
  root<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>
  /** What is over already, from `startedAt` to now or `endedAt` (epoch ms). `parent`: default the scope's. */
  past(name: string, facts: SpanFacts & { readonly startedAt: number; readonly endedAt?: number; readonly parent?: string | undefined }): void
  /** Sends what is still here, for at most a few seconds. */
  close(): Promise<void>
}

export const noTracing: Tracing = {
  span: (_name, _facts, work) => work(),
  root: (_name, _facts, work) => work(),
  past: () => undefined,
  close: async () => undefined,
}

export type TracingOptions = {
  /** Where a collector takes OTLP over HTTP, without the path: `http://collector:4318`. */
  readonly url: string
  /** Of the traces that begin here, 0 to 1. */
  readonly share: number
  /** Under this name the process's spans are found. */
  readonly name: string
  readonly log: Log
}

export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { openOtlpTracing } = await import('./tracing-otlp.ts')
  return openOtlpTracing(options)
}
