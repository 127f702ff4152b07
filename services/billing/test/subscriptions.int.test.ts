import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { subscriptionChanged } from '#contracts/billing'
import { aPlan, type Billing, openBilling } from './open-billing.ts'

let it: Billing
before(async () => {
  it = await openBilling()
})
after(() => it.stop())

test('a plan is bought, paid, and opens what it grants; the provider is asked, not believed', async () => {
  const plan = await it.plan()
  const user = await it.user()
  const { reference } = await it.subscribe(user, plan.id)
  const pending = await it.one(user)
  assert.deepEqual([pending.status, pending.openUntil, pending.due?.reference], ['pending', null, reference])
  assert.equal((await it.entitlement(user.userId)).active, false)

  await it.tell(it.providers.stripe, reference) // a lie: nothing was paid
  await it.work()
  assert.equal((await it.one(user)).status, 'pending')

  await it.pay(it.providers.stripe, reference)
  const active = await it.one(user)
  assert.deepEqual([active.status, active.periodEndsAt, active.openUntil], ['active', '2026-04-01T08:00:00.000Z', '2026-04-04T08:00:00.000Z'])
  const entitled = await it.entitlement(user.userId)
  assert.deepEqual([entitled.active, entitled.until, entitled.subscriptionId, entitled.plans], [true, active.openUntil, active.id, []])
  const { body } = await user.call('GET /api/receipts')
  assert.equal(body.receipts[0].amount, 1_500)
  assert.equal(body.receipts[0].payerName, 'Uwase Aline')
  const told = it.told(subscriptionChanged).filter(({ subscriptionId }) => subscriptionId === active.id)
  assert.deepEqual(
    told.map(({ status, revision }) => [status, revision]),
    [
      ['pending', 1],
      ['active', 2],
    ],
  )
  await it.checkBooks()
})

test('a trial opens at once, once for each holder and plan, and asks for nothing', async () => {
  const plan = await it.plan(aPlan({ trialDays: 14 }))
  const user = await it.user()
  const first = await it.subscribe(user, plan.id)
  assert.equal(first.reference, undefined)
  assert.equal((await it.one(user)).status, 'trialing')
  assert.equal((await it.entitlement(user.userId)).active, true)
  it.days(14)
  assert.equal((await it.one(user)).status, 'expired', 'by the clock, whether or not a job ran')
  const again = await it.subscribe(user, plan.id)
  assert.notEqual(again.id, first.id)
  assert.equal((await it.one(user)).status, 'pending', 'the trial is used up')
})
