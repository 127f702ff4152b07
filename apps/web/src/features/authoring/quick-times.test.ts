import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timesOf } from './quick-times.ts'

/** A Thursday afternoon, on the clock of whoever runs this. */
const thursday = new Date(2026, 0, 1, 14, 7, 30).getTime()

test('a lesson begins at the next minute and takes 45', () =>
  assert.deepEqual(timesOf('lesson', thursday), { startsAt: '2026-01-01T14:08', endsAt: '2026-01-01T14:53' }))

test('tomorrow and Saturday are at ten in the morning', () => {
  assert.deepEqual(timesOf('tomorrow', thursday), { startsAt: '2026-01-02T10:00', endsAt: '2026-01-02T12:00' })
  assert.deepEqual(timesOf('saturday', thursday), { startsAt: '2026-01-03T10:00', endsAt: '2026-01-03T13:00' })
})

test('on a Saturday it is the next one, and the end of a month is no matter', () => {
  const saturday = new Date(2026, 0, 31, 9, 0).getTime()
  assert.equal(timesOf('saturday', saturday).startsAt, '2026-02-07T10:00')
  assert.equal(timesOf('tomorrow', saturday).startsAt, '2026-02-01T10:00')
})
