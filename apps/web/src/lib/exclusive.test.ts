import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withLease } from './exclusive.ts'
import { memoryStorage } from './storage.ts'

const tick = () => new Promise<void>((done) => setImmediate(done))

test('two tabs never hold the lease together', async () => {
  const storage = memoryStorage()
  let inside = 0
  let most = 0
  const tab = (id: string) =>
    withLease({ storage, now: () => 0, sleep: tick, id }, async () => {
      most = Math.max(most, ++inside)
      await tick()
      inside--
      return id
    })
  assert.deepEqual(await Promise.all([tab('a'), tab('b'), tab('c')]), ['a', 'b', 'c'])
  assert.equal(most, 1)
})

test('the lease of a closed tab is overtaken once it is old', async () => {
  const storage = memoryStorage()
  storage.set('arena.lease', 'dead 10000')
  let now = 0
  const work = withLease(
    {
      storage,
      now: () => now,
      sleep: async () => {
        now += 1000
        await tick()
      },
      id: 'b',
    },
    async () => 'done',
  )
  assert.equal(await work, 'done')
  assert.ok(now > 10_000)
})
