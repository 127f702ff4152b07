import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { receiptIssued } from '#contracts/billing'
import { aPlan, type Billing, openBilling, type Someone } from './open-billing.ts'

let it: Billing
before(async () => {
  it = await openBilling()
})
after(() => it.stop())

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body?.error?.code]

/** Somebody who has just paid. */
async function payer(provider: 'stripe' | 'flutterwave' = 'stripe') {
  const plan = await it.plan()
  const user = await it.user()
  const begun = await it.subscribe(user, plan.id, { provider })
  await it.pay(it.providers[provider], begun.reference)
  return { user, ...begun }
}
const paymentOf = async (paymentId: string) => {
  const { body } = await it.admin.call('GET /api/billing/payments', { query: { limit: 200 } })
  return body.payments.find(({ id }: { id: string }) => id === paymentId)
}
const refund = (paymentId: string, body: object = {}, key: string = v7()) =>
  it.admin.call('POST /api/billing/payments/:id/refund', {
    params: { id: paymentId },
    headers: { 'idempotency-key': key },
    body: { reason: 'asked for it', ...body },
  })
const changes = async (act: () => Promise<unknown>) => {
  const before = await it.balances()
  await act()
  const after = await it.balances()
  await it.checkBooks()
  const accounts = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(accounts.flatMap((each) => ((after[each] ?? 0) === (before[each] ?? 0) ? [] : [[each, (after[each] ?? 0) - (before[each] ?? 0)]])))
}

describe('a message of a provider', () => {
  test('that is forged, broken, or from one who is not offered, is refused and kept by nobody', async () => {
    const { stripe, flutterwave } = it.providers
    const send = (provider: string, { body, headers }: { body: Buffer; headers: object }) =>
      it.call('POST /api/billing/webhooks/:provider', { params: { provider }, headers: { ...headers } as Record<string, string> }, { payload: body })
    const right = stripe.notice('CA-REFERENCE', 'event-1')
    const kept = async () => (await it.db.query<{ n: string }>('select count(*) as n from notices')).rows[0]?.n
    const before = await kept()
    assert.deepEqual(codeOf(await send('stripe', { ...right, body: Buffer.from(right.body.toString().replace('paid', 'PAID')) })), [
      401,
      'WEBHOOK_SIGNATURE_WRONG',
    ])
    assert.deepEqual(codeOf(await send('stripe', flutterwave.notice('CA-REFERENCE', 'event-1'))), [401, 'WEBHOOK_SIGNATURE_WRONG'])
    assert.deepEqual(codeOf(await send('sandbox', right)), [422, 'PROVIDER_NOT_OFFERED'])
    assert.deepEqual(codeOf(await send('somebody', right)), [400, 'VALIDATION_FAILED'])
    assert.deepEqual(codeOf(await send('stripe', stripe.signed(Buffer.from('{"id":')))), [400, 'WEBHOOK_INVALID'])
    assert.deepEqual(codeOf(await send('stripe', stripe.signed(Buffer.alloc(300_000, 32)))), [413, 'BODY_TOO_LARGE'])
    assert.equal(await kept(), before)
  })
  test('is answered 200 again and again, and is one; about what is not ours it comes to nothing', async () => {
    const { reference } = await payer()
    const finds = it.providers.stripe.calls.find
    for (let times = 0; times < 3; times++) assert.equal((await it.tell(it.providers.stripe, reference, 'the same event')).status, 200)
    await it.tell(it.providers.stripe, 'CA-NOBO-DYSX-XXXX')
    await it.tell(it.providers.stripe, undefined)
    await it.work()
    assert.equal(it.providers.stripe.calls.find, finds + 1)
    const { rows } = await it.db.query("select 1 from notices where event_id = 'the same event'")
    assert.equal(rows.length, 1)
  })
})

