import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Plan } from '#contracts/billing'
import { type Instant, instant } from '#kernel/time'
import { addDays } from './calendar.ts'
import { dueAt, remindersOf } from './due.ts'
import { codeOf, readCode, referenceOf } from './join-code.ts'
import { applicationPostings, type Posting, paymentPostings, refundOf, splitOf } from './ledger.ts'
import { findingOf, nextCheckAt, type Payment, type Refund, retryPauseMs, returnedAt, troubleOf } from './payment.ts'
import { areSameTerms, nextTerms, termsOf } from './terms.ts'
import { type Facts, standingAt } from './timeline.ts'

const now = instant(Date.parse('2026-03-01T08:00:00.000Z'))
const plan: Plan = {
  id: 'p',
  name: 'Month',
  description: '',
  features: [],
  grants: ['premium-contests'],
  audience: 'person',
  periodMonths: 1,
  trialDays: 0,
  graceDays: 3,
  seats: null,
  prices: [{ currency: 'RWF', amount: 1_500 }],
  active: true,
}
const terms = { ...termsOf(plan, 'RWF'), amount: 1_500 } as NonNullable<ReturnType<typeof termsOf>>
const payment: Payment = {
  id: 'a',
  subscriptionId: 's',
  reference: 'CA-1',
  provider: 'stripe',
  terms,
  asked: { amount: 1_500, currency: 'RWF' },
  status: 'pending',
  createdAt: now,
  page: undefined,
  expiresAt: addDays(now, 1),
  providerRef: undefined,
  received: undefined,
  paidAt: undefined,
  earned: 0,
  credit: 0,
  trouble: undefined,
  checks: 0,
}
const came: Payment = { ...payment, status: 'succeeded', received: payment.asked, paidAt: now, earned: 1_500 }
const refund = (amount: number, more: Partial<Refund> = {}): Refund => ({
  id: `r${amount}`,
  paymentId: 'a',
  amount,
  reason: '',
  askedAt: addDays(now, 3),
  status: 'done',
  origin: 'admin',
  tries: 1,
  ...more,
})
const sum = (postings: readonly Posting[]) => postings.reduce((all, { amount }) => all + amount, 0)

describe('the books', () => {
  const amounts = fc.integer({ min: 1, max: 1_000_000_000_000 })
  test('every entry adds up to zero, and what is left is what came less what went back', () => {
    fc.assert(
      fc.property(amounts, amounts, fc.boolean(), fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 5 }), (received, price, isApplied, shares) => {
        let split = splitOf(received, price, isApplied)
        assert.equal(sum(paymentPostings('stripe', { amount: received, currency: 'USD' }, split)), 0)
        let left = received
        for (const share of shares) {
          const amount = Math.floor((left * share) / 1_000)
          if (amount === 0) continue
          const { after, postings } = refundOf(split, { amount, currency: 'USD' }, 'stripe')
          assert.equal(sum(postings), 0)
          left -= amount
          split = after
          assert.equal(split.earned + split.credit, left)
          assert.ok(split.earned >= 0 && split.credit >= 0)
        }
        assert.equal(sum(applicationPostings('USD', split.credit)), 0)
      }),
    )
  })
  test('it is the same whether money was found to fit before a part of it went back, or after', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (received, price, share) => {
          const amount = Math.floor(received * share)
          const back = (split: { earned: number; credit: number }) => refundOf(split, { amount, currency: 'RWF' }, 'x').after
          const before = back(splitOf(received, price, true))
          const unfit = back(splitOf(received, price, false))
          assert.deepEqual(splitOf(unfit.earned + unfit.credit, price, true), before)
        },
      ),
    )
  })
})

describe('what a provider says', () => {
  const paid = { state: 'paid', money: payment.asked, paidAt: now, providerRef: 'x', refunded: 0 } as const
  test('money is kept once, and also after it was given up', () => {
    for (const status of ['pending', 'failed', 'expired'] as const) assert.equal(findingOf({ ...payment, status }, [], paid, now).kind, 'paid')
    assert.equal(findingOf(came, [], paid, now).kind, 'nothing')
  })
  test('nothing takes back that it came', () => {
    for (const state of ['unknown', 'open', 'failed', 'expired'] as const) assert.equal(findingOf(came, [], { state }, addDays(now, 99)).kind, 'nothing')
  })
  test('a payment that it does not have is expired when its time is over, and not before', () => {
    assert.equal(findingOf(payment, [], { state: 'open' }, now).kind, 'nothing')
    assert.deepEqual(findingOf(payment, [], { state: 'unknown' }, payment.expiresAt), { kind: 'unpaid', status: 'expired' })
    assert.deepEqual(findingOf(payment, [], { state: 'failed' }, now), { kind: 'unpaid', status: 'failed' })
  })
  test('what went back past us is what we did not ask for ourselves', () => {
    const back = (refunded: number, refunds: readonly Refund[]) => findingOf(came, refunds, { ...paid, refunded }, now)
    assert.deepEqual(back(600, []), { kind: 'returned', amount: 600 })
    assert.deepEqual(back(600, [refund(400)]), { kind: 'returned', amount: 200 })
    assert.equal(back(600, [refund(600, { status: 'asked' })]).kind, 'nothing', 'it may be the one whose answer was lost')
    assert.deepEqual(back(600, [refund(600, { status: 'refused' })]), { kind: 'returned', amount: 600 })
    assert.deepEqual(back(9_999, []), { kind: 'returned', amount: 1_500 }, 'never more than came')
  })
})

