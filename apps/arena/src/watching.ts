import type { Config } from '#kit/config'
import type { Log } from '#kit/log'
import { type Metrics, noMetrics } from '#kit/metrics'
import { noTracing, openTracing, type Tracing } from '#kit/tracing'
import { listen } from './listener.ts'

/**
 * What a process is watched by: metrics on a port of their own, traces sent to a collector. Neither is on unless it is asked for, and what is off is not
 * even loaded. No door leads to that port, so nginx or a gateway cannot route it by mistake.
 */
export type Watching = { readonly metrics: Metrics; readonly tracing: Tracing; close(): Promise<void> }

/** `name`: what the process's traces are found by. @throws ConfigError when the port is taken. */
export async function openWatching(config: Config, name: string, log: Log): Promise<Watching> {
  const tracing = config.otlpUrl === undefined ? noTracing : await openTracing({ url: config.otlpUrl, share: config.traceShare, name, log })
  if (config.metricsPort === undefined) return { metrics: noMetrics, tracing, close: () => tracing.close() }
  const { openPrometheusMetrics } = await import('#kit/metrics-prometheus')
  const metrics = openPrometheusMetrics()
  const listener = await listen({ host: config.metricsHost, port: config.metricsPort })
  listener.open({
    request(request, response) {
      if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end()
      metrics.scrape().then(
        (text) => void response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text),
        (cause: unknown) => {
          log.error({ err: cause }, 'the metrics could not be told')
          response.writeHead(500).end()
        },
      )
    },
  })
  log.info({ host: config.metricsHost, port: listener.port, of: name }, 'metrics are told at /metrics')
  return {
    metrics,
    tracing,
    async close() {
      await listener.close(1_000)
      await tracing.close()
    },
  }
}
