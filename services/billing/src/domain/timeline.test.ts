import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Instant, instant, toIso } from '#kernel/time'
import { addDays } from './calendar.ts'
import type { Terms } from './terms.ts'
import { type Facts, isOpen, type PaidFact, standingAt } from './timeline.ts'

const start = instant(Date.parse('2026-03-01T08:00:00.000Z'))
const day = (count: number) => addDays(start, count)
const terms: Terms = {
  planId: 'p',
  planName: 'Month',
  audience: 'person',
  grants: ['premium-contests'],
  periodMonths: 1,
  trialDays: 0,
  graceDays: 3,
  seats: null,
  amount: 1_500,
  currency: 'RWF',
}
const facts = (more: Partial<Facts> = {}): Facts => ({
  createdAt: start,
  terms,
  trialEndsAt: undefined,
  sponsoredUntil: undefined,
  cancelledAt: undefined,
  payments: [],
  ...more,
})
const paid = (onDay: number, more: Partial<PaidFact> = {}): PaidFact => ({
  id: `p${onDay}`,
  askedAt: day(onDay),
  paidAt: day(onDay),
  terms,
  returnedAt: undefined,
  ...more,
})
const statusOn = (known: Facts, onDay: number) => standingAt(known, day(onDay)).status
const openUntil = (known: Facts, onDay: number) => {
  const until = standingAt(known, day(onDay)).openUntil
  return until === undefined ? undefined : toIso(until).slice(0, 10)
}

describe('a subscription', () => {
  test('is pending until it is paid, and over when nobody pays for a month', () => {
    assert.deepEqual([statusOn(facts(), 0), openUntil(facts(), 0)], ['pending', undefined])
    assert.equal(statusOn(facts(), 30), 'expired')
  })
  test('is active for its period, then in grace, then over', () => {
    const one = facts({ payments: [paid(1)] })
    assert.deepEqual([statusOn(one, 1), openUntil(one, 1)], ['active', '2026-04-05'])
    assert.deepEqual([statusOn(one, 32), openUntil(one, 32)], ['grace', '2026-04-05'])
    assert.deepEqual([statusOn(one, 35), openUntil(one, 35)], ['expired', undefined])
  })
  test('goes on from the end of its period when the next one is paid early, or in grace', () => {
    const ends = (onDay: number) => standingAt(facts({ payments: [paid(0), paid(onDay)] }), day(onDay)).coveredUntil
    assert.equal(toIso(ends(20) as Instant), '2026-05-01T08:00:00.000Z')
    assert.equal(toIso(ends(33) as Instant), '2026-05-01T08:00:00.000Z')
  })
  test('that began on the 31st ends on the 31st again after a short month', () => {
    const january = instant(Date.parse('2026-01-31T08:00:00.000Z'))
    const known = facts({ createdAt: january, payments: [0, 20, 40].map((at) => paid(0, { id: `${at}`, paidAt: addDays(january, at) })) })
    assert.deepEqual(
      standingAt(known, january).periods.map(({ endsAt }) => toIso(endsAt).slice(0, 10)),
      ['2026-02-28', '2026-03-31', '2026-04-30'],
    )
  })
  test('opens during the trial and no day longer unless it is paid', () => {
    const trial = facts({ trialEndsAt: day(14) })
    assert.deepEqual([statusOn(trial, 13), openUntil(trial, 13)], ['trialing', '2026-03-15'])
    assert.equal(statusOn(trial, 14), 'expired')
    const bought = facts({ trialEndsAt: day(14), payments: [paid(5)] })
    assert.equal(statusOn(bought, 13), 'trialing', 'what is paid begins after the trial')
    assert.deepEqual([statusOn(bought, 14), openUntil(bought, 14)], ['active', '2026-04-18'])
  })
  test('cancelled: open until the end of what is paid or tried, at once where nothing is', () => {
    const active = facts({ payments: [paid(0)], cancelledAt: day(5) })
    assert.deepEqual([statusOn(active, 6), openUntil(active, 6)], ['active', '2026-04-01'])
    assert.equal(standingAt(active, day(6)).cancelsAtPeriodEnd, true)
    assert.equal(statusOn(active, 31), 'cancelled', 'without grace')
    assert.equal(statusOn(facts({ trialEndsAt: day(14), cancelledAt: day(5) }), 6), 'trialing')
    assert.equal(statusOn(facts({ cancelledAt: day(5) }), 5), 'cancelled')
    assert.equal(statusOn(facts({ payments: [paid(0)], cancelledAt: day(32) }), 32), 'cancelled', 'in grace nothing is paid')
  })
  test('money back ends the period at once; what else is paid takes its place', () => {
    const back = facts({ payments: [paid(0, { returnedAt: day(10) })] })
    assert.equal(statusOn(back, 9.99), 'active')
    assert.deepEqual([statusOn(back, 10), openUntil(back, 10)], ['cancelled', undefined])
    const two = facts({ payments: [paid(0, { returnedAt: day(10) }), paid(5)] })
    assert.equal(statusOn(two, 10), 'active')
    assert.equal(toIso(standingAt(two, day(10)).coveredUntil as Instant), '2026-04-11T08:00:00.000Z')
    const next = facts({ payments: [paid(0), paid(5, { returnedAt: day(10) })] })
    assert.equal(toIso(standingAt(next, day(10)).coveredUntil as Instant), '2026-04-01T08:00:00.000Z', 'the next one back: this one stays')
  })
  test('money for what is over fits nothing', () => {
    const applied = (known: Facts) => standingAt(known, day(200)).appliedIds
    assert.deepEqual(applied(facts({ cancelledAt: day(2), payments: [paid(3)] })), [])
    assert.deepEqual(applied(facts({ cancelledAt: day(2), payments: [paid(1)] })), ['p1'], 'paid before, known later')
    assert.deepEqual(applied(facts({ payments: [paid(0), paid(40)] })), ['p0'])
    const again = facts({ payments: [paid(0, { returnedAt: day(3) }), paid(4)] })
    assert.deepEqual([applied(again), statusOn(again, 5)], [['p0', 'p4'], 'active'], 'who pays once more wants it')
  })
  test('asked for in time, money is taken though it took its time', () => {
    const slow = facts({ payments: [paid(0), paid(45, { askedAt: day(30) })] })
    assert.deepEqual([statusOn(slow, 46), toIso(standingAt(slow, day(46)).period?.startsAt as Instant)], ['active', toIso(day(45))])
  })
  test('free: goes on by itself until it is cancelled', () => {
    const free = facts({ terms: { ...terms, amount: 0 } })
    assert.deepEqual([statusOn(free, 500), openUntil(free, 500)], ['active', '2027-08-01'])
    const cancelled = { ...free, cancelledAt: day(40) }
    assert.deepEqual([statusOn(cancelled, 41), openUntil(cancelled, 41)], ['active', '2026-05-01'])
    assert.equal(statusOn(cancelled, 62), 'cancelled')
  })
  test('sponsored: until its day, and over at once when it is taken back', () => {
    const sponsored = facts({ terms: { ...terms, amount: 0 }, sponsoredUntil: day(100) })
    assert.deepEqual([statusOn(sponsored, 99), openUntil(sponsored, 99)], ['active', toIso(day(100)).slice(0, 10)])
    assert.equal(statusOn(sponsored, 100), 'expired')
    assert.equal(statusOn({ ...sponsored, cancelledAt: day(5) }, 5), 'cancelled')
  })
})

