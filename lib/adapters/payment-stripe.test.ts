import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { minutes, ms } from '#kernel/units'
import type { PaymentRequest } from '#ports/payment-provider'
import { isFault, payingProviderSuite, paymentProviderSuite, paymentRequest } from '#ports/suites/payment-provider.suite'
import { fakeClock } from '#testkit/fake-clock'
import type { ProviderFailure, WebhookMessage } from '#testkit/payment-server'
import { type StripeServer, signStripe, startTestStripe } from '#testkit/payment-stripe-server'
import { openStripe } from './payment-stripe.ts'

const clock = fakeClock()
const server = await startTestStripe(clock.now)
const openOn = ({ url, secretKey, webhookSecret }: StripeServer, changes: { secretKey?: string; deadlineMs?: number } = {}) =>
  openStripe({ url, secretKey, webhookSecret, clock, ...changes })
const provider = openOn(server)
const told = async (of: StripeServer) => {
  const messages: WebhookMessage[] = []
  await of.webhooks.deliver(async (message) => messages.push(message))
  return messages
}

const own = await startTestStripe(clock.now)
paymentProviderSuite('Stripe', async () => openOn(own))
payingProviderSuite('Stripe', async () => ({
  provider: openOn(own),
  payer: {
    pay: async (reference) => own.pay(reference),
    notice: async (reference) => {
      const message = (await told(own)).find(({ body }) => Buffer.from(body).includes(reference))
      assert.ok(message)
      return message
    },
  },
}))

async function opened(changes: Partial<PaymentRequest> = {}) {
  const request = paymentRequest(changes)
  return { request, page: await provider.checkout(request) }
}
async function paid(changes: Partial<PaymentRequest> = {}) {
  const { request, page } = await opened(changes)
  server.pay(request.reference)
  const standing = await provider.find(request.reference, page.providerRef)
  assert.ok(standing.state === 'paid')
  const refund = {
    reference: request.reference,
    providerRef: standing.providerRef,
    currency: request.currency,
    amount: 500,
    refundedBefore: 0,
    refundId: randomUUID(),
  }
  return { request, standing, refund, count: () => server.refunds.filter(({ intentId }) => intentId === standing.providerRef).length }
}
const sent = () => new URLSearchParams(server.calls.findLast(({ method }) => method === 'POST')?.body)

describe('a page of Stripe', () => {
  it('francs have no minor unit there either; cents are cents', async () => {
    for (const [currency, amount] of [
      ['RWF', 1_500],
      ['USD', 1_510],
      ['EUR', 7],
    ] as const) {
      await opened({ currency, amount })
      assert.equal(sent().get('line_items[0][price_data][unit_amount]'), String(amount))
      assert.equal(sent().get('line_items[0][price_data][currency]'), currency.toLowerCase())
    }
  })

  it('tells nothing of the payer, and is by card', async () => {
    await opened({ payer: { name: 'Aline Uwase', email: 'aline@example.rw' } })
    assert.doesNotMatch(String(sent()), /Aline|example\.rw%40|aline/)
    assert.equal(sent().get('payment_method_types[0]'), 'card')
  })

  it('whose address was lost with the answer is the same page at the next try', async () => {
    const request = paymentRequest()
    for (const lost of [{ kind: 'cut' }, { kind: 'status', status: 502 }] as const) {
      server.fail({ kind: 'pass' }, { ...lost, after: true })
      await assert.rejects(provider.checkout(request), isFault('later'))
    }
    await provider.checkout(request)
    assert.equal(server.sessions.filter(({ reference }) => reference === request.reference).length, 1)
  })

  it('is opened in spite of a failure that Stripe keeps playing back', async () => {
    const request = paymentRequest()
    server.breakNextWrite()
    await assert.rejects(provider.checkout(request), isFault('later'))
    assert.match((await provider.checkout(request)).url ?? '', /^https:/)
    assert.equal(server.calls.at(-1)?.headers['idempotency-key'], `${request.reference}:2`)
  })

  it('that is over is followed by another, and the same one then stays', async () => {
    const request = paymentRequest()
    const first = await provider.checkout(request)
    clock.advance(minutes(24 * 60))
    assert.deepEqual(await provider.find(request.reference, first.providerRef), { state: 'expired' })
    const second = await provider.checkout(request)
    assert.notEqual(second.providerRef, first.providerRef)
    assert.deepEqual(await provider.checkout(request), second)
    server.pay(request.reference)
    assert.equal((await provider.find(request.reference, second.providerRef)).state, 'paid')
  })

  it('that was ended early is expired, a card that was declined leaves it open', async () => {
    const { request, page } = await opened()
    server.pay(request.reference, 'declined')
    for (const ref of [page.providerRef, undefined]) assert.deepEqual(await provider.find(request.reference, ref), { state: 'open' })
    server.expire(request.reference)
    assert.deepEqual(await provider.find(request.reference, page.providerRef), { state: 'expired' })
  })

  it('is not opened with other parameters under the same reference: one payment has one price', async () => {
    const { request } = await opened()
    await assert.rejects(provider.checkout({ ...request, amount: 1 }), isFault('never', /idempotency_error/))
  })

  it('is not opened for what was paid, even when its keys are forgotten', async () => {
    const { request } = await paid()
    server.forgetKeys()
    await assert.rejects(provider.checkout(request), isFault('later', /paid or under way/))
  })
})

