import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openPrometheusMetrics } from '#kit/metrics-prometheus'
import { noTracing, type Tracing } from '#kit/tracing'
import type { Sandbox, Talk, TalkSpec } from '#ports/sandbox'
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

it('opening a pair is timed as opening a box is, and its talks are tests, told once', async () => {
  const [metrics, clock] = [openPrometheusMetrics(), fakeClock()]
  const told: unknown[] = []
  const tracing: Tracing = { ...noTracing, past: (name, { attributes }) => void told.push([name, attributes]) }
  const box = { put: async () => undefined, run: async () => assert.fail(), take: async () => undefined, list: async () => [], close: async () => undefined }
  const talk = {} as Talk
  const sandbox: Sandbox = {
    name: 'native',
    contains: 'untrusted',
    toolchains: {},
    open: () => assert.fail('a pair is asked for'),
    openPair: async () => ({ participant: box, interactor: box, talk: async () => talk, close: async () => undefined }),
    close: async () => undefined,
  }
  const pair = await observedSandbox(sandbox, { metrics, tracing, clock }).openPair?.()
  assert.ok(pair)
  assert.match(await metrics.scrape(), /^arena_stage_seconds_count\{stage="sandbox"\} 1$/m)
  const spec = {} as TalkSpec
  assert.equal(await pair.talk(spec), talk)
  await pair.talk(spec)
  await pair.close()
  await pair.close()
  assert.deepEqual(told, [['tests', { 'arena.runs': 2 }]])
  assert.equal(observedSandbox({ ...sandbox, openPair: undefined } as unknown as Sandbox, { metrics, tracing, clock }).openPair, undefined)
})
