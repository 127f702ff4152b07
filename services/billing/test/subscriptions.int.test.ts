import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { renewalDue, subscriptionChanged } from '#contracts/billing'
import { userUpdated } from '#contracts/user'
import { aPlan, aUser, type Billing, openBilling } from './open-billing.ts'

let it: Billing
before(async () => {
  it = await openBilling()
})
after(() => it.stop())

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body?.error?.code]

describe('a plan', () => {
  test('is bought, paid, and opens what it grants; the provider is asked, not believed', async () => {
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
    assert.deepEqual([body.receipts[0].amount, body.receipts[0].payerName], [1_500, 'Uwase Aline'])
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
  test('has its rules', async () => {
    const bad = async (more: object) => {
      const answer = await it.admin.call('POST /api/plans', { body: { ...aPlan(), ...more } })
      return [answer.status, answer.body.error?.details?.rule ?? answer.body.error?.code]
    }
    const rwf = { currency: 'RWF', amount: 10 }
    assert.deepEqual(await bad({ prices: [rwf, rwf] }), [422, 'CURRENCY_TWICE'])
    assert.deepEqual(await bad({ audience: 'school' }), [422, 'SEATS_MISSING'])
    assert.deepEqual(await bad({ seats: 5 }), [422, 'SEATS_OF_PERSON'])
    assert.deepEqual(await bad({ prices: [rwf, { currency: 'USD', amount: 0 }] }), [422, 'FREE_AND_PAID'])
    assert.deepEqual(await bad({ prices: [{ currency: 'RWF', amount: 0 }], trialDays: 3 }), [422, 'FREE_WITH_TRIAL'])
    assert.deepEqual(await bad({ prices: [{ currency: 'RWF', amount: -1 }] }), [400, 'VALIDATION_FAILED'])
    assert.deepEqual(await bad({ prices: [{ currency: 'RWF', amount: 10.5 }] }), [400, 'VALIDATION_FAILED'])
    assert.deepEqual(await bad({ prices: [{ currency: 'KES', amount: 10 }] }), [400, 'VALIDATION_FAILED'])
    const plan = await it.plan()
    assert.deepEqual(codeOf(await it.admin.call('PATCH /api/plans/:id', { params: { id: plan.id }, body: { seats: 3 } })), [422, 'PLAN_INVALID'])
    assert.deepEqual(codeOf(await it.admin.call('PATCH /api/plans/:id', { params: { id: v7() }, body: { name: 'x' } })), [404, 'PLAN_NOT_FOUND'])
    assert.deepEqual(codeOf(await (await it.user({ role: 'teacher' })).call('POST /api/plans', { body: aPlan() })), [403, 'FORBIDDEN'])
  })
  test('off sale is not sold, and listed to admins alone', async () => {
    const plan = await it.plan()
    await it.admin.call('PATCH /api/plans/:id', { params: { id: plan.id }, body: { active: false } })
    const user = await it.user()
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })), [404, 'PLAN_NOT_FOUND'])
    const ids = (answer: any) => answer.body.plans.map(({ id }: { id: string }) => id)
    assert.ok(!ids(await it.call('GET /api/plans')).includes(plan.id))
    assert.ok(ids(await it.admin.call('GET /api/billing/plans')).includes(plan.id))
  })
  test('that is free is active at once, asks nobody for money, and goes on by itself', async () => {
    const plan = await it.plan(aPlan({ prices: [{ currency: 'RWF', amount: 0 }] }))
    const user = await it.user()
    const { id, reference } = await it.subscribe(user, plan.id)
    assert.equal(reference, undefined)
    it.days(45)
    await it.work()
    assert.equal((await it.one(user)).status, 'active')
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: {} })), [409, 'NOTHING_DUE'])
    const news = it.told(subscriptionChanged).filter(({ subscriptionId }) => subscriptionId === id)
    assert.equal(news.length, 2, 'told again when its period went over into the next')
  })
})