describe('what Stripe says of a payment', () => {
  it('a webhook that says paid changes nothing in what find tells', async () => {
    const { request, page } = await opened()
    server.lie(request.reference)
    assert.deepEqual(await provider.find(request.reference, page.providerRef), { state: 'open' })
    assert.deepEqual(await provider.find(request.reference, undefined), { state: 'unknown' })
  })

  it('while search lags behind, a payment whose session is lost is unknown, and then it is found', async () => {
    const { request, page } = await opened()
    server.search('lags')
    server.pay(request.reference)
    assert.deepEqual(await provider.find(request.reference, undefined), { state: 'unknown' })
    assert.equal((await provider.find(request.reference, page.providerRef)).state, 'paid')
    server.search('is caught up')
    assert.equal((await provider.find(request.reference, undefined)).state, 'paid')
  })

  it('the name of another payment’s session or intent is not believed', async () => {
    const [mine, other] = [await paid(), await paid()]
    const { page } = await opened()
    for (const ref of [other.standing.providerRef, page.providerRef])
      await assert.rejects(provider.find(mine.request.reference, ref), isFault('later', /another payment/))
    await assert.rejects(provider.find("'] OR status:'succeeded", undefined), isFault('never'))
  })

  it('unknown states, amounts and currencies conclude nothing', async () => {
    const { request } = await opened()
    const { reference } = request
    const intent = {
      object: 'payment_intent',
      id: 'pi_1',
      status: 'succeeded',
      amount_received: 1_500,
      currency: 'rwf',
      metadata: { reference },
      latest_charge: { created: 1_772_352_000, amount_refunded: 0 },
    }
    const say = (changes: object) => server.fail({ kind: 'text', text: JSON.stringify({ ...intent, ...changes }) })
    say({})
    assert.equal((await provider.find(reference, 'pi_1')).state, 'paid')
    for (const changes of [
      { status: 'new_state' },
      { status: 'constructor' },
      { amount_received: 1.5 },
      { amount_received: -1 },
      { amount_received: 1e300 },
      { currency: 'jpy' },
      { currency: null },
      { latest_charge: null },
      { id: null },
    ]) {
      say(changes)
      await assert.rejects(provider.find(reference, 'pi_1'), isFault('later'), JSON.stringify(changes))
    }
    server.fail({ kind: 'text', text: JSON.stringify({ object: 'checkout.session', client_reference_id: reference, status: 'odd' }) })
    await assert.rejects(provider.find(reference, 'cs_1'), isFault('later'))
    server.fail({
      kind: 'text',
      text: JSON.stringify({ object: 'checkout.session', client_reference_id: reference, status: 'complete', payment_status: 'unpaid' }),
    })
    assert.deepEqual(await provider.find(reference, 'cs_1'), { state: 'open' })
  })
})

