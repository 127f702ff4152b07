import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ms } from '#kernel/units'
import type { Bus, ConsumeOptions } from '#ports/bus'
import { fakeClock } from '#testkit/fake-clock'
import { progressLimits, watchProgress } from './progress.ts'

const { quietMs, cutOffMs, busyMs } = progressLimits

/** A bus whose polls and answers a test decides on. */
function setUp() {
  const clock = fakeClock()
  const state = { lastPollAt: clock.now() as number, answers: true, options: undefined as ConsumeOptions | undefined }
  const bus = {
    consume: async (options: ConsumeOptions) => {
      state.options = options
      return {
        stop: async () => undefined,
        get lastPollAt() {
          return state.lastPollAt
        },
      }
    },
    depth: async () => (state.answers ? [] : Promise.reject(new Error('the broker is away'))),
  } as unknown as Bus
  return { clock, state, progress: watchProgress(bus, clock) }
}

describe('progress', () => {
  it('a consumer that polls is well; one that stopped polling while the bus answers is not', async () => {
    const { clock, state, progress } = setUp()
    await progress.bus.consume({ queues: ['a', 'b'], handle: async () => undefined })
    clock.advance(ms(quietMs))
    assert.deepEqual(await progress.stalled(), [])
    clock.advance(ms(1))
    assert.deepEqual(await progress.stalled(), ['consumer a b'])
    state.lastPollAt = clock.now()
    assert.deepEqual(await progress.stalled(), [])
  })
  it('a broker that is away is no reason to start again, for a while', async () => {
    const { clock, state, progress } = setUp()
    await progress.bus.consume({ queues: ['a'], handle: async () => undefined })
    state.answers = false
    clock.advance(ms(cutOffMs))
    assert.deepEqual(await progress.stalled(), [])
    clock.advance(ms(1))
    assert.deepEqual(await progress.stalled(), ['consumer a'])
  })
  it('a consumer with all slots at work asks for nothing and is well; one free slot must be used', async () => {
    const { clock, state, progress } = setUp()
    const work = Promise.withResolvers<void>()
    await progress.bus.consume({ queues: ['a'], concurrency: 2, handle: () => work.promise })
    const delivery = { envelope: { id: '', topic: '', occurredAt: '', payload: null }, attempt: 1, failures: 0, signal: new AbortController().signal }
    const first = state.options?.handle(delivery)
    const second = state.options?.handle(delivery)
    clock.advance(ms(busyMs))
    assert.deepEqual(await progress.stalled(), [])
    clock.advance(ms(1))
    assert.deepEqual(await progress.stalled(), ['consumer a'])
    work.resolve()
    await Promise.all([first, second])
    assert.deepEqual(await progress.stalled(), [])
    clock.advance(ms(quietMs + 1))
    assert.deepEqual(await progress.stalled(), ['consumer a'])
  })
  it('a consumer that was stopped is not asked for', async () => {
    const { clock, progress } = setUp()
    const consumer = await progress.bus.consume({ queues: ['a'], handle: async () => undefined })
    await consumer.stop()
    clock.advance(ms(cutOffMs + 1))
    assert.deepEqual(await progress.stalled(), [])
  })
  it('an outbox that nobody sweeps is named', async () => {
    const { clock, progress } = setUp()
    const sweptAt = clock.now()
    progress.watchSweep('submission', () => sweptAt)
    clock.advance(ms(quietMs + 1))
    assert.deepEqual(await progress.stalled(), ['outbox submission'])
  })
})
