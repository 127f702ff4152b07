import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { CurrencyCode } from '#kernel/money'
import { parseIso } from '#kernel/time'
import { minutes } from '#kernel/units'
import type { PaymentRequest } from '#ports/payment-provider'
import { isFault, payingProviderSuite, paymentProviderSuite, paymentRequest } from '#ports/suites/payment-provider.suite'
import { fakeClock } from '#testkit/fake-clock'
import { type FlutterwaveServer, startTestFlutterwave } from '#testkit/payment-flutterwave-server'
import type { ProviderFailure } from '#testkit/payment-server'
import { openFlutterwave } from './payment-flutterwave.ts'

const clock = fakeClock()
const server = await startTestFlutterwave(clock.now)
const openOn = ({ url, secretKey, webhookHash }: FlutterwaveServer, changes: { secretKey?: string; deadlineMs?: number; webhookHash?: string } = {}) =>
  openFlutterwave({ url, secretKey, webhookHash, payersDomain: 'arena.example.rw', clock, ...changes })
const provider = openOn(server)

paymentProviderSuite('Flutterwave', async () => openOn(server))
const signed = await startTestFlutterwave(clock.now)
signed.header('flutterwave-signature')
payingProviderSuite('Flutterwave', async () => {
  return {
    provider: openOn(signed),
    payer: {
      pay: async (reference) => void signed.pay(reference),
      notice: async (reference) => {
        signed.lie(reference)
        let last = signed.webhooks.peek()
        await signed.webhooks.deliver(async (message) => {
          last = message
          return 200
        })
        return last
      },
    },
  }
})

async function opened(changes: Partial<PaymentRequest> = {}) {
  const request = paymentRequest(changes)
  await provider.checkout(request)
  return request
}
const lastCall = () => server.calls.at(-1)
const refundOf = (request: PaymentRequest, providerRef: string, changes: { amount?: number; refundedBefore?: number; refundId?: string } = {}) =>
  ({ reference: request.reference, providerRef, currency: request.currency, amount: 500, refundedBefore: 0, refundId: 'refund-1', ...changes }) // biome-ignore format: one line

describe('a page of Flutterwave', () => {
  it('asks for card and mobile money in francs, for cards alone in other currencies', async () => {
    for (const [currency, options] of [
      ['RWF', 'card,mobilemoneyrwanda'],
      ['EUR', 'card'],
    ] as const) {
      const { reference } = await opened({ currency })
      const { tx_ref, payment_options, redirect_url } = JSON.parse(lastCall()?.body ?? '')
      assert.deepEqual([tx_ref, payment_options, redirect_url], [reference, options, 'https://arena.example.rw/subscription'])
    }
  })

  it('writes amounts digit by digit', async () => {
    for (const [currency, amount, text] of [
      ['USD', 1_510, '15.10'],
      ['EUR', 7, '0.07'],
      ['RWF', 1_500, '1500'],
      ['USD', 999_999_999_999, '9999999999.99'],
    ] as const) {
      await opened({ currency, amount })
      assert.match(lastCall()?.body ?? '', new RegExp(`"amount":${text.replace('.', '\\.')},`))
    }
  })

  it('gives a payer without an address one of the arena, another for each payment', async () => {
    const { reference } = await opened()
    assert.equal(JSON.parse(lastCall()?.body ?? '').customer.email, `no-reply+${reference.toLowerCase()}@arena.example.rw`)
    await opened({ payer: { name: 'Eric', email: 'eric@example.rw' } })
    assert.deepEqual(JSON.parse(lastCall()?.body ?? '').customer, { email: 'eric@example.rw', name: 'Eric' })
  })

  it('is good for a day', async () => {
    const { expiresAt } = await provider.checkout(paymentRequest())
    assert.equal(expiresAt, clock.now() + 86_400_000)
  })

  it('is not opened while a prompt waits on the phone, and opened again when that came to nothing', async () => {
    const request = await opened()
    server.pay(request.reference, { status: 'pending' })
    assert.deepEqual(await provider.find(request.reference, undefined), { state: 'open' })
    await assert.rejects(provider.checkout(request), isFault('later', /under way/))
    server.settle(request.reference, 'failed')
    await provider.checkout(request)
    server.pay(request.reference)
    assert.equal((await provider.find(request.reference, undefined)).state, 'paid')
  })
})

