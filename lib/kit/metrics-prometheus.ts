import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Metrics, metricTable, type Readings } from './metrics.ts'

/** `Metrics` kept for Prometheus. `scrape` answers in its text format; asked twice at once it is taken once. */
export type PrometheusMetrics = Metrics & {
  readonly contentType: string
  scrape(): Promise<string>
  /** Every series' name, those of Node and of histograms included. */
  names(): Promise<readonly string[]>
}

/** A warm board answers within a millisecond; who has waited for ten minutes has waited too long by any measure. */
const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
const patienceMs = 2_000

export function openPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'arena_' })
  const made = makeAll(registry)
  const readers = new Set<() => Readings | Promise<Readings>>()
  const failed = () => made.counter('arena_metrics_failed_total').inc()

  const take = async () => {
    const taken = await Promise.all([...readers].map((read) => inTime(read).catch(failed)))
    for (const each of made.gauges()) each.reset()
    for (const readings of taken) {
      for (const [name, values] of Object.entries(readings ?? {})) for (const { labels, value } of values) made.gauge(name).set(labels, value)
    }
    return registry.metrics()
  }
  let taking: Promise<string> | undefined
  return {
    add: (name, labels, count = 1) => made.counter(name).inc(labels, count),
    observe: (name, labels, ms) => made.histogram(name).observe(labels, Math.max(0, ms) / 1000),
    report(read) {
      readers.add(read)
      return () => void readers.delete(read)
    },
    contentType: registry.contentType,
    scrape() {
      taking ??= take().finally(() => {
        taking = undefined
      })
      return taking
    },
    names: async () =>
      (await registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
        String(type) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
  }
}

function makeAll(registry: Registry) {
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  for (const [name, { type, labels, help }] of Object.entries(metricTable)) {
    const given = { name, help, labelNames: [...labels], registers: [registry] }
    if (type === 'counter') counters.set(name, new Counter(given))
    else if (type === 'gauge') gauges.set(name, new Gauge(given))
    else histograms.set(name, new Histogram({ ...given, buckets: bucketsSeconds }))
  }
  const among =
    <T>(kept: ReadonlyMap<string, T>) =>
    (name: string): T => {
      const found = kept.get(name)
      if (found === undefined) throw new Error(`there is no metric ${name} of this type`)
      return found
    }
  return { counter: among(counters), gauge: among(gauges), histogram: among(histograms), gauges: () => gauges.values() }
}

async function inTime<T>(work: () => T | Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
