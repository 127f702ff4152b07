import { createHmac, timingSafeEqual } from 'node:crypto'
import { openFlutterwave } from '#adapters/payment-flutterwave'
import { openManualPayments } from '#adapters/payment-manual'
import { openSandboxPayments } from '#adapters/payment-sandbox'
import { openStripe } from '#adapters/payment-stripe'
import type { Clock } from '#ports/clock'
import type { PaymentProvider, SandboxBooks } from '#ports/payment-provider'
import type { FlutterwaveServer } from './payment-flutterwave-server.ts'
import type { StripeServer } from './payment-stripe-server.ts'

/** The real adapters, all four, on local servers: for tests of a service, which may not know adapters. */
export const openTestProviders = (
  books: SandboxBooks,
  { flutterwave, stripe, clock }: { readonly flutterwave: FlutterwaveServer; readonly stripe: StripeServer; readonly clock: Pick<Clock, 'now'> },
): readonly PaymentProvider[] => {
  const whole: Clock = { now: clock.now, after: () => () => undefined }
  const { secretKey, webhookHash } = flutterwave
  return [
    openSandboxPayments({ books, publicUrl: 'https://arena.example.rw', clock: whole, seals: testSeals }),
    openManualPayments({ bankDetails: ['Bank of Kigali'] }),
    openFlutterwave({ url: flutterwave.url, secretKey, webhookHash, payersDomain: 'arena.example.rw', clock: whole }),
    openStripe({ url: stripe.url, secretKey: stripe.secretKey, webhookSecret: stripe.webhookSecret, clock: whole }),
  ]
}

const sign = (purpose: string, text: string) => createHmac('sha256', 'a secret of the tests alone').update(`${purpose} ${text}`).digest('base64url')
const testSeals = {
  sign,
  isSigned: (purpose: string, text: string, signature: string) => {
    const [given, right] = [Buffer.from(signature), Buffer.from(sign(purpose, text))]
    return given.length === right.length && timingSafeEqual(given, right)
  },
}
