import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { minutes, ms } from '#kernel/units'
import type { PaymentProvider, SentNotice } from '#ports/payment-provider'
import { isFault, payingProviderSuite, paymentProviderSuite, paymentRequest } from '#ports/suites/payment-provider.suite'
import { fakeClock } from '#testkit/fake-clock'
import { memoryBooks } from '#testkit/payment-books'
import { openSandboxPayments } from './payment-sandbox.ts'

const sealsOf = (secret: string) => {
  const sign = (purpose: string, text: string) => createHmac('sha256', secret).update(`${purpose} ${text}`).digest('base64url')
  return { sign, isSigned: (purpose: string, text: string, signature: string) => signature === sign(purpose, text) }
}
const clock = fakeClock()
const open = (secret = 'the deployment') => openSandboxPayments({ books: memoryBooks(), publicUrl: 'https://arena.example.rw', clock, seals: sealsOf(secret) })
async function noticeOf(provider: PaymentProvider, reference: string): Promise<SentNotice> {
  const decided = await provider.playMoney?.decide(reference, 'pay')
  assert.ok(decided)
  return decided.notice
}

paymentProviderSuite('sandbox', async () => open())
payingProviderSuite('sandbox', async () => {
  const provider = open()
  return {
    provider,
    payer: { pay: async (reference) => void (await noticeOf(provider, reference)), notice: (reference) => noticeOf(provider, reference) },
  }
})

describe('play money', () => {
  it('the page is of the arena, and shows what was asked', async () => {
    const provider = open()
    const request = paymentRequest()
    assert.equal((await provider.checkout(request)).url, `https://arena.example.rw/pay/sandbox/${request.reference}`)
    assert.equal((await provider.playMoney?.look(request.reference))?.description, request.description)
    assert.equal(await provider.playMoney?.look('CA-nobody-knows'), undefined)
    assert.equal(await provider.playMoney?.decide('CA-nobody-knows', 'pay'), undefined)
  })

  it('what was decided stays: a refused payment is not paid later, a paid one not refused', async () => {
    const provider = open()
    for (const [first, then, state] of [
      ['refuse', 'pay', 'failed'],
      ['pay', 'refuse', 'paid'],
    ] as const) {
      const request = paymentRequest()
      await provider.checkout(request)
      await provider.playMoney?.decide(request.reference, first)
      await provider.playMoney?.decide(request.reference, then)
      assert.equal((await provider.find(request.reference, undefined)).state, state)
    }
  })

  it('messages are good for five minutes, and only with the secret of this arena', async () => {
    const provider = open()
    const request = paymentRequest()
    await provider.checkout(request)
    const { body, headers } = await noticeOf(provider, request.reference)
    clock.advance(minutes(5))
    assert.equal(provider.readNotice(body, headers).ok, true)
    assert.equal(open('another arena').readNotice(body, headers).ok, false)
    clock.advance(ms(1))
    assert.equal(provider.readNotice(body, headers).ok, false)
  })

  it('what was not paid, or in another currency, is not given back', async () => {
    const provider = open()
    const request = paymentRequest()
    const refund = { reference: request.reference, providerRef: 'x', refundId: 'r', amount: 1, refundedBefore: 0 }
    await provider.checkout(request)
    await assert.rejects(provider.refund({ ...refund, currency: 'RWF' }), isFault('never'))
    await noticeOf(provider, request.reference)
    await assert.rejects(provider.refund({ ...refund, currency: 'USD' }), isFault('never'))
    await assert.rejects(provider.refund({ ...refund, reference: 'CA-nobody-knows', currency: 'RWF' }), isFault('never'))
  })
})
