import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ms, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { openIds, systemClock, systemIds } from './clock-system.ts'

it('ids are UUIDs of version 7, all different, and sort by the time they were made', async () => {
  const made = Array.from({ length: 1_000 }, () => systemIds.next())
  assert.equal(new Set(made).size, 1_000)
  assert.match(made[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.deepEqual(made.toSorted(), made)
})

it('ids stay in order while the clock stands still or is set back, and go on with it', () => {
  let time = 1_800_000_000_000
  const ids = openIds(() => time)
  const made: string[] = []
  for (const step of [0, 0, 5, -3_600_000, 0, 3_600_001]) {
    time += step
    for (let n = 0; n < 600; n++) made.push(ids.next()) // more than randomness is fetched for at once
  }
  assert.equal(new Set(made).size, made.length)
  assert.deepEqual(made.toSorted(), made)
  const timeOf = (id = '') => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  assert.deepEqual([timeOf(made[0]), timeOf(made[1_700]), timeOf(made.at(-1))], [1_800_000_000_000, 1_800_000_000_005, time])
  assert.equal(new Set(made.map((id) => id.slice(-10))).size, made.length, 'what is random is never used twice')
})

it('the system clock fires once after the delay, and not when cancelled', async () => {
  const fired: string[] = []
  const cancel = systemClock.after(ms(1), () => fired.push('cancelled'))
  cancel()
  systemClock.after(ms(5), () => fired.push('kept'))
  await eventually(() => assert.deepEqual(fired, ['kept']))
})

it('a wait of more than 24 days does not fire at once', async () => {
  let fired = false
  const cancel = systemClock.after(ms(2 ** 31), () => {
    fired = true
  })
  let later = false
  systemClock.after(ms(10), () => {
    later = true
  })
  await eventually(() => assert.equal(later, true))
  assert.equal(fired, false)
  cancel()
})

it('the fake clock fires what falls due, in order of time, also what is asked for on the way', () => {
  const clock = fakeClock()
  const startedAt = clock.now()
  const fired: [string, number][] = []
  const tell = (what: string) => () => void fired.push([what, clock.now() - startedAt])
  clock.after(seconds(2), tell('second'))
  clock.after(seconds(1), () => {
    tell('first')()
    clock.after(seconds(2), tell('third'))
  })
  clock.after(seconds(9), tell('too late'))
  clock.after(seconds(1), tell('cancelled'))()
  clock.advance(seconds(5))
  assert.deepEqual(fired, [
    ['first', 1_000],
    ['second', 2_000],
    ['third', 3_000],
  ])
  assert.equal(clock.now() - startedAt, 5_000)
})
