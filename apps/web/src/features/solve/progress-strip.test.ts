import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segmentsOf } from './progress-strip.ts'

const filled = (of: number, done: number) => {
  const segments = segmentsOf(of, done)
  return [segments.filter((each) => each === 'done').length, segments.length]
}

test('each test is a piece, of many a piece stands for several, and all is full at the end only', () => {
  assert.deepEqual(
    [filled(5, 0), filled(5, 3), filled(5, 5)],
    [
      [0, 5],
      [3, 5],
      [5, 5],
    ],
  )
  assert.deepEqual(
    [filled(400, 399), filled(400, 400), filled(400, 10)],
    [
      [39, 40],
      [40, 40],
      [1, 40],
    ],
  )
  assert.deepEqual(
    [filled(0, 0), filled(3, 9)],
    [
      [0, 1],
      [3, 3],
    ],
  )
})