describe('amounts from Flutterwave', () => {
  it('any amount of any currency comes back as it went, to the minor unit', async () => {
    const currencies = fc.constantFrom<CurrencyCode>('RWF', 'USD', 'EUR')
    await fc.assert(
      fc.asyncProperty(currencies, fc.integer({ min: 1, max: 1_000_000_000_000 }), async (currency, amount) => {
        const { reference } = await opened({ currency, amount })
        server.pay(reference)
        const standing = await provider.find(reference, undefined)
        assert.ok(standing.state === 'paid')
        assert.deepEqual(standing.money, { currency, amount })
      }),
      { numRuns: 40 },
    )
  })

  it('15.1, 15.10 and 15.100 dollars are the same; less or more than was asked is told as it came', async () => {
    for (const [amount, units] of [
      ['15.1', 1_510],
      ['15.10', 1_510],
      ['15.100', 1_510],
      ['14.99', 1_499],
      ['1000000', 100_000_000],
    ] as const) {
      const { reference } = await opened({ currency: 'USD', amount: 1_510 })
      server.pay(reference, { amount })
      const standing = await provider.find(reference, undefined)
      assert.ok(standing.state === 'paid')
      assert.deepEqual(standing.money, { currency: 'USD', amount: units })
    }
  })

  it('another of our currencies is told as it came', async () => {
    const { reference } = await opened({ currency: 'USD', amount: 1_500 })
    server.pay(reference, { currency: 'RWF' })
    const standing = await provider.find(reference, undefined)
    assert.ok(standing.state === 'paid')
    assert.deepEqual(standing.money, { currency: 'RWF', amount: 15 })
  })

  it('parts of a minor unit, other currencies and what is no number are never rounded or guessed', async () => {
    for (const changes of [
      { amount: '15.101' },
      { amount: '1500.5', currency: 'RWF' },
      { amount: '1.5e3' },
      { amount: '-5' },
      { amount: 'much' },
      { currency: 'NGN' },
      { currency: 'constructor' },
    ]) {
      const { reference } = await opened({ currency: 'USD', amount: 1_510 })
      server.pay(reference, changes)
      await assert.rejects(provider.find(reference, undefined), isFault('later', /amount|currency/), JSON.stringify(changes))
    }
  })
})

describe('what Flutterwave says of a payment', () => {
  it('a webhook that says paid changes nothing in what find tells', async () => {
    const { reference } = await opened()
    server.lie(reference)
    assert.deepEqual(await provider.find(reference, undefined), { state: 'unknown' })
  })

  it('nobody has tried yet: with whatever status it says so', async () => {
    const { reference } = await opened()
    for (const status of [200, 400, 404]) {
      server.fail({ kind: 'status', status, body: '{"status":"error","message":"No transaction was found for this id","data":null}' })
      assert.deepEqual(await provider.find(reference, undefined), { state: 'unknown' })
    }
    server.fail({ kind: 'status', status: 200, body: '{"status":"success","message":"No transaction was found for this id","data":null}' })
    await assert.rejects(provider.find(reference, undefined), isFault('later'))
  })

  it('an unknown status, another reference, a transaction without id or time: nothing is concluded', async () => {
    const { reference } = await opened()
    const told = (data: object) =>
      server.fail({
        kind: 'text',
        text: JSON.stringify({
          status: 'success',
          data: { tx_ref: reference, id: 7, amount: 1, currency: 'RWF', created_at: '2026-03-01T08:00:00.000Z', ...data },
        }),
      })
    for (const data of [
      { status: 'chargeback' },
      { status: 'toString' },
      { status: 'successful', tx_ref: 'CA-another-one' },
      { status: 'successful', id: '../1' },
      { status: 'successful', created_at: 'yesterday' },
    ]) {
      told(data)
      await assert.rejects(provider.find(reference, undefined), isFault('later'), JSON.stringify(data))
    }
  })

  it('a try that failed leaves the page open for another, until the page is over', async () => {
    const { reference } = await opened()
    server.pay(reference, { status: 'failed' })
    assert.deepEqual(await provider.find(reference, undefined), { state: 'open' })
    clock.advance(minutes(24 * 60))
    assert.deepEqual(await provider.find(reference, undefined), { state: 'failed' })
    server.pay(reference)
    assert.equal((await provider.find(reference, undefined)).state, 'paid')
  })

  it('the time of payment is its transaction’s', async () => {
    const { reference } = await opened()
    const { createdAt } = server.pay(reference)
    const standing = await provider.find(reference, undefined)
    assert.ok(standing.state === 'paid')
    assert.equal(standing.paidAt, parseIso(createdAt))
  })

  it('what is no reference of ours is not even asked for', async () => {
    const before = server.calls.length
    await assert.rejects(provider.find('a&tx_ref=b', undefined), isFault('never'))
    assert.equal(server.calls.length, before)
  })
})

