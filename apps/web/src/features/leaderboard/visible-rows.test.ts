import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawnRows, pagesOf, seenRows, sideOf } from './visible-rows.ts'

test('rows cut by the edge of the view are seen', () => {
  assert.deepEqual(seenRows({ top: 75, height: 100, rowHeight: 50, total: 100 }), { from: 1, to: 4 })
  assert.deepEqual(seenRows({ top: -30, height: 100, rowHeight: 50, total: 100 }), { from: 0, to: 2 })
  assert.deepEqual(seenRows({ top: 1e9, height: 100, rowHeight: 50, total: 100 }), { from: 100, to: 100 })
})

test('property: what is drawn holds what is seen, stays on the board and does not grow with it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5_000, max: 6_000_000 }), fc.nat(2_000), fc.nat(100_000), (top, height, total) => {
      const seen = seenRows({ top, height, rowHeight: 52, total })
      const drawn = drawnRows(seen, total)
      assert.ok(drawn.from <= seen.from && seen.to <= drawn.to && drawn.from >= 0 && drawn.to <= total)
      assert.ok(drawn.to - drawn.from <= Math.ceil(height / 52) + 14)
      const pages = pagesOf(seen, 100, 5)
      assert.ok(pages.length >= 1 && pages.length <= 5)
      assert.ok((pages[0] ?? 0) * 100 <= seen.from)
    }),
  )
})

test('pages are the same for all who look near', () => {
  assert.deepEqual(pagesOf({ from: 0, to: 20 }, 100, 4), [0])
  assert.deepEqual(pagesOf({ from: 190, to: 210 }, 100, 4), [1, 2])
  assert.deepEqual(pagesOf({ from: 200, to: 200 }, 100, 4), [2])
  assert.deepEqual(pagesOf({ from: 0, to: 5_000 }, 100, 4), [0, 1, 2, 3])
})

test('a row is above, within or below the view', () => {
  const seen = { from: 10, to: 20 }
  assert.deepEqual(
    [9, 10, 19, 20].map((index) => sideOf(index, seen)),
    ['above', 'within', 'within', 'below'],
  )
})
