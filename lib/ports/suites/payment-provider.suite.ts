import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, it } from 'node:test'
import type { CurrencyCode } from '#kernel/money'
import { type PaymentProvider, type PaymentRequest, ProviderFault, type SentNotice } from '#ports/payment-provider'

/** The payer's side, where the provider has books of its own. */
export type Payer = {
  pay(reference: string): Promise<void>
  /** What the provider tells its webhook of this payment, as it would come over the line now. */
  notice(reference: string): Promise<SentNotice>
}
export type PaymentSubject = { readonly provider: PaymentProvider; readonly payer: Payer }

export const paymentRequest = (changes: Partial<PaymentRequest> = {}): PaymentRequest => ({
  reference: `CA-${randomUUID()}`,
  amount: 1_500,
  currency: 'RWF',
  description: 'Premium, one month',
  payer: { name: 'Aline Uwase', email: undefined },
  returnUrl: 'https://arena.example.rw/subscription',
  ...changes,
})
export const isFault =
  (retry: 'later' | 'never', message = /./) =>
  (error: unknown): true => {
    assert.ok(error instanceof ProviderFault, String(error))
    assert.match(error.message, message)
    assert.equal(error.retry, retry, error.message)
    return true
  }

/** Every provider. */
export const paymentProviderSuite = (name: string, open: () => Promise<PaymentProvider>) =>
  describe(`${name} keeps the PaymentProvider promise`, () => {
    let provider: PaymentProvider
    before(async () => {
      provider = await open()
    })

    it('says how and in what it can be paid', () => {
      assert.ok(provider.methods.length > 0)
      assert.ok(provider.currencies.includes('RWF'))
    })

    it('tells where to pay, in each of its currencies', async () => {
      for (const currency of provider.currencies) {
        const page = await provider.checkout(paymentRequest({ currency }))
        assert.ok(page.url !== undefined || (page.instructions?.length ?? 0) > 0)
        if (page.url !== undefined) assert.match(page.url, /^https?:/)
      }
    })

    it('knows nothing of a reference that nobody asked it for', async () => {
      assert.deepEqual(await provider.find(`CA-${randomUUID()}`, undefined), { state: 'unknown' })
    })

    it('a page is no payment', async () => {
      const request = paymentRequest()
      const { providerRef } = await provider.checkout(request)
      assert.notEqual((await provider.find(request.reference, providerRef)).state, 'paid')
    })

    it('believes no message without a signature, whatever it looks like', () => {
      for (const body of ['', '{}', '{"event":"charge.completed"}', '\u0000']) {
        for (const headers of [{}, { 'verif-hash': '' }, { 'stripe-signature': '' }, { 'sandbox-signature': 't=1,v1=' }, { 'flutterwave-signature': '' }])
          assert.deepEqual(provider.readNotice(Buffer.from(body), headers), { ok: false, error: { code: 'SIGNATURE_WRONG' } })
      }
    })
  })

