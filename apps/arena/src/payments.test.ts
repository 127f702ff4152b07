import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseConfig } from '#kit/config'
import { openSeals } from '#kit/seals'
import { paymentRequest } from '#ports/suites/payment-provider.suite'
import { memoryBooks } from '#testkit/payment-books'
import { startTestFlutterwave } from '#testkit/payment-flutterwave-server'
import { startTestStripe } from '#testkit/payment-stripe-server'
import { openPaymentProviders } from './adapters.ts'

const flutterwave = await startTestFlutterwave()
const stripe = await startTestStripe()
const own = { books: memoryBooks(), seals: openSeals('a secret of at least thirty-two characters') }
const open = (changes: Record<string, string>) =>
  openPaymentProviders(
    parseConfig({
      ARENA_FLUTTERWAVE_URL: flutterwave.url,
      ARENA_FLUTTERWAVE_SECRET_KEY: flutterwave.secretKey,
      ARENA_FLUTTERWAVE_WEBHOOK_HASH: flutterwave.webhookHash,
      ARENA_STRIPE_URL: stripe.url,
      ARENA_STRIPE_SECRET_KEY: stripe.secretKey,
      ARENA_STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      ARENA_BANK_DETAILS: 'Bank of Kigali | 000-111',
      ...changes,
    }),
    own,
  )

it('providers are those that ARENA_PAYMENTS names, in its order, each with its own settings', async () => {
  const providers = open({ ARENA_PAYMENTS: 'stripe, manual flutterwave,sandbox' })
  assert.deepEqual(
    providers.map(({ name }) => name),
    ['stripe', 'manual', 'flutterwave', 'sandbox'],
  )
  const pages = await Promise.all(providers.map((provider) => provider.checkout(paymentRequest())))
  assert.match(pages[0]?.url ?? '', /checkout\.stripe/)
  assert.deepEqual(pages[1]?.instructions?.slice(1, 3), ['Bank of Kigali', '000-111'])
  assert.match(pages[2]?.url ?? '', /checkout\.flutterwave/)
  assert.match(pages[3]?.url ?? '', /^http:\/\/localhost:8080\/pay\/sandbox\//)
})

it('without a word: play money in development, bank transfers in production', () => {
  assert.deepEqual(open({}).map(({ name }) => name), ['sandbox']) // biome-ignore format: one line
  assert.deepEqual(open({ ARENA_MODE: 'production' }).map(({ name }) => name), ['manual']) // biome-ignore format: one line
})

it('a payer without an address is no-reply at a domain of ours, or at none', async () => {
  for (const [changes, domain] of [
    [{ ARENA_PUBLIC_URL: 'https://arena.example.rw' }, 'arena.example.rw'],
    [{ ARENA_PUBLIC_URL: 'http://10.0.0.2:8080', ARENA_MAIL_FROM: 'Competa <contests@school.example.rw>' }, 'school.example.rw'],
    [{ ARENA_PUBLIC_URL: 'http://10.0.0.2:8080' }, 'arena.invalid'],
    [{}, 'arena.invalid'],
  ] as const) {
    const [provider] = open({ ARENA_PAYMENTS: 'flutterwave', ...changes })
    const request = paymentRequest()
    await provider?.checkout(request)
    assert.equal(JSON.parse(flutterwave.calls.at(-1)?.body ?? '').customer.email, `no-reply+${request.reference.toLowerCase()}@${domain}`)
  }
})