describe('subscribing', () => {
  test('begins a trial, once for each holder and plan', async () => {
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
  test('with the same key twice, at once too, is one subscription and one payment', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const ask = (body: object = {}) =>
      user.call('POST /api/subscriptions', { headers: { 'idempotency-key': 'a-key' }, body: { planId: plan.id, currency: 'RWF', ...body } })
    const answers = await Promise.all([ask(), ask(), ask(), ask()])
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
    assert.equal(new Set(answers.map(({ body }) => `${body.subscription.id} ${body.checkout.reference}`)).size, 1)
    assert.deepEqual(codeOf(await ask({ currency: 'USD' })), [409, 'IDEMPOTENCY_MISMATCH'])
    assert.equal((await it.mine(user)).length, 1)
    const other = await it.user()
    const theirs = await other.call('POST /api/subscriptions', { headers: { 'idempotency-key': 'a-key' }, body: { planId: plan.id, currency: 'USD' } })
    assert.equal(theirs.status, 201, 'a key is its user’s own')
  })
  test('without a key, at once: still one; what is bought already is not bought again', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const begun = await Promise.all([1, 2, 3].map(() => it.subscribe(user, plan.id)))
    assert.equal(new Set(begun.map(({ id, reference }) => `${id} ${reference}`)).size, 1)
    const inUsd = { planId: plan.id, currency: 'USD' }
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions', { body: inUsd })), [409, 'ALREADY_SUBSCRIBED'])
    await it.pay(it.providers.stripe, begun[0]?.reference ?? '')
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })), [409, 'ALREADY_SUBSCRIBED'])
  })
  test('a program that asks without end is told to wait', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { id } = await it.subscribe(user, plan.id)
    const calls = it.providers.stripe.calls.checkout
    for (let times = 1; times < 30; times++) await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: {} })
    assert.equal(it.providers.stripe.calls.checkout, calls, 'a page that is kept is given again')
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: {} })), [429, 'TOO_MANY_REQUESTS'])
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })), [429, 'TOO_MANY_REQUESTS'])
  })
  test('to what there is not, is refused and changes nothing', async () => {
    const plan = await it.plan()
    const school = await it.plan(aPlan({ audience: 'school', seats: 5 }))
    const user = await it.user()
    const refused = async (body: object) => codeOf(await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF', ...body } }))
    assert.deepEqual(await refused({ planId: v7() }), [404, 'PLAN_NOT_FOUND'])
    assert.deepEqual(await refused({ currency: 'EUR' }), [422, 'CURRENCY_NOT_OFFERED'])
    assert.deepEqual(await refused({ currency: 'KES' }), [400, 'VALIDATION_FAILED'])
    assert.deepEqual(await refused({ provider: 'sandbox' }), [422, 'PROVIDER_NOT_OFFERED'])
    assert.deepEqual(await refused({ planId: school.id }), [422, 'SCHOOL_MISSING'])
    assert.deepEqual(await refused({ price: 1 }), [400, 'VALIDATION_FAILED'])
    assert.deepEqual(await it.mine(user), [])
  })
  test('where the provider is dead, is asked again and goes on from there', async () => {
    const plan = await it.plan()
    const user = await it.user()
    it.providers.stripe.will('checkout', 'dead', 'answer lost')
    const ask = () => user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })
    assert.deepEqual(codeOf(await ask()), [502, 'PROVIDER_FAILED'])
    assert.deepEqual(codeOf(await ask()), [502, 'PROVIDER_FAILED'])
    const third = await ask()
    assert.equal(third.status, 201, third.text)
    assert.deepEqual([(await it.mine(user)).length, it.providers.stripe.references().filter((each) => each === third.body.checkout.reference).length], [1, 1])
    it.providers.stripe.will('checkout', 'refuses')
    const other = await it.user()
    assert.deepEqual(codeOf(await other.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })), [502, 'PROVIDER_FAILED'])
    assert.equal((await it.subscribe(other, plan.id)).id.length, 36, 'a new payment takes the place of the refused one')
  })
})

