import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { actionOf, driftAt, pagesFor, turnPages } from './turn-pages.ts'

const at = (page: number, isPaused = false) => ({ page, isPaused })

test('pages turn by themselves and come round; a pause holds them, but not the keys', () => {
  assert.deepEqual(turnPages(at(0), { type: 'tick', pages: 3 }), at(1))
  assert.deepEqual(turnPages(at(2), { type: 'tick', pages: 3 }), at(0))
  assert.deepEqual(turnPages(at(1, true), { type: 'tick', pages: 3 }), at(1, true))
  assert.deepEqual(turnPages(at(0, true), { type: 'previous', pages: 3 }), at(2, true))
  assert.deepEqual(turnPages(at(1), { type: 'pause', pages: 3 }), at(1, true))
})

test('property: whatever is pressed and however rows come and go, a page that is there is shown', () => {
  const press = fc.record({ type: fc.constantFrom('tick', 'next', 'previous', 'pause'), rows: fc.nat(200), perPage: fc.integer({ min: 0, max: 30 }) })
  fc.assert(
    fc.property(fc.array(press), (presses) => {
      let paging = at(0)
      for (const { type, rows, perPage } of presses) {
        const pages = pagesFor(rows, perPage)
        const before = paging
        paging = turnPages(paging, { type, pages })
        assert.ok(type === 'pause' || (type === 'tick' && before.isPaused) || (paging.page >= 0 && paging.page < pages))
      }
    }),
  )
})

test('keys are those of a slide show', () => {
  assert.deepEqual(['ArrowRight', 'PageUp', ' ', 'f', 'Escape', 'x'].map(actionOf), ['next', 'previous', 'pause', 'fullScreen', 'back', undefined])
})

test('the picture never stands still for more than a minute, nor goes far', () => {
  for (let minute = 0; minute < 20; minute++) {
    assert.notDeepEqual(driftAt(minute * 60_000), driftAt((minute + 1) * 60_000))
    assert.ok(driftAt(minute * 60_000).every((by) => Math.abs(by) <= 6))
  }
})