describe('refunds by Flutterwave, which knows no idempotency keys', () => {
  async function paid(amount = 1_500) {
    const request = await opened({ amount })
    const { id } = server.pay(request.reference)
    return { request, providerRef: String(id), count: () => server.refunds.filter(({ txId }) => txId === id).length }
  }

  it('a refund whose answer was lost is seen to be done, and not done again', async () => {
    const { request, providerRef, count } = await paid()
    // verify, list, then the refund itself
    for (const lost of [{ kind: 'cut' }, { kind: 'status', status: 500 }, { kind: 'text', text: '<html>' }] as const) {
      const before = count()
      const refund = refundOf(request, providerRef, { amount: 100, refundedBefore: before * 100, refundId: randomUUID() })
      const calls = server.calls.length
      server.fail({ kind: 'pass' }, { kind: 'pass' }, { ...lost, after: true })
      await assert.rejects(provider.refund(refund), isFault('later'))
      assert.equal(server.calls.length, calls + 3)
      await provider.refund(refund)
      assert.equal(count(), before + 1)
    }
  })

  it('where its books and ours differ, nobody is given anything', async () => {
    const { request, providerRef, count } = await paid()
    await provider.refund(refundOf(request, providerRef))
    await assert.rejects(
      provider.refund(refundOf(request, providerRef, { refundId: 'another', amount: 300 })),
      isFault('never', /given back 500 .* our books say 0/),
    )
    assert.equal(count(), 1)
  })

  it('refunds are found on later pages, and those of other payments or that failed are not counted', async () => {
    const { request, providerRef } = await paid()
    await provider.refund(refundOf(request, providerRef))
    const other = await paid()
    for (let at = 0; at < 12; at += 1)
      await provider.refund(refundOf(other.request, other.providerRef, { amount: 10, refundedBefore: at * 10, refundId: `other-${at}` }))
    const standing = await provider.find(request.reference, providerRef)
    assert.ok(standing.state === 'paid')
    assert.equal(standing.refunded, 500)
    const mine = server.refunds.find(({ txId }) => String(txId) === providerRef)
    assert.ok(mine)
    mine.status = 'failed'
    assert.deepEqual(await provider.find(request.reference, providerRef), { ...standing, refunded: 0 })
  })

  it('an account without a refund may say so in words', async () => {
    const { request, providerRef, count } = await paid()
    server.fail({ kind: 'pass' }, { kind: 'status', status: 404, body: '{"status":"error","message":"No refunds found","data":null}' })
    await provider.refund(refundOf(request, providerRef))
    assert.equal(count(), 1)
  })

  it('a list of refunds that it refuses does not hide that a payer has paid', async () => {
    const { request, providerRef } = await paid()
    server.fail({ kind: 'pass' }, { kind: 'status', status: 400, body: '{"status":"error","message":"not allowed","data":null}' })
    const standing = await provider.find(request.reference, providerRef)
    assert.ok(standing.state === 'paid')
    server.fail({ kind: 'pass' }, { kind: 'status', status: 400, body: '{"status":"error","message":"not allowed","data":null}' })
    await assert.rejects(provider.refund(refundOf(request, providerRef)), isFault('never', /not allowed/))
  })

  it('only the transaction of this payment is given back', async () => {
    const { request } = await paid()
    const other = await paid()
    await assert.rejects(provider.refund(refundOf(request, other.providerRef)), isFault('never'))
    await assert.rejects(provider.refund(refundOf(request, '1/../2')), isFault('never'))
    const unpaid = await opened()
    await assert.rejects(provider.refund(refundOf(unpaid, other.providerRef)), isFault('never'))
  })
})

describe('webhooks of Flutterwave', () => {
  const body = Buffer.from(JSON.stringify({ event: 'charge.completed', data: { id: 1, tx_ref: 'CA-11111111', status: 'successful' } }))
  const hmac = (bytes: Uint8Array, secret = server.webhookHash) => createHmac('sha256', secret).update(bytes).digest('base64')

  it('either the plain hash or the newer signature proves it', () => {
    for (const headers of [{ 'verif-hash': server.webhookHash }, { 'flutterwave-signature': hmac(body) }]) {
      const read = provider.readNotice(body, headers)
      assert.ok(read.ok)
      assert.equal(read.value.reference, 'CA-11111111')
    }
  })

  it('a hash of another arena, a part of it, or a signature by another secret do not', () => {
    for (const headers of [
      { 'verif-hash': 'another' },
      { 'verif-hash': server.webhookHash.slice(1) },
      { 'verif-hash': `${server.webhookHash} ` },
      { 'verif-hash': [server.webhookHash] },
      { 'flutterwave-signature': hmac(body, 'another') },
      { 'flutterwave-signature': server.webhookHash },
      { 'flutterwave-signature': createHmac('sha256', server.webhookHash).update(body).digest('hex') },
    ])
      assert.deepEqual(provider.readNotice(body, headers), { ok: false, error: { code: 'SIGNATURE_WRONG' } }, JSON.stringify(headers))
  })

  it('what is signed and no object in UTF-8 cannot be read; what names no payment of ours names none', () => {
    for (const bytes of [
      Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
      Buffer.from('[]'),
      Buffer.from('"x"'),
      Buffer.from('{'),
      Buffer.from(''),
      Buffer.from('['.repeat(100_000)),
    ]) {
      const read = provider.readNotice(bytes, { 'flutterwave-signature': hmac(bytes) })
      assert.ok(!read.ok && read.error.code === 'NOTICE_INVALID')
    }
    for (const event of [{}, { data: null }, { data: { tx_ref: 7 } }, { data: { tx_ref: "x'; drop table" } }, { TransactionId: 7, AmountRefunded: 5 }]) {
      const read = provider.readNotice(Buffer.from(JSON.stringify(event)), { 'verif-hash': server.webhookHash })
      assert.ok(read.ok)
      assert.equal(read.value.reference, undefined)
    }
  })

  it('the older flat form names its payment too', () => {
    const read = provider.readNotice(Buffer.from('{"id":1,"txRef":"CA-22222222","event.type":"MOBILEMONEYRW_TRANSACTION"}'), {
      'verif-hash': server.webhookHash,
    })
    assert.ok(read.ok)
    assert.equal(read.value.reference, 'CA-22222222')
  })

  it('any bytes with any header end in a value, never in a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, header) => {
        assert.equal(provider.readNotice(bytes, { 'verif-hash': `${header}!`, 'flutterwave-signature': header }).ok, false)
        const read = provider.readNotice(bytes, { 'verif-hash': server.webhookHash })
        assert.ok(read.ok || read.error.code === 'NOTICE_INVALID')
      }),
    )
  })
})

