import { createHash } from 'node:crypto'
import { fail, ok } from '#kernel/result'
import type { Clock } from '#ports/clock'
import { type PaymentProvider, type PaymentStanding, ProviderFault, type SandboxBooks, type SandboxPayment, type SentNotice } from '#ports/payment-provider'
import { readObject, textAt } from './payment-json.ts'
import { isFresh, oneHeader, readSignatures } from './payment-signatures.ts'

/**
 * Play money, for development and for trying out: a page of the arena's own on which anybody pays or refuses, and messages to the webhook as the real ones
 * have them, signed over the bytes and with their time (`sandbox-signature: t=<ms>,v1=<signature>`). Its books are kept by whoever hosts it.
 */
export type SandboxPaymentsOptions = {
  readonly books: SandboxBooks
  /** The page is `/pay/sandbox/<reference>` below it. Without a slash at its end. */
  readonly publicUrl: string
  readonly clock: Clock
  readonly seals: {
    sign(purpose: 'sandbox-webhook', text: string): string
    isSigned(purpose: 'sandbox-webhook', text: string, signature: string): boolean
  }
}

export function openSandboxPayments({ books, publicUrl, clock, seals }: SandboxPaymentsOptions): PaymentProvider {
  const signedText = (t: string, body: Uint8Array) => `${t}.${createHash('sha256').update(body).digest('hex')}`
  const noticeOf = ({ reference, state, refunded }: SandboxPayment): SentNotice => {
    const body = Buffer.from(JSON.stringify({ id: `${reference}:${state}:${refunded}`, type: `payment.${state}`, reference }))
    const t = String(clock.now())
    return { body, headers: { 'content-type': 'application/json', 'sandbox-signature': `t=${t},v1=${seals.sign('sandbox-webhook', signedText(t, body))}` } }
  }
  return {
    name: 'sandbox',
    methods: ['play-money'],
    currencies: ['RWF', 'USD', 'EUR'],
    async checkout(request) {
      await books.insertPayment({ ...request, state: 'open', paidAt: undefined, refunded: 0, refundIds: [] })
      const { reference } = request
      return { url: `${publicUrl}/pay/sandbox/${reference}`, instructions: undefined, expiresAt: undefined, providerRef: `sandbox-${reference}` }
    },
    readNotice(body, headers) {
      const given = readSignatures(oneHeader(headers, 'sandbox-signature') ?? '')
      const isRight = given?.v1.some((signature) => seals.isSigned('sandbox-webhook', signedText(given.t, body), signature)) ?? false
      if (given === undefined || !isRight || !isFresh(Number(given.t), clock.now())) return fail({ code: 'SIGNATURE_WRONG' })
      const event = readObject(body)
      const eventId = textAt(event, 'id')
      if (eventId === undefined) return fail({ code: 'NOTICE_INVALID', problem: 'the body is no event' })
      return ok({ eventId, reference: textAt(event, 'reference') })
    },
    find: async (reference) => standingOf(await books.findPayment(reference)),
    async refund({ reference, refundId, amount, currency }) {
      const after = await books.changePayment(reference, (payment) => {
        const isPossible = payment.state === 'paid' && payment.currency === currency && payment.refunded + amount <= payment.amount
        if (!isPossible || payment.refundIds.includes(refundId)) return payment
        return { ...payment, refunded: payment.refunded + amount, refundIds: [...payment.refundIds, refundId] }
      })
      if (!after?.refundIds.includes(refundId))
        throw new ProviderFault(`the sandbox refuses to give back ${amount} ${currency} of ${reference}`, { retry: 'never' })
    },
    playMoney: {
      look: (reference) => books.findPayment(reference),
      async decide(reference, outcome) {
        const now = clock.now()
        const payment = await books.changePayment(reference, (before) => {
          if (before.state !== 'open') return before
          return outcome === 'pay' ? { ...before, state: 'paid', paidAt: now } : { ...before, state: 'refused' }
        })
        return payment && { payment, notice: noticeOf(payment) }
      },
    },
    close: async () => undefined,
  }
}

function standingOf(payment: SandboxPayment | undefined): PaymentStanding {
  if (payment === undefined) return { state: 'unknown' }
  const { state, amount, currency, paidAt, reference, refunded } = payment
  if (state !== 'paid' || paidAt === undefined) return { state: state === 'refused' ? 'failed' : 'open' }
  return { state, money: { amount, currency }, paidAt, providerRef: `sandbox-${reference}`, refunded }
}