describe('money', () => {
  test('is booked, receipted and told of once, whoever asks for it at the same time', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { reference, paymentId } = await it.subscribe(user, plan.id)
    it.providers.stripe.pay(reference)
    const booked = await changes(async () => {
      for (let times = 0; times < 5; times++) await it.tell(it.providers.stripe, reference)
      const check = () => it.admin.call('POST /api/billing/payments/:id/check', { params: { id: paymentId } })
      await Promise.all([it.jobs.notices(), it.jobs.notices(), check(), check(), it.jobs.checks()])
    })
    assert.deepEqual(booked, { 'provider:stripe RWF': 1_500, 'revenue RWF': -1_500 })
    const receipts = it.told(receiptIssued).filter(({ holderId }) => holderId === user.userId)
    assert.equal(receipts.length, 1)
  })
  test('of forty payers at once: numbers without gap or double', async () => {
    const plan = await it.plan()
    const begun = await Promise.all(Array.from({ length: 40 }, async () => it.subscribe(await it.user(), plan.id)))
    for (const { reference } of begun) {
      it.providers.stripe.pay(reference)
      await it.tell(it.providers.stripe, reference)
    }
    await Promise.all([it.jobs.notices(), it.jobs.notices(), it.jobs.notices(), it.jobs.notices()])
    await it.checkBooks()
    const { rows } = await it.db.query('select 1 from receipts r join payments p on p.id = r.payment_id where p.reference = any($1)', [
      begun.map((each) => each.reference),
    ])
    assert.equal(rows.length, 40)
  })
  test('whose message was lost is found by asking', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { reference } = await it.subscribe(user, plan.id)
    it.providers.stripe.pay(reference)
    it.providers.stripe.will('find', 'dead')
    it.ms(60_000)
    await it.jobs.checks()
    assert.equal((await it.one(user)).status, 'pending')
    it.ms(60_000)
    await it.jobs.checks()
    assert.equal((await it.one(user)).status, 'active')
  })
  test('that comes after the provider gave the payment up is taken', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const { reference, paymentId } = await it.subscribe(user, plan.id)
    it.providers.stripe.end(reference, 'failed')
    await it.tell(it.providers.stripe, reference)
    await it.work()
    assert.equal((await paymentOf(paymentId)).status, 'failed')
    const second = await user.call('POST /api/subscriptions/:id/pay', { params: { id: (await it.one(user)).id }, body: {} })
    assert.notEqual(second.body.checkout.reference, reference, 'a page that is over is not gone to again')
    await it.pay(it.providers.stripe, reference)
    assert.deepEqual([(await paymentOf(paymentId)).status, (await it.one(user)).status], ['succeeded', 'active'])
  })
  test('of a page that nobody paid at is asked for until its time is over, and then by the day', async () => {
    const plan = await it.plan()
    const { paymentId } = await it.subscribe(await it.user(), plan.id)
    const asked = it.providers.stripe.calls.find
    for (let times = 0; times < 30; times++) {
      it.ms(3_600_000)
      await it.jobs.checks()
    }
    const during = it.providers.stripe.calls.find - asked
    assert.ok(during > 5 && during <= 30, `${during} times in 30 hours`)
    assert.equal((await paymentOf(paymentId)).status, 'expired')
  })
  for (const [what, money, trouble, booked] of [
    ['less than asked', { amount: 1_000 }, /1000 RWF came, 1500 RWF were asked/, { 'provider:stripe RWF': 1_000, 'customer-credit RWF': -1_000 }],
    [
      'another currency',
      { amount: 1_500, currency: 'USD' },
      /15\.00 USD came, 1500 RWF were asked/,
      { 'provider:stripe USD': 1_500, 'customer-credit USD': -1_500 },
    ],
    ['more than asked', { amount: 1_600 }, /the rest is kept/, { 'provider:stripe RWF': 1_600, 'customer-credit RWF': -100, 'revenue RWF': -1_500 }],
  ] as const)
    test(`${what}: kept, booked, and shown to an admin; gone when it was given back`, async () => {
      const plan = await it.plan()
      const user = await it.user()
      const { reference, paymentId } = await it.subscribe(user, plan.id)
      it.providers.stripe.pay(reference, money)
      const came = await changes(async () => {
        await it.tell(it.providers.stripe, reference)
        await it.work()
      })
      assert.deepEqual(came, booked)
      assert.equal((await it.one(user)).status, what === 'more than asked' ? 'active' : 'pending')
      assert.match((await paymentOf(paymentId)).trouble, trouble)
      const gone = await changes(() => refund(paymentId))
      assert.deepEqual(gone, Object.fromEntries(Object.entries(booked).map(([account, amount]) => [account, -amount])))
      assert.equal((await paymentOf(paymentId)).trouble, undefined)
      assert.equal(it.providers.stripe.holds(reference), 0)
    })
})

