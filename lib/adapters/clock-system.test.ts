import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ms, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { systemClock, systemIds } from './clock-system.ts'

it('ids are UUIDs of version 7, all different, and sort by the time they were made', async () => {
  const made = Array.from({ length: 1_000 }, () => systemIds.next())
  assert.equal(new Set(made).size, 1_000)
  assert.match(made[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.deepEqual(made.toSorted(), made)
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
