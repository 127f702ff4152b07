import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { instant } from '#kernel/time'
import { boardFreezesAt, type ContestClock, clockFrom, freezeStart, hasStarted, mayJoin, myEndsAt, myPhaseAt, phaseAt, type Registration } from './contest.ts'

const minute = 60_000
const at = (minutes: number) => instant(1_800_000_000_000 + minutes * minute)
const window: ContestClock = { timing: 'window', startsAt: at(0), endsAt: at(120), durationMinutes: null, rules: { freezeMinutes: 30 } }
const personal: ContestClock = { timing: 'personal', startsAt: at(0), endsAt: at(120), durationMinutes: 45, rules: {} }
const untimed: ContestClock = { timing: 'untimed', startsAt: null, endsAt: null, durationMinutes: null, rules: {} }
const joined = (contest: ContestClock, minutes: number): Registration => ({
  userId: 'u',
  joinedAt: at(minutes),
  openedAt: null,
  ...clockFrom(contest, at(minutes)),
})

describe('the clocks of a contest', () => {
  it('runs from its start up to and without its end, frozen in the last stretch', () => {
    const phases = [-1, 0, 89, 90, 119, 120].map((minutes) => phaseAt(window, at(minutes)))
    assert.deepEqual(phases, ['scheduled', 'running', 'running', 'frozen', 'frozen', 'ended'])
    assert.equal(phaseAt(window, instant(at(120) - 1)), 'frozen')
    assert.equal(phaseAt(untimed, at(0)), 'running')
  })

  it('freezes the board from the start with feedback after the end, without calling that a freeze', () => {
    const late: ContestClock = { ...window, rules: { freezeMinutes: 30, feedback: 'after-end' } }
    assert.deepEqual([boardFreezesAt(late), freezeStart(late), phaseAt(late, at(100))], [at(0), null, 'running'])
    assert.deepEqual([boardFreezesAt(window), boardFreezesAt(personal), boardFreezesAt(untimed)], [at(90), null, null])
    assert.equal(boardFreezesAt({ ...window, rules: { freezeMinutes: 0 } }), null)
    assert.equal(boardFreezesAt({ ...window, rules: { freezeMinutes: 999 } }), at(0))
  })

  it('gives each participant of a personal contest their own minutes, never beyond the window', () => {
    assert.deepEqual(clockFrom(personal, at(10)), { startedAt: at(10), endsAt: at(55) })
    assert.deepEqual(clockFrom(personal, at(100)), { startedAt: at(100), endsAt: at(120) })
    const mine = joined(personal, 10)
    assert.deepEqual(
      [20, 54, 55, 120].map((minutes) => myPhaseAt(personal, mine, at(minutes))),
      ['running', 'running', 'ended', 'ended'],
    )
    assert.equal(myPhaseAt(personal, undefined, at(20)), 'scheduled')
    assert.deepEqual([myEndsAt(personal, mine), myEndsAt(personal, undefined), myEndsAt(window, undefined)], [at(55), null, at(120)])
  })

  it('starts a window for all at once, and an untimed contest for each on joining', () => {
    assert.deepEqual(clockFrom(window, at(-5)), { startedAt: at(0), endsAt: null })
    assert.deepEqual(clockFrom(window, at(50)), { startedAt: at(0), endsAt: null })
    assert.deepEqual(clockFrom(untimed, at(50)), { startedAt: at(50), endsAt: null })
  })

  it('may be joined as long as there is something to do, and not when archived', () => {
    const may = (contest: ContestClock, minutes: number, archived = false) => mayJoin({ ...contest, archived }, at(minutes))
    assert.deepEqual([may(window, -99), may(window, 119), may(window, 120)], [true, true, false])
    assert.deepEqual([may(personal, -1), may(personal, 0), may(personal, 119), may(personal, 120)], [false, true, true, false])
    assert.deepEqual([may(untimed, 0), may(untimed, 0, true), may(window, 5, true)], [true, false, false])
  })

  it('has started once participants may have begun', () => {
    assert.deepEqual([hasStarted(window, 9, at(-1)), hasStarted(window, 0, at(0))], [false, true])
    assert.deepEqual([hasStarted(untimed, 0, at(0)), hasStarted(untimed, 1, at(0))], [false, true])
  })

  it('only ever goes forward', () => {
    const order = ['scheduled', 'running', 'frozen', 'ended']
    const clock = fc.record({
      freeze: fc.integer({ min: 0, max: 200 }),
      join: fc.integer({ min: 0, max: 119 }),
      a: fc.integer({ min: -50, max: 200 }),
      b: fc.integer({ min: -50, max: 200 }),
    })
    fc.assert(
      fc.property(clock, fc.constantFrom(window, personal), ({ freeze, join, a, b }, base) => {
        const contest = { ...base, rules: { freezeMinutes: freeze } }
        const mine = joined(contest, join)
        const [early, late] = [at(Math.min(a, b)), at(Math.max(a, b))]
        assert.ok(order.indexOf(phaseAt(contest, early)) <= order.indexOf(phaseAt(contest, late)))
        assert.ok(order.indexOf(myPhaseAt(contest, mine, early)) <= order.indexOf(myPhaseAt(contest, mine, late)))
      }),
    )
  })
})