describe('a refund', () => {
  test('of a part leaves the period, of the rest ends it; each has its credit note', async () => {
    const { user, paymentId, reference } = await payer()
    it.days(3)
    const part = await changes(() => refund(paymentId, { amount: 500 }))
    assert.deepEqual(part, { 'provider:stripe RWF': -500, 'revenue RWF': 500 })
    assert.equal((await it.one(user)).status, 'active')
    assert.deepEqual([(await paymentOf(paymentId)).refundedAmount, it.providers.stripe.holds(reference)], [500, 1_000])
    await refund(paymentId)
    assert.equal((await it.one(user)).status, 'cancelled')
    assert.equal((await it.entitlement(user.userId)).active, false)
    const { receipts } = (await user.call('GET /api/receipts')).body
    const [last, first, receipt] = receipts
    assert.deepEqual(
      receipts.map(({ kind, amount, of }: { kind: string; amount: number; of?: number }) => [kind, amount, of]),
      [
        ['credit-note', 1_000, receipt.number],
        ['credit-note', 500, receipt.number],
        ['receipt', 1_500, undefined],
      ],
    )
    assert.ok(last.number > first.number)
  })
  test('with the same key is one, at once too; with another body it is refused', async () => {
    const { paymentId, reference } = await payer()
    const ask = () => refund(paymentId, { amount: 400 }, `key${reference}`)
    // who comes while it is being tried hears that it is on its way
    const answers = await Promise.all([1, 2, 3].map(ask))
    for (const { status, body } of answers) assert.ok(status === 200 || body.error.details.refund === 'asked', `${status}`)
    assert.ok(answers.some(({ status }) => status === 200))
    assert.equal((await ask()).status, 200)
    assert.equal(it.providers.stripe.holds(reference), 1_100)
    assert.deepEqual(codeOf(await refund(paymentId, { amount: 300 }, `key${reference}`)), [409, 'IDEMPOTENCY_MISMATCH'])
    await it.checkBooks()
  })
  test('of more than there is, of what was not paid, of what is not there: refused', async () => {
    const { paymentId, reference } = await payer()
    const tooLarge = await refund(paymentId, { amount: 1_501 })
    assert.deepEqual([codeOf(tooLarge), tooLarge.body.error.details.left], [[422, 'REFUND_TOO_LARGE'], '1500'])
    assert.deepEqual(codeOf(await refund(paymentId, { amount: -5 })), [400, 'VALIDATION_FAILED'])
    assert.deepEqual(codeOf(await refund(paymentId, { amount: 0 })), [400, 'VALIDATION_FAILED'])
    // two fit; the second may have to wait for the first, and is given by the job then
    const together = await Promise.all([1, 2, 3].map(() => refund(paymentId, { amount: 700 })))
    assert.equal(together.filter(({ status }) => status === 422).length, 1)
    it.ms(60_000)
    await it.work()
    assert.equal(it.providers.stripe.holds(reference), 100)
    const plan = await it.plan()
    const pending = await it.subscribe(await it.user(), plan.id)
    assert.deepEqual(codeOf(await refund(pending.paymentId)), [409, 'PAYMENT_NOT_PAID'])
    assert.deepEqual(codeOf(await refund(v7())), [404, 'PAYMENT_NOT_FOUND'])
    assert.deepEqual(codeOf(await it.admin.call('POST /api/billing/payments/:id/check', { params: { id: v7() } })), [404, 'PAYMENT_NOT_FOUND'])
  })
  test('whose answer was lost is tried again under its own id, and given once', async () => {
    const { user, paymentId, reference } = await payer()
    it.providers.stripe.will('refund', 'answer lost', 'dead', 'answer lost')
    assert.deepEqual(codeOf(await refund(paymentId)), [502, 'PROVIDER_FAILED'])
    assert.equal((await paymentOf(paymentId)).refundedAmount, 1_500, 'on its way')
    assert.deepEqual(codeOf(await refund(paymentId)), [422, 'REFUND_TOO_LARGE'], 'not a second time')
    await it.tell(it.providers.stripe, reference) // the provider has it already: that is ours, and not somebody else's
    for (let times = 0; times < 4; times++) {
      it.ms(3_600_000)
      await it.work()
    }
    assert.equal(it.providers.stripe.holds(reference), 0)
    assert.equal((await it.one(user)).status, 'cancelled')
    const { rows } = await it.db.query('select 1 from refunds where payment_id = $1', [paymentId])
    assert.equal(rows.length, 1)
    await it.checkBooks()
  })
  test('that the provider refuses for good leaves the money where it was, and is shown', async () => {
    const { user, paymentId } = await payer()
    it.providers.stripe.will('refund', 'refuses')
    assert.deepEqual(codeOf(await refund(paymentId)), [502, 'PROVIDER_FAILED'])
    const payment = await paymentOf(paymentId)
    assert.deepEqual([payment.refundedAmount, (await it.one(user)).status], [0, 'active'])
    assert.match(payment.trouble, /refused to give 1500 RWF back/)
    assert.equal((await refund(paymentId)).status, 200)
  })
  test("by the provider's own page is seen, booked and credited", async () => {
    const { user, reference } = await payer()
    it.providers.stripe.giveBack(reference, 600)
    const seen = await changes(async () => {
      await it.tell(it.providers.stripe, reference)
      await it.tell(it.providers.stripe, reference)
      await it.work()
    })
    assert.deepEqual(seen, { 'provider:stripe RWF': -600, 'revenue RWF': 600 })
    assert.equal((await user.call('GET /api/receipts')).body.receipts[0].kind, 'credit-note')
  })
})

