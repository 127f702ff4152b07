import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { instant, toIso } from '#kernel/time'
import { closedBreaker, failed, hasJustOpened, mayTry, trying } from './breaker.ts'
import { isFresh, isGood, type Known, opensUntil } from './entitlement.ts'

const now = instant(1_800_000_000_000)
const after = (ms: number) => instant(now + ms)
const known = (change: Partial<Known> = {}): Known => ({ until: after(3_600_000), askedAt: now, isStale: false, tellings: 0, ...change })

describe('what is known of a subscription', () => {
  it('is believed for a minute without asking, and no longer than it is good', () => {
    assert.deepEqual(
      [0, 59_999, 60_000].map((ms) => isFresh(known(), after(ms))),
      [true, true, false],
    )
    assert.deepEqual(
      [999, 1_000].map((ms) => isFresh(known({ until: after(1_000) }), after(ms))),
      [true, false],
    )
  })
  it('is asked for again once a change was told, or when the clock was set back', () => {
    assert.equal(isFresh(known({ isStale: true }), now), false)
    assert.equal(isFresh(known({ askedAt: after(1) }), now), false)
  })
  it('is good until its end, however old and stale', () => {
    const old = known({ askedAt: after(-9e9), isStale: true })
    assert.deepEqual([isGood(old, after(3_599_999)), isGood(old, after(3_600_000))], [true, false])
  })
  it('is told by a subscription that opens premium contests, until its last open moment', () => {
    const openUntil = toIso(after(5))
    assert.equal(opensUntil({ grants: ['premium-contests'], openUntil }), after(5))
    assert.equal(opensUntil({ grants: [], openUntil }), null)
    assert.equal(opensUntil({ grants: ['premium-contests'], openUntil: null }), null)
    assert.equal(opensUntil({ grants: ['premium-contests'], openUntil: 'some day' }), null, 'what cannot be read opens nothing')
  })
})

describe('the breaker', () => {
  const afterFailures = (count: number) => Array.from({ length: count }).reduce<typeof closedBreaker>((breaker) => failed(breaker, now), closedBreaker)

  it('rests after three failures in a row, not before', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((count) => mayTry(afterFailures(count), after(1))),
      [true, true, true, false, false],
    )
    assert.deepEqual(
      [2, 3, 4].map((count) => hasJustOpened(afterFailures(count))),
      [false, true, false],
    )
  })
  it('lets one call try after five seconds, and the next one five seconds later', () => {
    const resting = afterFailures(3)
    assert.deepEqual([mayTry(resting, after(4_999)), mayTry(resting, after(5_000))], [false, true])
    const tried = trying(resting, after(5_000))
    assert.deepEqual([mayTry(tried, after(5_000)), mayTry(tried, after(9_999)), mayTry(tried, after(10_000))], [false, false, true])
  })
  it('does not hold anybody up while calls succeed', () => {
    const tried = trying(afterFailures(2), now)
    assert.equal(mayTry(tried, now), true)
  })
})
