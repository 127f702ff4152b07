import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Checkout, Receipt, Subscription } from '#contracts/billing'
import { mayPay, nextAskMs, ownPath, payingPlace, providersFor, standingOf } from './purchase.ts'

const due = { paymentId: 'p', provider: 'sandbox', amount: 1500, currency: 'RWF', reference: 'R-1' } satisfies Checkout
const subscription = {
  status: 'active',
  isHolder: true,
  sponsored: false,
  cancelsAtPeriodEnd: false,
  periodEndsAt: '2026-02-01T00:00:00Z',
  price: { amount: 1500, currency: 'RWF' },
} as Subscription
const receipt = { kind: 'receipt', reference: 'R-1', number: 7 } as Receipt

test('a payment has come when there is a receipt, and by nothing else', () => {
  assert.equal(standingOf('R-1', [{ ...subscription, due }], []).state, 'waiting')
  assert.equal(standingOf('R-1', [{ ...subscription, due }], [receipt]).state, 'paid')
  assert.equal(standingOf('R-1', [subscription], []).state, 'notPaid')
  assert.equal(standingOf('R-2', [{ ...subscription, due }], [receipt]).state, 'notPaid')
  assert.equal(standingOf('R-1', [], [{ ...receipt, kind: 'credit-note' }]).state, 'notPaid')
})

test('what is not proven yet is asked for as long as the page is open', () => {
  assert.equal(nextAskMs({ state: 'paid', receipt }, 0), false)
  assert.deepEqual([nextAskMs(undefined, 0), nextAskMs({ state: 'notPaid' }, 59_999), nextAskMs({ state: 'notPaid' }, 3_600_000)], [2_000, 2_000, 10_000])
})

test('only web addresses are followed, and play money stays on this web whatever host it names', () => {
  assert.deepEqual(payingPlace({ provider: 'stripe', url: 'https://pay.example/x?y=1' }), { kind: 'leave', url: 'https://pay.example/x?y=1' })
  assert.deepEqual(payingPlace({ provider: 'sandbox', url: 'http://localhost:8080/pay/sandbox/R-1' }), { kind: 'stay', path: '/pay/sandbox/R-1' })
  assert.deepEqual(payingPlace({ provider: 'manual' }), { kind: 'stay', path: '/me/subscription' })
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example'])
    assert.deepEqual(payingPlace({ provider: 'stripe', url }), { kind: 'stay', path: '/me/subscription' })
})

test('a path of our own never leads away', () => {
  assert.equal(ownPath('http://arena.example/plans/return?reference=R-1#x'), '/plans/return?reference=R-1')
  assert.equal(ownPath('/plans/return'), '/plans/return')
  for (const address of ['//evil.example/x', 'http://a//evil.example', '/\\evil.example', 'javascript:/x', 'plans', ''])
    assert.equal(ownPath(address), undefined, address)
})

test('the next period can be paid from 14 days before its end, by whoever holds it', () => {
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`)
  assert.deepEqual([mayPay(subscription, day('2026-01-17')), mayPay(subscription, day('2026-01-18'))], [false, true])
  const late = day('2026-01-30')
  for (const change of [
    { isHolder: false },
    { sponsored: true },
    { cancelsAtPeriodEnd: true },
    { status: 'expired' as const },
    { price: { amount: 0, currency: 'RWF' as const } },
  ])
    assert.equal(mayPay({ ...subscription, ...change }, late), false, JSON.stringify(change))
  for (const status of ['pending', 'grace'] as const) assert.equal(mayPay({ ...subscription, status, periodEndsAt: null }, day('2026-01-01')), true)
})

test('only providers that take the currency are offered', () => {
  const [card, bank] = [
    { name: 'stripe' as const, methods: ['card' as const], currencies: ['USD' as const] },
    { name: 'manual' as const, methods: ['bank-transfer' as const], currencies: ['RWF' as const, 'USD' as const] },
  ]
  assert.deepEqual(providersFor([card, bank], 'RWF'), [bank])
  assert.deepEqual(providersFor([card, bank], 'USD'), [card, bank])
})
