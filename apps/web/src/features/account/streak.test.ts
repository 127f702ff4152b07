import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streakOf, todayOf } from './streak.ts'

test('days in a row end today, or yesterday while today is young', () => {
  const days = ['2026-03-01', '2026-02-28', '2026-02-27', '2026-02-20']
  assert.deepEqual([streakOf(days, '2026-03-01'), streakOf(days, '2026-03-02'), streakOf(days, '2026-03-03'), streakOf([], '2026-03-01')], [3, 3, 0, 0])
})
test('a day begins at midnight where the pupil is', () => {
  const late = Date.parse('2026-02-28T22:30:00Z')
  assert.deepEqual([todayOf(late, 120), todayOf(late, 0), todayOf(late, -300)], ['2026-03-01', '2026-02-28', '2026-02-28'])
})