const someDay = fc.integer({ min: 0, max: 200 })
const somePayments = fc
  .array(fc.record({ asked: someDay, took: fc.integer({ min: 0, max: 40 }), returned: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }) }), {
    maxLength: 6,
  })
  .map((all) =>
    all.map(
      ({ asked, took, returned }, at): PaidFact => ({
        id: `p${at}`,
        askedAt: day(asked),
        paidAt: day(asked + took),
        terms,
        returnedAt: returned === undefined ? undefined : day(asked + took + returned),
      }),
    ),
  )
const someFacts = fc
  .record({ payments: somePayments, trial: fc.constantFrom(undefined, 14), cancelled: fc.option(someDay, { nil: undefined }) })
  .map(({ payments, trial, cancelled }) =>
    facts({ payments, trialEndsAt: trial === undefined ? undefined : day(trial), cancelledAt: cancelled === undefined ? undefined : day(cancelled) }),
  )

describe('whatever the facts', () => {
  test('the order in which they became known does not matter', () => {
    const shuffled = someFacts.chain((known) =>
      fc.record({ known: fc.constant(known), other: fc.shuffledSubarray([...known.payments], { minLength: known.payments.length }), at: someDay }),
    )
    fc.assert(fc.property(shuffled, ({ known, other, at }) => assert.deepEqual(standingAt({ ...known, payments: other }, day(at)), standingAt(known, day(at)))))
  })
  test('periods follow each other and do not overlap', () => {
    fc.assert(
      fc.property(someFacts, (known) => {
        const { periods } = standingAt(known, day(300))
        for (const [at, { startsAt, endsAt }] of periods.entries()) {
          assert.ok(startsAt < endsAt)
          const before = periods[at - 1]
          if (before) assert.ok(before.endsAt <= startsAt)
        }
      }),
    )
  })
  test('it is open exactly until openUntil, and nothing changes before nextChangeAt', () => {
    fc.assert(
      fc.property(someFacts, someDay, fc.integer({ min: 0, max: 100_000_000 }), (known, onDay, laterMs) => {
        const now = day(onDay)
        // what was paid, cancelled or given back later is not known yet
        const past = (at: Instant | undefined) => (at !== undefined && at <= now ? at : undefined)
        const asKnown = {
          ...known,
          cancelledAt: past(known.cancelledAt),
          payments: known.payments.filter(({ paidAt }) => paidAt <= now).map((each) => ({ ...each, returnedAt: past(each.returnedAt) })),
        }
        const here = standingAt(asKnown, now)
        assert.equal(here.openUntil !== undefined, isOpen(here.status))
        if (here.openUntil !== undefined) {
          assert.ok(now < here.openUntil)
          assert.ok(isOpen(standingAt(asKnown, instant(here.openUntil - 1)).status), 'a moment before')
          assert.ok(!isOpen(standingAt(asKnown, here.openUntil).status), 'and then no more')
        }
        const soon = instant(Math.min(now + laterMs, (here.nextChangeAt ?? Number.MAX_SAFE_INTEGER) - 1))
        const then = standingAt(asKnown, soon)
        assert.deepEqual([then.status, then.openUntil, then.period], [here.status, here.openUntil, here.period])
      }),
    )
  })
})