test('money that came and went back before anybody heard of either is in the books twice, and opens nothing', async () => {
  const plan = await it.plan()
  const user = await it.user()
  const { reference } = await it.subscribe(user, plan.id)
  it.providers.stripe.pay(reference)
  it.providers.stripe.giveBack(reference, 1_500)
  assert.deepEqual(
    await changes(async () => {
      await it.tell(it.providers.stripe, reference)
      await it.work()
    }),
    {},
  )
  assert.deepEqual([(await it.one(user)).status, (await user.call('GET /api/receipts')).body.receipts.length], ['cancelled', 2])
})

test('a dead provider does not keep what was paid by another waiting', async () => {
  const plan = await it.plan()
  const stuck = await Promise.all(Array.from({ length: 8 }, async () => it.subscribe(await it.user(), plan.id, { provider: 'flutterwave' })))
  for (const { reference } of stuck) await it.tell(it.providers.flutterwave, reference)
  it.ms(1)
  const user = await it.user()
  const { reference } = await it.subscribe(user, plan.id)
  it.providers.stripe.pay(reference)
  await it.tell(it.providers.stripe, reference)
  it.providers.flutterwave.will('find', ...Array.from({ length: 100 }, () => 'dead' as const))
  const before = it.providers.flutterwave.calls.find
  await it.jobs.notices()
  assert.equal(it.providers.flutterwave.calls.find - before, 5, 'then this run is over')
  await it.jobs.notices()
  assert.equal((await it.one(user)).status, 'active')
  it.providers.flutterwave.recover()
})

