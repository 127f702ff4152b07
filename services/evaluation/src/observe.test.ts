import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openPrometheusMetrics } from '#kit/metrics-prometheus'
import { noTracing } from '#kit/tracing'
import type { Sandbox } from '#ports/sandbox'
import { fakeClock } from '#testkit/fake-clock'
import { observedSandbox } from './observe.ts'

it('a sandbox with containers that wait tells how many, until it is closed', async () => {
  const metrics = openPrometheusMetrics()
  const sandbox: Sandbox = {
    name: 'docker',
    contains: 'untrusted',
    toolchains: {},
    open: () => assert.fail('nothing is judged here'),
    warm: () => new Map([['cpp-judge', 2]]),
    close: async () => undefined,
  }
  const watched = observedSandbox(sandbox, { metrics, tracing: noTracing, clock: fakeClock() })
  assert.match(await metrics.scrape(), /^arena_warm_boxes\{image="cpp-judge"\} 2$/m)
  await watched.close()
  assert.doesNotMatch(await metrics.scrape(), /arena_warm_boxes\{/)
})