describe('Flutterwave that is not well', () => {
  const passing: readonly ProviderFailure[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503, body: '{"status":"error","message":"An error occurred. Please contact support","data":null}' },
    { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    { kind: 'text', text: '<html>' },
    { kind: 'text', text: '{"status":"success"' },
    { kind: 'text', text: '{"status":"success","data":null}' },
    { kind: 'text', text: '['.repeat(200_000) },
    { kind: 'cut' },
    { kind: 'flood' },
  ]

  it('is asked again later, whatever call it was, and nothing is concluded', async () => {
    const request = await opened()
    for (const failure of passing) {
      server.fail(failure)
      await assert.rejects(provider.find(request.reference, undefined), isFault('later'), JSON.stringify(failure).slice(0, 80))
      server.fail({ kind: 'pass' }, failure)
      await assert.rejects(provider.checkout(request), isFault('later'), JSON.stringify(failure).slice(0, 80))
    }
    assert.deepEqual(await provider.find(request.reference, undefined), { state: 'unknown' })
  })

  it('is given up when it says nothing', async () => {
    // one of its own: on a busy machine the call may be over before it has come
    const silent = await startTestFlutterwave(clock.now)
    const impatient = openOn(silent, { deadlineMs: 50 })
    silent.fail({ kind: 'silence' })
    await assert.rejects(impatient.find('CA-11111111', undefined), isFault('later', /none within 50 ms/))
  })

  it('may die and come back', async () => {
    const mortal = await startTestFlutterwave(clock.now)
    const its = openOn(mortal)
    const request = paymentRequest()
    await its.checkout(request)
    await mortal.stop()
    await assert.rejects(its.find(request.reference, undefined), isFault('later', /gave no answer/))
    await mortal.start()
    mortal.pay(request.reference)
    assert.equal((await its.find(request.reference, undefined)).state, 'paid')
  })

  it('refuses what it will refuse again with its own words, in print, and none of our secrets', async () => {
    server.fail(
      { kind: 'pass' },
      { kind: 'status', status: 400, body: JSON.stringify({ status: 'error', message: `bad key ${server.secretKey}\u0007\nfor ${server.webhookHash}` }) },
    )
    await assert.rejects(provider.checkout(paymentRequest()), (error: Error) => {
      assert.doesNotMatch(`${error.message} ${error.stack} ${String(error.cause)}`, /FLWSECK|dashboard was told/)
      assert.ok(!error.message.includes('\u0007'))
      return isFault('never', /bad key \[secret\] {2}for \[secret\]/)(error)
    })
  })

  it('a key that it does not take is the operator’s to mend: nothing is given up for it', async () => {
    await assert.rejects(openOn(server, { secretKey: 'FLWSECK-wrong' }).checkout(paymentRequest()), (error: Error) => {
      assert.doesNotMatch(String(error.message), /FLWSECK/)
      return isFault('later', /key/)(error)
    })
  })

  it('a page whose address is no address of the web is not handed on', async () => {
    for (const link of ['javascript:alert(1)', '', 7, null]) {
      server.fail({ kind: 'pass' }, { kind: 'text', text: JSON.stringify({ status: 'success', message: 'Hosted Link', data: { link } }) })
      await assert.rejects(provider.checkout(paymentRequest()), isFault('later'))
    }
  })
})