describe('refunds by Stripe', () => {
  it('one whose answer was lost is given once, however often it is asked for and however late', async () => {
    const { refund, count } = await paid()
    server.fail({ kind: 'pass' }, { kind: 'cut', after: true })
    await assert.rejects(provider.refund(refund), isFault('later'))
    await provider.refund(refund)
    server.forgetKeys()
    clock.advance(minutes(48 * 60))
    await provider.refund(refund)
    assert.equal(count(), 1)
  })

  it('one that Stripe failed at itself is given at the next try', async () => {
    const { refund, count } = await paid()
    server.breakNextWrite()
    await assert.rejects(provider.refund(refund), isFault('later'))
    await provider.refund(refund)
    assert.equal(count(), 1)
  })

  it('two refunds of the same amount are two', async () => {
    const { refund, count } = await paid()
    await provider.refund(refund)
    await provider.refund({ ...refund, refundId: randomUUID(), refundedBefore: 500 })
    assert.equal(count(), 2)
  })

  it('one that came to nothing is told as such, and not tried again under its id', async () => {
    const { refund } = await paid()
    await provider.refund(refund)
    const given = server.refunds.at(-1)
    assert.ok(given)
    given.status = 'failed'
    await assert.rejects(provider.refund(refund), isFault('never', /failed/))
    await assert.rejects(provider.refund({ ...refund, providerRef: 'cs_1' }), isFault('never'))
  })
})

describe('webhooks of Stripe', () => {
  const body = Buffer.from(JSON.stringify({ id: 'evt_1', type: 'checkout.session.completed', data: { object: { client_reference_id: 'CA-11111111' } } }))
  const { webhookSecret } = server
  const read = (header: string | string[] | undefined, bytes: Uint8Array = body) => provider.readNotice(bytes, { 'stripe-signature': header })
  const wrong = { ok: false, error: { code: 'SIGNATURE_WRONG' } }

  it('the session, the intent and the charge each name the payment', async () => {
    const { request, refund } = await paid()
    await provider.refund(refund)
    const messages = await told(server)
    const notices = messages
      .map((message) => provider.readNotice(message.body, message.headers))
      .filter((each) => each.ok && each.value.reference === request.reference)
    assert.equal(notices.length, 3)
    assert.equal(new Set(notices.map((each) => each.ok && each.value.eventId)).size, 3)
  })

  it('are good for five minutes before and after', () => {
    for (const [offset, isGood] of [
      [0, true],
      [-300_000, true],
      [300_000, true],
      [-302_000, false],
      [302_000, false],
    ] as const)
      assert.equal(read(signStripe(body, webhookSecret, clock.now() + offset)).ok, isGood, String(offset))
    const caught = signStripe(body, webhookSecret, clock.now())
    assert.equal(read(caught).ok, true)
    clock.advance(minutes(6))
    assert.deepEqual(read(caught), wrong)
  })

  it('one right signature among several is enough, also beside older schemes', () => {
    const right = signStripe(body, webhookSecret, clock.now())
    const [t = '', v1 = ''] = right.split(',')
    const other = signStripe(body, 'whsec_old', clock.now()).split(',')[1] ?? ''
    for (const header of [`${t},${other},${v1}`, `${t},${v1},${other}`, `${t},v0=abc,${v1}`, `${v1},${t}`, `${t}, ${v1}`])
      assert.equal(read(header).ok, true, header)
  })

  it('another secret, another time, the plain secret, no scheme of ours, two times: nothing is believed', () => {
    const now = clock.now()
    const [t = '', v1 = ''] = signStripe(body, webhookSecret, now).split(',')
    const moved = `t=${Math.floor(now / 1_000) + 1}`
    const headers = [
      undefined,
      '',
      'nonsense',
      t,
      v1,
      `${moved},${v1}`,
      `${t},v0=${v1.slice(3)}`,
      `${t},${moved},${v1}`,
      `t=,${v1}`,
      `t=-1,${v1}`,
      `t=1e9,${v1}`,
      `${t},v1=`,
      `${t},v1=${webhookSecret}`,
      signStripe(body, 'whsec_other', now),
      signStripe(Buffer.from(''), webhookSecret, now),
    ]
    for (const header of headers) assert.deepEqual(read(header), wrong, String(header))
    assert.deepEqual(read([`${t},${v1}`]), wrong)
  })

  it('what is signed and no event cannot be read; what names no payment of ours names none', () => {
    const signed = (bytes: Uint8Array) => read(signStripe(bytes, webhookSecret, clock.now()), bytes)
    for (const bytes of [Buffer.from([0xff, 0xfe]), Buffer.from('[]'), Buffer.from('{}'), Buffer.from('{"id":""}'), Buffer.from('')]) {
      const result = signed(bytes)
      assert.ok(!result.ok && result.error.code === 'NOTICE_INVALID')
    }
    for (const object of [{}, null, { client_reference_id: 7 }, { metadata: { reference: '\u0000' } }]) {
      const result = signed(Buffer.from(JSON.stringify({ id: 'evt_2', data: { object } })))
      assert.ok(result.ok)
      assert.equal(result.value.reference, undefined)
    }
  })

  it('any bytes with any header end in a value, never in a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, header) => {
        assert.equal(read(header, bytes).ok, false)
        const result = read(signStripe(bytes, webhookSecret, clock.now()), bytes)
        assert.ok(result.ok || result.error.code === 'NOTICE_INVALID')
      }),
    )
  })
})

