/** What somebody could try who wants something for nothing, or the books to be wrong. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aPlan, type Billing, openBilling } from './open-billing.ts'

let it: Billing
before(async () => {
  it = await openBilling()
})
after(() => it.stop())

test('a page to pay at is not shown as due once the same was paid at another', async () => {
  const user = await it.user()
  const { id, reference } = await it.subscribe(user, (await it.plan()).id)
  it.ms(1_000)
  const other = await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: { provider: 'flutterwave' } })
  assert.notEqual(other.body.checkout.reference, reference)
  it.ms(1_000)
  await it.pay(it.providers.flutterwave, other.body.checkout.reference)
  assert.deepEqual([(await it.one(user)).status, (await it.one(user)).due], ['active', undefined])
})

test('a subscription that cannot be brought in line holds up no other', async () => {
  const plan = await it.plan(aPlan({ trialDays: 2 }))
  const [broken, sound] = [await it.user(), await it.user()]
  const { id } = await it.subscribe(broken, plan.id)
  it.ms(1_000)
  await it.subscribe(sound, plan.id)
  await it.db.query(`update subscriptions set terms = '{}' where id = $1`, [id])
  it.days(3)
  await assert.rejects(it.jobs.turns(), /could not be brought in line/)
  const { rows } = await it.db.query<{ status: string }>(`select told ->> 'status' as status from subscriptions where holder_id = $1`, [sound.userId])
  assert.equal(rows[0]?.status, 'expired')
  await it.db.query('update subscriptions set terms = (select terms from subscriptions where holder_id = $2) where id = $1', [id, sound.userId])
  it.days(1)
  await it.jobs.turns()
  const { rows: mended } = await it.db.query<{ status: string }>(`select told ->> 'status' as status from subscriptions where id = $1`, [id])
  assert.equal(mended[0]?.status, 'expired', 'it is looked at again')
})