/** Providers that take money themselves, so that they know how a payment stands. */
export const payingProviderSuite = (name: string, open: () => Promise<PaymentSubject>) =>
  describe(`${name} keeps books`, () => {
    let provider: PaymentProvider
    let payer: Payer
    before(async () => {
      ;({ provider, payer } = await open())
    })
    async function paid(changes: Partial<PaymentRequest> = {}) {
      const request = paymentRequest(changes)
      const page = await provider.checkout(request)
      await payer.pay(request.reference)
      const standing = await provider.find(request.reference, page.providerRef)
      assert.ok(standing.state === 'paid', standing.state)
      return { request, page, standing }
    }

    it('what was paid is told to the last minor unit', async () => {
      const amounts: readonly [CurrencyCode, number][] = [['RWF', 1_500], ['USD', 1_510], ['USD', 7], ['EUR', 1_999], ['EUR', 30], ['RWF', 1_000_000_000]] // biome-ignore format: a table
      for (const [currency, amount] of amounts) {
        const { standing } = await paid({ currency, amount })
        assert.deepEqual(standing.money, { currency, amount })
        assert.equal(standing.refunded, 0)
      }
    })

    it('a payment is found by our reference alone, and by its own name for it', async () => {
      const { request, page, standing } = await paid()
      for (const providerRef of [undefined, page.providerRef, standing.providerRef])
        assert.deepEqual(await provider.find(request.reference, providerRef), standing)
    })

    it('a page asked for twice is paid once', async () => {
      const request = paymentRequest()
      const first = await provider.checkout(request)
      const second = await provider.checkout(request)
      await payer.pay(request.reference)
      for (const { providerRef } of [first, second]) {
        const standing = await provider.find(request.reference, providerRef)
        assert.ok(standing.state === 'paid')
        assert.equal(standing.money.amount, request.amount)
      }
    })

    it('once it is paid, no page takes money for it again', async () => {
      const { request, page, standing } = await paid()
      await provider.checkout(request).then(
        // the same page, which says so
        (again) => assert.equal(again.url, page.url),
        isFault('later', /paid or under way/),
      )
      assert.deepEqual(await provider.find(request.reference, standing.providerRef), standing)
    })

    it('gives back in parts, each refund once however often it is asked for', async () => {
      const { request, standing } = await paid({ currency: 'USD', amount: 1_510 })
      const { reference } = request
      const refund = { reference, providerRef: standing.providerRef, currency: 'USD' as const }
      const first = { ...refund, refundId: randomUUID(), amount: 510, refundedBefore: 0 }
      await provider.refund(first)
      await provider.refund(first)
      const second = { ...refund, refundId: randomUUID(), amount: 510, refundedBefore: 510 }
      await provider.refund(second)
      await provider.refund(second)
      const after = await provider.find(reference, standing.providerRef)
      assert.ok(after.state === 'paid')
      assert.deepEqual({ money: after.money, refunded: after.refunded }, { money: standing.money, refunded: 1_020 })
    })

    it('never gives back more than came', async () => {
      const { request, standing } = await paid()
      const refund = { reference: request.reference, providerRef: standing.providerRef, currency: request.currency, refundId: randomUUID() }
      await assert.rejects(provider.refund({ ...refund, amount: 1_501, refundedBefore: 0 }), isFault('never'))
      await provider.refund({ ...refund, refundId: randomUUID(), amount: 1_500, refundedBefore: 0 })
      await assert.rejects(provider.refund({ ...refund, refundId: randomUUID(), amount: 1, refundedBefore: 1_500 }), isFault('never'))
    })

    it('its message names the payment, and is the same message when it comes again', async () => {
      const { request } = await paid()
      const { body, headers } = await payer.notice(request.reference)
      const read = provider.readNotice(body, headers)
      assert.ok(read.ok)
      assert.equal(read.value.reference, request.reference)
      assert.deepEqual(provider.readNotice(body, headers), read)
    })

    it('a body that was changed by one byte is not believed, nor a signature that came twice or is cut', async () => {
      const { request } = await paid()
      const { body, headers } = await payer.notice(request.reference)
      const wrong = { ok: false, error: { code: 'SIGNATURE_WRONG' } }
      for (const at of [0, Math.floor(body.byteLength / 2), body.byteLength - 1]) {
        const changed = Uint8Array.from(body)
        changed[at] = (changed[at] ?? 0) ^ 1
        assert.deepEqual(provider.readNotice(changed, headers), wrong)
      }
      assert.deepEqual(provider.readNotice(Buffer.concat([body, Buffer.from(' ')]), headers), wrong)
      for (const [header, value] of Object.entries(headers).filter(([key]) => key !== 'content-type')) {
        assert.deepEqual(provider.readNotice(body, { ...headers, [header]: [value, value] }), wrong)
        assert.deepEqual(provider.readNotice(body, { ...headers, [header]: value.slice(0, -1) }), wrong)
      }
    })
  })
