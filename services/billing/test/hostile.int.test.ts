/** What somebody could try who wants something for nothing, or the books to be wrong. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { v7 } from 'uuid'
import { aPlan, aSchoolPlan, type Billing, openBilling, type Someone } from './open-billing.ts'

let it: Billing
before(async () => {
  it = await openBilling()
})
after(() => it.stop())

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body?.error?.code]
const refund = (paymentId: string, body: object = {}, key: string = v7()) =>
  it.admin.call('POST /api/billing/payments/:id/refund', { params: { id: paymentId }, headers: { 'idempotency-key': key }, body: { reason: 'r', ...body } })
const booked = async (reference: string) => {
  const { rows } = await it.db.query<{ account: string; sum: string }>(
    `select l.account, sum(l.amount) as sum from ledger_postings l join ledger_entries e on e.seq = l.entry_seq where e.reference = $1
     group by l.account having sum(l.amount) <> 0 order by l.account`,
    [reference],
  )
  return rows.map(({ account, sum }) => [account, Number(sum)])
}

describe('money', () => {
  test('that came and went back before anybody here asked is both, and opens nothing', async () => {
    const user = await it.user()
    const { reference } = await it.subscribe(user, (await it.plan()).id)
    it.providers.stripe.pay(reference)
    it.ms(1_000)
    it.providers.stripe.giveBack(reference, 1_500)
    it.ms(3_600_000)
    await it.work()
    assert.equal((await it.one(user)).status, 'cancelled')
    assert.equal((await it.entitlement(user.userId)).active, false)
    assert.deepEqual(await booked(reference), [])
    await it.checkBooks()
  })
  test('is given back twice in equal parts, though the clock of the second admin’s replica is behind', async () => {
    const user = await it.user()
    const { reference, paymentId } = await it.subscribe(user, (await it.plan()).id, { provider: 'flutterwave' })
    await it.pay(it.providers.flutterwave, reference)
    // the first got no answer, and was not done either; the second has an id from before it
    it.providers.flutterwave.will('refund', 'dead')
    assert.deepEqual(codeOf(await refund(paymentId, { amount: 500 })), [502, 'PROVIDER_FAILED'])
    await it.db.query(`update refunds set id = 'ffffffff-ffff-7fff-bfff-ffffffffffff' where payment_id = $1`, [paymentId])
    assert.deepEqual(codeOf(await refund(paymentId, { amount: 500 })), [502, 'PROVIDER_FAILED'], 'it waits for the one before it')
    const { rows } = await it.db.query<{ n: number }>('select count(*)::int as n from refunds where payment_id = $1 and refunded_before is not null', [
      paymentId,
    ])
    assert.equal(rows[0]?.n, 1, 'of two under way the provider could not tell one from the other')
    for (let rounds = 0; rounds < 3; rounds++) {
      it.ms(3_600_000)
      await it.work()
    }
    assert.equal(it.providers.flutterwave.holds(reference), 500)
    assert.deepEqual(await booked(reference), [
      ['provider:flutterwave', 500],
      ['revenue', -500],
    ])
    await it.checkBooks()
  })
  test('is asked back of the provider by one at a time, though the same request comes again before the answer', async () => {
    const { flutterwave } = it.providers
    const { reference, paymentId } = await it.subscribe(await it.user(), (await it.plan()).id, { provider: 'flutterwave' })
    await it.pay(flutterwave, reference)
    const [key, asked] = [v7(), flutterwave.refund.bind(flutterwave)]
    let [atWork, calls]: [() => void, number] = [() => undefined, 0]
    const isAtWork = new Promise<void>((resolve) => {
      atWork = resolve
    })
    let answerNow: () => void = () => undefined
    const answer = new Promise<void>((resolve) => {
      answerNow = resolve
    })
    flutterwave.refund = async (wish) => {
      calls++
      atWork()
      if (calls > 1) answerNow()
      await answer
      return asked(wish)
    }
    try {
      const first = refund(paymentId, {}, key)
      await isAtWork
      assert.deepEqual(codeOf(await refund(paymentId, {}, key)), [502, 'PROVIDER_FAILED'], 'it is on its way')
      answerNow()
      assert.equal((await first).status, 200)
      assert.equal((await refund(paymentId, {}, key)).status, 200, 'and then it is the same refund')
    } finally {
      flutterwave.refund = asked
      answerNow()
    }
    assert.equal(calls, 1)
    await it.checkBooks()
  })
  test('that comes after a try that failed is found by asking, though no message tells of it', async () => {
    const user = await it.user()
    const { reference } = await it.subscribe(user, (await it.plan()).id)
    it.providers.stripe.end(reference, 'failed')
    await it.tell(it.providers.stripe, reference)
    await it.work()
    assert.equal((await it.one(user)).status, 'pending')
    it.providers.stripe.pay(reference)
    it.days(1)
    await it.work()
    assert.equal((await it.one(user)).status, 'active')
  })
  test('of two payments is not given back by one key, also when both are asked for at once', async () => {
    const plan = await it.plan()
    const payments = await Promise.all(
      [1, 2].map(async () => {
        const begun = await it.subscribe(await it.user(), plan.id)
        await it.pay(it.providers.stripe, begun.reference)
        return begun.paymentId
      }),
    )
    for (let rounds = 0; rounds < 5; rounds++) {
      const key = v7()
      const answers = await Promise.all(payments.map((id) => refund(id, { amount: 10 }, key)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409], answers.map(({ text }) => text).join())
    }
    await it.checkBooks()
  })
})

describe('a page to pay at', () => {
  test('is not shown as due once the same was paid at another', async () => {
    const user = await it.user()
    const { id, reference } = await it.subscribe(user, (await it.plan()).id)
    it.ms(1_000)
    const other = await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: { provider: 'flutterwave' } })
    assert.notEqual(other.body.checkout.reference, reference)
    it.ms(1_000)
    await it.pay(it.providers.flutterwave, other.body.checkout.reference)
    assert.deepEqual([(await it.one(user)).status, (await it.one(user)).due], ['active', undefined])
  })
  test('is opened for one user so often, whatever is cancelled and begun anew', async () => {
    const plan = await it.plan()
    const user = await it.user()
    const calls = it.providers.stripe.calls.checkout
    let refused: Awaited<ReturnType<Someone['call']>> | undefined
    for (let tries = 0; tries < 200 && refused === undefined; tries++) {
      const begun = await user.call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })
      if (begun.status === 429) refused = begun
      else await user.call('DELETE /api/subscriptions/:id', { params: { id: begun.body.subscription.id } })
    }
    assert.deepEqual(refused && codeOf(refused), [429, 'TOO_MANY_REQUESTS'])
    assert.ok(it.providers.stripe.calls.checkout - calls <= 30)
    assert.equal((await (await it.user()).call('POST /api/subscriptions', { body: { planId: plan.id, currency: 'RWF' } })).status, 201)
  })
})

describe("a school's code", () => {
  test('can be tried by the class though one of them knocks without end', async () => {
    const holder = await it.user()
    await it.subscribe(holder, (await it.plan(aSchoolPlan({ trialDays: 30 }))).id, { school: 'GS Huye' })
    const { joinCode: code = '' } = await it.one(holder)
    const join = (user: Someone, text: string) => user.call('POST /api/subscriptions/join', { body: { code: text }, headers: { 'x-real-ip': '10.9.8.7' } })
    const nuisance = await it.user()
    for (let tries = 0; tries < 320; tries++) await join(nuisance, 'ABCDEFGHJK')
    assert.equal((await join(await it.user(), code)).status, 200)
  })
  test('is not to be guessed from many addresses of one network', async () => {
    const join = async (tries: number) =>
      (await it.user()).call('POST /api/subscriptions/join', { body: { code: 'ABCDEFGHJK' }, headers: { 'x-real-ip': `2001:db8::${tries.toString(16)}` } })
    let last = await join(1)
    for (let tries = 2; tries < 320 && last.status !== 429; tries++) last = await join(tries)
    assert.deepEqual(codeOf(last), [429, 'TOO_MANY_REQUESTS'])
  })
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

test('a message with an event id that is none is refused, though its signature is right', async () => {
  for (const id of ['', '\u0000', 'x'.repeat(3_000), '\ud800']) {
    const { body, headers } = it.providers.stripe.notice('CA-REFERENCE', id)
    const answer = await it.call('POST /api/billing/webhooks/:provider', { params: { provider: 'stripe' }, headers }, { payload: body })
    assert.deepEqual(codeOf(answer), [400, 'WEBHOOK_INVALID'])
  }
})