describe('a payment', () => {
  test('is returned when all of it went back, at the time that was asked for', () => {
    assert.equal(returnedAt(came, [refund(1_000)]), undefined)
    assert.equal(returnedAt(came, [refund(1_000), refund(500, { status: 'asked' })]), undefined)
    assert.equal(returnedAt(came, [refund(1_000), refund(500, { askedAt: addDays(now, 2) })]), addDays(now, 3))
  })
  test('is asked after at growing intervals, at its end, by the day afterwards, and not for ever', () => {
    let at = now as Instant | undefined
    const times: number[] = []
    for (let checks = 0; at !== undefined && checks < 200; checks++) {
      times.push(at - now)
      at = nextCheckAt({ ...payment, checks }, at)
    }
    assert.deepEqual(times.slice(0, 4), [0, 20_000, 60_000, 120_000])
    assert.ok(times.includes(payment.expiresAt - now), 'at its end')
    assert.ok(times.length < 60, `${times.length} times in all`)
    assert.ok((times.at(-1) ?? 0) >= 31 * 86_400_000)
    assert.equal(nextCheckAt({ ...payment, status: 'succeeded' }, now), undefined)
  })
  test('troubles an admin while something of it does not fit', () => {
    assert.equal(troubleOf(came, true, []), undefined)
    assert.match(troubleOf(came, false, []) ?? '', /was over/)
    assert.match(troubleOf({ ...came, received: { amount: 1_500, currency: 'USD' } }, false, []) ?? '', /15\.00 USD came, 1500 RWF/)
    assert.equal(troubleOf({ ...came, earned: 0 }, false, []), undefined, 'all of it went back')
  })
  test('retries wait longer each time, an hour at most', () => {
    assert.deepEqual([1, 2, 3, 30].map(retryPauseMs), [2_000, 4_000, 8_000, 3_600_000])
  })
})

describe('what is due', () => {
  const facts: Facts = { createdAt: now, terms, trialEndsAt: undefined, sponsoredUntil: undefined, cancelledAt: undefined, payments: [] }
  const one: Facts = { ...facts, payments: [{ id: 'a', askedAt: now, paidAt: now, terms, returnedAt: undefined }] }
  const dueOn = (known: Facts, day: number, as: Plan = plan) => dueAt(known, standingAt(known, addDays(now, day)), { plan: as, now: addDays(now, day) })
  test('the first payment at once, the next from 14 days before the end, none when it is over or given', () => {
    assert.equal(dueOn(facts, 0).kind, 'now')
    assert.deepEqual(dueOn(one, 16), { kind: 'later', from: addDays(now, 17) })
    assert.equal(dueOn(one, 17).kind, 'now')
    assert.equal(dueOn(one, 40).kind, 'over')
    assert.equal(dueOn({ ...facts, sponsoredUntil: addDays(now, 5) }, 1).kind, 'later')
  })
  test('it costs what the plan costs then; what is sold no longer goes on as it was', () => {
    const priceOf = (as: Plan) => {
      const due = dueOn(one, 20, as)
      return due.kind === 'now' ? due.terms.amount : undefined
    }
    const dearer = { ...plan, prices: [{ currency: 'RWF' as const, amount: 2_000 }] }
    assert.equal(priceOf(dearer), 2_000)
    assert.equal(priceOf({ ...dearer, active: false }), 1_500)
    assert.equal(priceOf({ ...dearer, prices: [{ currency: 'USD', amount: 2 }] }), 1_500)
    assert.equal(priceOf({ ...dearer, audience: 'school', seats: 5 }), 1_500)
    assert.equal(priceOf({ ...dearer, prices: [{ currency: 'RWF', amount: 0 }] }), 1_500)
    assert.ok(areSameTerms(nextTerms(terms, plan), terms))
  })
  test('the holder is told seven days before, of something short when half of it is over, and of grace', () => {
    const of = (known: Facts) => remindersOf(known, standingAt(known, now)).map(({ stage, at }) => [stage, (at - now) / 86_400_000])
    assert.deepEqual(of(one), [
      ['soon', 24],
      ['grace', 31],
    ])
    assert.deepEqual(of({ ...facts, trialEndsAt: addDays(now, 4) }), [['soon', 2]])
    assert.deepEqual(of({ ...one, cancelledAt: now }), [])
    assert.deepEqual(of({ ...facts, sponsoredUntil: addDays(now, 30) }), [])
  })
})

test('a code is read as people write it, and nothing else is one', () => {
  const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 })
  fc.assert(
    fc.property(bytes, (random) => {
      const code = codeOf(random)
      assert.match(code, /^[A-HJ-NP-Z2-9]{10}$/)
      assert.equal(readCode(` ${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`), code)
      assert.match(referenceOf(random), /^CA-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
    }),
  )
  for (const text of ['', 'ABCDEFGHJ', 'ABCDEFGHJKL', 'ABCDEFGHJ0', 'ABCDEFGHJI', 'ÄBCDEFGHJK']) assert.equal(readCode(text), undefined, text)
})
