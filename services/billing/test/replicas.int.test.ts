/** Two copies of the service at once on one database, with their jobs running as they do in earnest, on the system's clock. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { receiptIssued } from '#contracts/billing'
import { instant } from '#kernel/time'
import type { Clock } from '#ports/clock'
import { eventually } from '#testkit/eventually'
import { FakeProvider } from './fake-provider.ts'
import { type Billing, openBilling } from './open-billing.ts'

const clock: Clock = {
  now: () => instant(Date.now()),
  after(delay, act) {
    const timer = setTimeout(act, delay).unref()
    return () => clearTimeout(timer)
  },
}
const stripe = new FakeProvider('stripe', clock)
let it: Billing
let second: Awaited<ReturnType<Billing['again']>>
before(async () => {
  it = await openBilling({ clock, openPaymentProviders: () => [stripe] })
  second = await it.again()
})
after(async () => {
  await second.stop()
  await it.stop()
})
const patiently = 60_000

test('what is paid opens by itself, once, though one of the two is stopped in the middle', async () => {
  const plan = await it.plan()
  const begun = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const user = await it.user()
      const asked = await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })
      return { user, reference: asked.body.checkout.reference as string }
    }),
  )
  for (const { reference } of begun) {
    stripe.pay(reference)
    for (let times = 0; times < 3; times++) await it.tell(stripe, reference)
  }
  await second.stop()
  for (const { user } of begun) await eventually(async () => assert.equal((await it.one(user)).status, 'active'), patiently)
  await eventually(() => assert.equal(it.told(receiptIssued).length, 20), patiently)
  await it.checkBooks()
  assert.deepEqual(await it.balances(), { 'provider:stripe RWF': 30_000, 'revenue RWF': -30_000 })
})

test('the operator sees what waits and what is in trouble', async () => {
  const plan = await it.plan()
  const { reference } = await it.subscribe(await it.user(), plan.id)
  stripe.pay(reference, { amount: 7 })
  await it.tell(stripe, reference)
  await eventually(async () => {
    const { money } = await it.checks()
    assert.deepEqual(money?.figures, { waitingNotices: 0, troubledPayments: 1, waitingRefunds: 0 })
  }, patiently)
})
