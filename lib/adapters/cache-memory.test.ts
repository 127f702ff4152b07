import assert from 'node:assert/strict'
import { it } from 'node:test'
import { seconds } from '#kernel/units'
import { cacheSuite } from '#ports/suites/cache.suite'
import { fakeClock } from '#testkit/fake-clock'
import { openMemoryCache } from './cache-memory.ts'

cacheSuite('memory', async () => {
  const clock = fakeClock()
  return { cache: openMemoryCache({ clock }), advance: clock.advance }
})

it('the memory cache forgets the longest unused when it is full', async () => {
  const cache = openMemoryCache({ clock: fakeClock(), maxKeys: 2, maxCharacters: 10 })
  await cache.set('a', '1', seconds(60))
  await cache.set('b', '2', seconds(60))
  await cache.get('a')
  await cache.set('c', '3', seconds(60))
  assert.deepEqual([await cache.get('a'), await cache.get('b'), await cache.get('c')], ['1', undefined, '3'])
  await cache.set('d', 'x'.repeat(10), seconds(60))
  assert.deepEqual([await cache.get('a'), await cache.get('c'), await cache.get('d')], [undefined, undefined, 'x'.repeat(10)])
})