describe('Stripe that is not well', () => {
  const passing: readonly ProviderFailure[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 409, body: '{"error":{"type":"idempotency_error"}}' },
    { kind: 'status', status: 429, body: '{"error":{"type":"rate_limit_error"}}' },
    { kind: 'status', status: 301, headers: { location: 'http://127.0.0.1:1/' } },
    { kind: 'status', status: 400, body: '<html>' },
    { kind: 'text', text: '<html>' },
    { kind: 'text', text: '{"object":"check' },
    { kind: 'text', text: '['.repeat(200_000) },
    { kind: 'cut' },
    { kind: 'flood' },
  ]

  it('is asked again later, whatever call it was, and nothing is concluded', async () => {
    const { request, page } = await opened()
    for (const failure of passing) {
      const what = JSON.stringify(failure).slice(0, 80)
      server.fail(failure)
      await assert.rejects(provider.find(request.reference, page.providerRef), isFault('later'), what)
      server.fail({ kind: 'pass' }, failure)
      await assert.rejects(provider.checkout(request), isFault('later'), what)
    }
    assert.deepEqual(await provider.find(request.reference, page.providerRef), { state: 'open' })
  })

  it('is given up when it says nothing, and may die and come back', async () => {
    // one of its own: on a busy machine the call may be over before it has come
    const silent = await startTestStripe(clock.now)
    silent.fail({ kind: 'silence' })
    await assert.rejects(openOn(silent, { deadlineMs: 50 }).find('CA-11111111', undefined), isFault('later', /none within 50 ms/))
    const mortal = await startTestStripe(clock.now)
    const its = openOn(mortal)
    const request = paymentRequest()
    const { providerRef } = await its.checkout(request)
    await mortal.stop()
    await assert.rejects(its.find(request.reference, providerRef), isFault('later', /gave no answer/))
    await mortal.start()
    clock.advance(ms(1))
    mortal.pay(request.reference)
    assert.equal((await its.find(request.reference, providerRef)).state, 'paid')
  })

  it('refuses in type and code alone: its words may repeat what was sent', async () => {
    const words = { type: 'card_error', code: 'amount_too_small', message: `no ${server.secretKey}` }
    server.fail({ kind: 'pass' }, { kind: 'status', status: 400, body: JSON.stringify({ error: words }) })
    await assert.rejects(provider.checkout(paymentRequest()), (error: Error) => {
      assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /sk_test/)
      return isFault('never', /Stripe refuses \(400\): card_error amount_too_small$/)(error)
    })
    await assert.rejects(openOn(server, { secretKey: 'sk_test_wrong' }).checkout(paymentRequest()), isFault('later', /key/))
  })

  it('a page whose address is no address of the web is not handed on', async () => {
    const request = paymentRequest()
    const session = { object: 'checkout.session', id: 'cs_1', client_reference_id: request.reference, expires_at: Math.floor(clock.now() / 1_000) + 60 }
    for (const url of ['javascript:alert(1)', null]) {
      server.fail({ kind: 'pass' }, { kind: 'text', text: JSON.stringify({ ...session, url }) })
      await assert.rejects(provider.checkout(request), isFault('later'))
    }
  })
})