describe('the next period', () => {
  test('can be paid from 14 days before, follows on, and costs what the plan costs then', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { id, reference } = await it.subscribe(user, plan.id)
    await it.pay(it.providers.stripe, reference)
    const pay = (body: object = {}) => user.call('POST /api/subscriptions/:id/pay', { params: { id }, body })
    const early = await pay()
    const ends = (await it.one(user)).periodEndsAt ?? ''
    assert.deepEqual(codeOf(early), [409, 'NOTHING_DUE'])
    assert.equal(Date.parse(early.body.error.details.from), Date.parse(ends) - 14 * 86_400_000)
    await it.admin.call('PATCH /api/plans/:id', { params: { id: plan.id }, body: { prices: [{ currency: 'RWF', amount: 2_000 }], name: 'Month, new' } })
    assert.deepEqual([(await it.one(user)).price.amount, (await it.one(user)).planName], [1_500, 'Month'], 'what is bought keeps its terms')
    it.days(20)
    const due = await pay({ provider: 'flutterwave' })
    assert.deepEqual([due.status, due.body.checkout.amount, due.body.checkout.provider], [200, 2_000, 'flutterwave'])
    assert.equal((await pay()).body.checkout.reference, due.body.checkout.reference, 'the one that waits, by the provider of last time')
    await it.pay(it.providers.flutterwave, due.body.checkout.reference)
    const paid = await it.one(user)
    assert.equal(paid.periodEndsAt, ends)
    assert.ok(Date.parse(paid.openUntil ?? '') > Date.parse(ends) + 28 * 86_400_000)
    assert.deepEqual([paid.price.amount, paid.due], [1_500, undefined], 'of the period under way')
    it.days(15)
    assert.deepEqual([(await it.one(user)).price.amount, (await it.one(user)).planName], [2_000, 'Month, new'])
    assert.deepEqual(codeOf(await pay({ provider: 'sandbox' })), [409, 'NOTHING_DUE'])
  })
  test('is reminded of seven days before and when grace begins, once each, over two replicas', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { id, reference } = await it.subscribe(user, plan.id)
    await it.pay(it.providers.stripe, reference)
    const reminded = () =>
      it
        .told(renewalDue)
        .filter(({ subscriptionId }) => subscriptionId === id)
        .map(({ stage }) => stage)
    const turn = () => Promise.all([it.jobs.turns(), it.jobs.turns(), it.jobs.turns()])
    it.days(20)
    await turn()
    assert.deepEqual(reminded(), [])
    it.days(5)
    await turn()
    await turn()
    assert.deepEqual(reminded(), ['soon'])
    it.days(7)
    await turn()
    await turn()
    assert.deepEqual([reminded(), (await it.one(user)).status], [['soon', 'grace'], 'grace'])
    assert.equal((await it.entitlement(user.userId)).active, true)
    it.days(3)
    await turn()
    const statuses = it.told(subscriptionChanged).filter(({ subscriptionId }) => subscriptionId === id)
    assert.deepEqual(
      statuses.map(({ status, revision }) => [status, revision]),
      [
        ['pending', 1],
        ['active', 2],
        ['grace', 3],
        ['expired', 4],
      ],
    )
    assert.equal((await it.entitlement(user.userId)).active, false)
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: {} })), [409, 'SUBSCRIPTION_OVER'])
  })
})

describe('cancelling', () => {
  test('takes effect at the end, can be taken back until then, and paying takes it back', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { id, reference } = await it.subscribe(user, plan.id)
    await it.pay(it.providers.stripe, reference)
    const params = { params: { id } }
    for (let times = 0; times < 2; times++) {
      const { body } = await user.call('DELETE /api/subscriptions/:id', params)
      assert.deepEqual([body.subscription.status, body.subscription.cancelsAtPeriodEnd], ['active', true])
    }
    assert.equal((await it.entitlement(user.userId)).until, (await it.one(user)).periodEndsAt, 'no grace')
    assert.equal((await user.call('POST /api/subscriptions/:id/resume', params)).body.subscription.cancelsAtPeriodEnd, false)
    await user.call('DELETE /api/subscriptions/:id', params)
    it.days(20)
    assert.equal((await user.call('POST /api/subscriptions/:id/pay', { ...params, body: {} })).body.subscription.cancelsAtPeriodEnd, false)
    await user.call('DELETE /api/subscriptions/:id', params)
    it.days(20)
    assert.equal((await it.one(user)).status, 'cancelled')
    assert.deepEqual(codeOf(await user.call('POST /api/subscriptions/:id/resume', params)), [409, 'SUBSCRIPTION_OVER'])
    assert.deepEqual(codeOf(await user.call('DELETE /api/subscriptions/:id', params)), [409, 'SUBSCRIPTION_OVER'])
  })
  test('what is not paid is over at once, and money that still comes is kept as credit', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { id, reference, paymentId } = await it.subscribe(user, plan.id)
    it.ms(1_000)
    assert.equal((await user.call('DELETE /api/subscriptions/:id', { params: { id } })).body.subscription.status, 'cancelled')
    it.ms(1_000)
    await it.pay(it.providers.stripe, reference)
    assert.equal((await it.one(user)).status, 'cancelled')
    const { body } = await it.admin.call('GET /api/billing/payments', { query: { troubled: true, query: reference } })
    assert.deepEqual([body.payments.length, body.payments[0].id, body.payments[0].status], [1, paymentId, 'succeeded'])
    assert.match(body.payments[0].trouble, /1500 RWF came for a subscription that was over/)
    await it.checkBooks()
  })
})

