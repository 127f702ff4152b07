import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countdownParts, secondsLeft } from './countdown.ts'

test('zero is shown only when it is over', () => {
  assert.equal(secondsLeft(10_000, 9_999), 1)
  assert.equal(secondsLeft(10_000, 10_000), 0)
  assert.equal(secondsLeft(10_000, 20_000), 0)
})

test('hours appear when there are any, days beside them', () => {
  assert.deepEqual(countdownParts(59), { days: 0, clock: '00:59' })
  assert.deepEqual(countdownParts(3600), { days: 0, clock: '1:00:00' })
  assert.deepEqual(countdownParts(2 * 86_400 + 61), { days: 2, clock: '0:01:01' })
})