describe('a bank transfer', () => {
  const transfer = async () => {
    const plan = await it.plan()
    const user = await it.user()
    const begun = await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF', provider: 'manual' } })
    const { checkout } = begun.body
    assert.deepEqual([checkout.url, checkout.instructions], [undefined, ['Bank of Kigali', checkout.reference]])
    const confirm = (body: object = {}) =>
      it.admin.call('POST /api/billing/payments/:id/confirm', { params: { id: checkout.paymentId }, body: { amount: 1_500, currency: 'RWF', ...body } })
    return { user, checkout, confirm }
  }
  test('is confirmed by an admin, as it was asked for, once', async () => {
    const { user, checkout, confirm } = await transfer()
    assert.deepEqual(codeOf(await confirm({ amount: 1_499 })), [422, 'AMOUNT_WRONG'])
    assert.deepEqual(codeOf(await confirm({ currency: 'USD' })), [422, 'CURRENCY_WRONG'])
    const tomorrow = new Date(it.clock.now() + 86_400_000).toISOString()
    assert.deepEqual(codeOf(await confirm({ paidAt: tomorrow })), [422, 'TIMES_INVALID'])
    assert.deepEqual(codeOf(await confirm({ paidAt: '2020-01-01T00:00:00Z' })), [422, 'TIMES_INVALID'])
    assert.equal((await it.one(user)).status, 'pending')
    it.ms(60_000)
    const paidAt = new Date(it.clock.now() - 30_000).toISOString()
    const done = await Promise.all([confirm({ paidAt }), confirm({ paidAt })])
    assert.deepEqual(
      done.map(({ status, body }) => [status, body.payment.status, body.payment.paidAt]),
      [
        [200, 'succeeded', paidAt],
        [200, 'succeeded', paidAt],
      ],
    )
    assert.deepEqual(codeOf(await confirm({ paidAt: new Date(it.clock.now()).toISOString() })), [409, 'PAYMENT_SETTLED'])
    assert.equal((await it.one(user)).status, 'active')
    assert.equal(it.providers.manual.calls.find, 0, 'no program knows')
    const { receipts } = (await user.call('GET /api/receipts')).body
    assert.deepEqual([receipts.length, receipts[0].reference, receipts[0].provider], [1, checkout.reference, 'manual'])
    await it.checkBooks()
  })
  test('other payments are not confirmed by hand', async () => {
    const plan = await it.plan()
    const { paymentId } = await it.subscribe(await it.user(), plan.id)
    const confirm = (id: string) => it.admin.call('POST /api/billing/payments/:id/confirm', { params: { id }, body: { amount: 1_500, currency: 'RWF' } })
    assert.deepEqual(codeOf(await confirm(paymentId)), [409, 'PAYMENT_NOT_MANUAL'])
    assert.deepEqual(codeOf(await confirm(v7())), [404, 'PAYMENT_NOT_FOUND'])
  })
})

describe('the books', () => {
  test('cannot be changed, nor written so that they do not add up, by anything that speaks SQL', async () => {
    await payer()
    const rejects = (sql: string, why: RegExp) => assert.rejects(it.db.query(sql), why)
    await rejects('update ledger_postings set amount = amount + 1', /append-only/)
    await rejects('delete from ledger_entries', /append-only/)
    await rejects('truncate ledger_postings', /append-only/)
    await rejects("update receipts set document = '{}'", /append-only/)
    const entry = `insert into ledger_entries (id, at, kind, source, reference) values (gen_random_uuid(), now(), 'payment', 'test', 'x') returning seq`
    await rejects(entry, /has no postings/)
    const lone = (postings: string) =>
      `with e as (${entry}) insert into ledger_postings select seq, line, account, currency, amount from e, (values ${postings}) p (line, account, currency, amount)`
    await rejects(lone(`(1, 'revenue', 'RWF', -5)`), /does not add up/)
    await rejects(lone(`(1, 'revenue', 'RWF', -5), (2, 'provider:x', 'USD', 5)`), /does not add up/)
    await it.checkBooks()
  })
  test('are read page by page, by account', async () => {
    const first = await it.admin.call('GET /api/billing/ledger', { query: { limit: 2, account: 'revenue' } })
    const second = await it.admin.call('GET /api/billing/ledger', { query: { limit: 2, account: 'revenue', after: first.body.next } })
    const ids = [...first.body.entries, ...second.body.entries].map(({ id }: { id: string }) => id)
    assert.equal(new Set(ids).size, 4)
    for (const { postings } of first.body.entries)
      assert.equal(
        postings.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0),
        0,
      )
  })
  test("receipts are their payer's and admins'", async () => {
    const { user } = await payer()
    const [receipt] = (await user.call('GET /api/receipts')).body.receipts
    const read = (by: Someone, number: unknown = receipt.number) => by.call('GET /api/receipts/:number', { params: { number } })
    assert.deepEqual((await read(user)).body.receipt, receipt)
    assert.equal((await read(it.admin)).status, 200)
    assert.deepEqual(codeOf(await read(await it.user())), [404, 'RECEIPT_NOT_FOUND'])
    assert.deepEqual(codeOf(await read(user, 999_999)), [404, 'RECEIPT_NOT_FOUND'])
    assert.deepEqual(codeOf(await read(user, '1e9')), [400, 'VALIDATION_FAILED'])
  })
  test('a free plan has none', async () => {
    const plan = await it.plan(aPlan({ prices: [{ currency: 'RWF', amount: 0 }] }))
    assert.deepEqual(await changes(async () => it.subscribe(await it.user(), plan.id)), {})
  })
})