describe("another's", () => {
  test('subscription is not there for anybody but its holder and admins', async () => {
    const plan = await it.plan(aPlan({ audience: 'school', seats: 5 }))
    const user = await it.user()
    const { id } = await it.subscribe(user, plan.id, { school: 'GS Huye' })
    const stranger = await it.user({ role: 'teacher' })
    const before = await it.one(user)
    for (const [key, input] of [
      ['DELETE /api/subscriptions/:id', {}],
      ['POST /api/subscriptions/:id/pay', { body: {} }],
      ['POST /api/subscriptions/:id/resume', {}],
      ['POST /api/subscriptions/:id/code', {}],
      ['GET /api/subscriptions/:id/members', {}],
    ] as const) {
      assert.deepEqual(codeOf(await stranger.call(key, { params: { id }, ...input })), [404, 'SUBSCRIPTION_NOT_FOUND'], key)
    }
    assert.deepEqual(await it.one(user), before)
    assert.equal((await it.admin.call('DELETE /api/subscriptions/:id', { params: { id } })).status, 200)
  })
  test('of a user whose account is shut opens nothing, and the newest news of a user win', async () => {
    const plan = await it.plan(aPlan({ trialDays: 14 }))
    const snapshot = aUser()
    const user = await it.user(snapshot)
    await it.subscribe(user, plan.id)
    await it.publish(userUpdated, { ...snapshot, revision: 3, disabled: true })
    await it.publish(userUpdated, { ...snapshot, revision: 2, disabled: false })
    assert.equal((await it.entitlement(user.userId)).active, false)
    await it.publish(userUpdated, { ...snapshot, revision: 4 })
    assert.equal((await it.entitlement(user.userId)).active, true)
  })
})

test('sponsored: by an admin, until its day, without money', async () => {
  const plan = await it.plan()
  const user = await it.user()
  const give = (more: object = {}) =>
    it.admin.call('POST /api/billing/sponsorships', {
      body: { planId: plan.id, holderId: user.userId, until: new Date(it.clock.now() + 10 * 86_400_000).toISOString(), reason: 'a prize', ...more },
    })
  assert.deepEqual(codeOf(await give({ until: '2020-01-01T00:00:00Z' })), [422, 'TIMES_INVALID'])
  assert.deepEqual(codeOf(await give({ until: '2026-13-01T00:00:00Z' })), [422, 'TIMES_INVALID'])
  assert.deepEqual(codeOf(await give({ planId: v7() })), [404, 'PLAN_NOT_FOUND'])
  assert.deepEqual(codeOf(await give({ holderId: v7() })), [404, 'USER_NOT_FOUND'])
  const given = await give()
  assert.deepEqual([given.status, given.body.subscription.status, given.body.subscription.sponsored], [201, 'active', true])
  assert.deepEqual(codeOf(await give()), [409, 'ALREADY_SUBSCRIBED'])
  assert.equal((await it.entitlement(user.userId)).active, true)
  it.days(10)
  assert.equal((await it.entitlement(user.userId)).active, false)
  assert.deepEqual((await user.call('GET /api/receipts')).body.receipts, [])
})

test('an empty arena in development is given plans, once, whatever the number of replicas; production is not', async () => {
  const fresh = await openBilling({ config: { ...it.host.config, demo: true } })
  try {
    const replicas = await Promise.all([fresh.again(), fresh.again()])
    const { plans } = (await fresh.call('GET /api/plans')).body
    assert.deepEqual(
      plans.map(({ audience, trialDays }: { audience: string; trialDays: number }) => [audience, trialDays]),
      [
        ['person', 14],
        ['person', 0],
        ['school', 30],
      ],
    )
    for (const each of replicas) await each.stop()
  } finally {
    await fresh.stop()
  }
})
