import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { type MetricName, metricTable, stages } from './metrics.ts'
import { openPrometheusMetrics } from './metrics-prometheus.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

type Panel = { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }
const dashboardQueries = () => {
  const { panels } = JSON.parse(read('deploy/grafana/arena.json')) as { panels: readonly Panel[] }
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ of: title, expr })))
}
const alertQueries = () => {
  const { groups } = parse(read('deploy/prometheus/alerts.yml')) as { groups: readonly { rules: readonly { alert: string; expr: string }[] }[] }
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ of: alert, expr })))
}
const seriesOf = (name: string) => name.replace(/_(bucket|sum|count)$/, '') as MetricName

describe('metrics', () => {
  it('what dashboard and alerts ask for exists, with the labels they name', async () => {
    const names = new Set(await openPrometheusMetrics().names())
    const queries = [...dashboardQueries(), ...alertQueries()]
    assert.ok(queries.length > 30)
    for (const { of, expr } of queries) {
      const asked = [...expr.matchAll(/\b(arena_\w+)(?:\{([^}]*)\})?/g)]
      assert.ok(asked.length > 0, `${of} asks for nothing of the arena`)
      for (const [, name = '', selector = ''] of asked) {
        assert.ok(names.has(name), `${of} asks for ${name}, which there is not`)
        if (!(seriesOf(name) in metricTable)) continue // Node's own
        const labels: readonly string[] = metricTable[seriesOf(name)].labels
        for (const [, label = ''] of selector.matchAll(/(\w+)\s*[=!]/g)) assert.ok(labels.includes(label), `${of}: ${name} has no label ${label}`)
      }
    }
  })

  it('each is told of in the documents, and the documents tell of no other', async () => {
    const text = read('docs/observability.md')
    for (const name of Object.keys(metricTable)) assert.ok(text.includes(`\`${name}`), `docs/observability.md does not tell of ${name}`)
    for (const stage of stages) assert.ok(text.includes(`\`${stage}\``), `docs/observability.md does not tell of the stage ${stage}`)
    const names = new Set(await openPrometheusMetrics().names())
    for (const [, name = ''] of text.matchAll(/`(arena_\w+)/g)) assert.ok(names.has(name) || name in metricTable, `docs/observability.md tells of ${name}`)
    for (const { of } of alertQueries()) assert.ok(text.includes(`\`${of}\``), `docs/observability.md does not say what to do about ${of}`)
  })

  it('no label can hold what grows with users, contests or submissions', () => {
    const allowed = ['service', 'route', 'status', 'stage', 'lane', 'end', 'queue', 'state', 'sandbox', 'image']
    for (const [name, { labels }] of Object.entries(metricTable)) for (const label of labels) assert.ok(allowed.includes(label), `${name}: ${label}`)
  })

  it('a reading that fails is left out and counted, the others are told; one that has ended is gone', async () => {
    const metrics = openPrometheusMetrics()
    const stop = metrics.report(() => ({ arena_sockets: [{ labels: {}, value: 12 }] }))
    metrics.report(() => Promise.reject(new Error('the database is away')))
    const told = await metrics.scrape()
    assert.match(told, /^arena_sockets 12$/m)
    assert.match(await metrics.scrape(), /^arena_metrics_failed_total [12]$/m)
    stop()
    assert.doesNotMatch(await metrics.scrape(), /^arena_sockets 12$/m)
  })

  it('durations are counted in seconds, and less than nothing as nothing', async () => {
    const metrics = openPrometheusMetrics()
    metrics.observe('arena_stage_seconds', { stage: 'push' }, 1500)
    metrics.observe('arena_stage_seconds', { stage: 'push' }, -20)
    assert.match(await metrics.scrape(), /^arena_stage_seconds_sum\{stage="push"\} 1\.5$/m)
  })
})
