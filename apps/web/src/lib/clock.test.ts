import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServerClock } from './clock.ts'

const at = (ms: number) => new Date(ms).toISOString()

test('a phone two minutes slow counts by the server', () => {
  const clock = createServerClock(() => 1_000_000)
  clock.heard(at(1_120_050), 1_000_000, 1_000_100)
  assert.equal(clock.now(), 1_120_000)
})

test('a slower round trip does not replace a better sample until that is old', () => {
  let local = 0
  const clock = createServerClock(() => local)
  clock.heard(at(5_020), 0, 40)
  clock.heard(at(9_000), 100, 4_100)
  assert.equal(clock.now(), 5_000)
  local = 400_000
  clock.heard(at(409_000), 399_000, 400_000)
  assert.equal(clock.now(), 409_500)
})

test('nonsense from the wire changes nothing', () => {
  const clock = createServerClock(() => 7)
  clock.heard('yesterday', 0, 1)
  clock.heard(at(99), 10, 5)
  assert.equal(clock.now(), 7)
})
