import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { rankedViewSuite } from '#ports/suites/ranked-view.suite'
import { openMemoryRankedView } from './ranked-memory.ts'
import { openOrdered } from './ranked-order.ts'

rankedViewSuite('memory', async () => openMemoryRankedView())

it('the longest unread board goes when there are too many', async () => {
  const view = openMemoryRankedView({ maxBoards: 2 })
  const empty = { epoch: 0, from: -1, version: 1, head: '', rows: [] }
  await view.advance('a', empty)
  await view.advance('b', empty)
  await view.read('a', { top: 1 })
  await view.advance('c', empty)
  assert.deepEqual([await view.stand('b'), await view.stand('a')], [undefined, { epoch: 0, version: 1 }])
})

it('property: the counted tree equals a sorted array, however much is added and removed', () => {
  const arbitraryBatch = fc.record({ isAdding: fc.boolean(), from: fc.nat(3_000), step: fc.constantFrom(1, -1, 7, 611), count: fc.nat(900) })
  fc.assert(
    fc.property(fc.array(arbitraryBatch, { maxLength: 12 }), fc.array(fc.nat(3_100), { minLength: 1, maxLength: 8 }), (batches, probes) => {
      const tree = openOrdered<number>()
      const keyOf = (n: number) => String(n).padStart(4, '0')
      const known = new Set<number>()
      for (const { isAdding, from, step, count } of batches) {
        for (let n = 0; n < count; n++) {
          const item = (((from + n * step) % 3_001) + 3_001) % 3_001
          if (!isAdding) assert.equal(tree.remove(keyOf(item)), known.delete(item))
          else if (!known.has(item)) {
            tree.add(keyOf(item), item)
            known.add(item)
          }
        }
      }
      const sorted = [...known].sort((a, b) => a - b)
      assert.equal(tree.size, sorted.length)
      assert.deepEqual(tree.slice(0, sorted.length), sorted)
      for (const probe of probes) {
        assert.equal(tree.countBefore(keyOf(probe)), sorted.filter((item) => item < probe).length)
        assert.deepEqual(tree.slice(probe, probe + 70), sorted.slice(probe, probe + 70))
      }
    }),
    { numRuns: 200 },
  )
})
