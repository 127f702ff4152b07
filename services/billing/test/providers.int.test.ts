/**
 * The service with its real providers, which speak HTTP with servers that lie, lose, delay and die: the whole way of the money. Time moves and jobs run when
 * a test says so.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import fc from 'fast-check'
import type { ProviderName } from '#contracts/billing'
import { startTestFlutterwave } from '#testkit/payment-flutterwave-server'
import { openTestProviders } from '#testkit/payment-providers'
import type { PaymentServer, ProviderFailure, WebhookMessage, WebhookTray } from '#testkit/payment-server'
import { signStripe, startTestStripe } from '#testkit/payment-stripe-server'
import { aPlan, type Billing, openBilling } from './open-billing.ts'

let billing: Billing
const clock = { now: () => billing.clock.now() }
const flutterwave = await startTestFlutterwave(clock.now)
const stripe = await startTestStripe(clock.now)
let planId: string
before(async () => {
  billing = await openBilling({ openPaymentProviders: (books) => openTestProviders(books, { flutterwave, stripe, clock }) })
  const prices = [{ currency: 'RWF' as const, amount: 1_500 }, { currency: 'USD' as const, amount: 1_510 }] // biome-ignore format: one line
  planId = (await billing.plan(aPlan({ prices }))).id
})
after(() => billing.stop())

type Rig = {
  readonly name: ProviderName
  readonly server: PaymentServer & { readonly webhooks: WebhookTray; lie(reference: string): void }
  pay(reference: string): void
  /** How much it has given back of this payment. */
  givenBack(reference: string): number
  /** The same bytes with a signature of somebody else. */
  forge(message: WebhookMessage): WebhookMessage
}
const rigs: readonly Rig[] = [
  {
    name: 'flutterwave',
    server: flutterwave,
    pay: (reference) => void flutterwave.pay(reference),
    givenBack: (reference) => {
      const ids = flutterwave.transactions.filter(({ txRef }) => txRef === reference).map(({ id }) => id)
      return flutterwave.refunds.filter(({ txId }) => ids.includes(txId)).reduce((sum, { amount }) => sum + Number(amount), 0)
    },
    forge: (message) => ({ ...message, headers: { 'content-type': 'application/json', 'verif-hash': 'a guess' } }),
  },
  {
    name: 'stripe',
    server: stripe,
    pay: (reference) => stripe.pay(reference),
    givenBack: (reference) => stripe.refunds.filter(({ metadata }) => metadata.reference === reference).reduce((sum, { amount }) => sum + amount, 0),
    forge: (message) => ({
      ...message,
      headers: { 'content-type': 'application/json', 'stripe-signature': signStripe(message.body, 'whsec_guess', clock.now()) },
    }),
  },
]

/** As the front door would hand it on. */
const post = (provider: ProviderName) => async (message: WebhookMessage) => {
  const { status } = await billing.call(
    'POST /api/billing/webhooks/:provider',
    { params: { provider }, headers: message.headers },
    { payload: Buffer.from(message.body) },
  )
  return status
}
async function begun(provider: ProviderName, more: object = {}) {
  const user = await billing.user()
  return { user, ...(await billing.subscribe(user, planId, { provider, ...more })) }
}
const receiptsOf = async (user: Awaited<ReturnType<Billing['user']>>) =>
  (await user.call('GET /api/receipts')).body.receipts as { kind: string; amount: number }[]
const noticeCount = async () => Number((await billing.db.query<{ count: string }>('select count(*) from notices')).rows[0]?.count)
/** Long enough for every retry, with the jobs at work all the while. */
async function quiet() {
  for (let round = 0; round < 12; round += 1) {
    await billing.work()
    billing.ms(30 * 60_000)
  }
  await billing.work()
}
const refund = (paymentId: string, key: string, body: object = {}) =>
  billing.admin.call('POST /api/billing/payments/:id/refund', {
    params: { id: paymentId },
    headers: { 'idempotency-key': key },
    body: { reason: 'asked for', ...body },
  })

for (const { name, server, pay, givenBack, forge } of rigs)
  describe(`money by ${name}`, () => {
    const deliver = (arrange?: (messages: readonly WebhookMessage[]) => readonly WebhookMessage[]) => server.webhooks.deliver(post(name), arrange)
    const lose = () => deliver(() => [])
    afterEach(() => server.mend())

    it('comes, opens, is receipted, and goes back', async () => {
      const { user, id, reference, paymentId } = await begun(name)
      const due = (await billing.one(user)).due
      assert.match(due?.url ?? '', /^https:\/\/checkout\./)
      assert.deepEqual([due?.amount, due?.currency, due?.provider], [1_500, 'RWF', name])
      pay(reference)
      assert.ok((await deliver()).every((status) => status === 200))
      assert.equal((await billing.one(user)).status, 'pending', 'a message alone opens nothing')
      await billing.work()
      assert.deepEqual([(await billing.one(user)).status, (await billing.one(user)).id], ['active', id])
      assert.deepEqual(
        (await receiptsOf(user)).map(({ kind, amount }) => [kind, amount]),
        [['receipt', 1_500]],
      )
      assert.equal((await refund(paymentId, `all-of-${reference}`)).status, 200)
      await lose()
      await billing.work()
      assert.equal(givenBack(reference), 1_500)
      assert.deepEqual(
        (await receiptsOf(user)).map(({ kind, amount }) => [kind, amount]),
        [
          ['credit-note', 1_500],
          ['receipt', 1_500],
        ],
      )
      assert.equal((await billing.entitlement(user.userId)).active, false)
      await billing.checkBooks()
    })

    it('that a message claims and the provider does not have opens nothing', async () => {
      const { user, reference } = await begun(name)
      server.lie(reference)
      assert.deepEqual(await deliver(), [200])
      await billing.work()
      assert.equal((await billing.one(user)).status, 'pending')
      assert.deepEqual(await receiptsOf(user), [])
    })

    it('is found though every message of it was lost', async () => {
      const { user, reference } = await begun(name)
      pay(reference)
      await lose()
      billing.ms(60_000)
      await billing.work()
      assert.equal((await billing.one(user)).status, 'active')
    })

    it('is one payment however often, late and in whatever order it is told', async () => {
      const { user, reference } = await begun(name)
      pay(reference)
      const kept: WebhookMessage[] = []
      await deliver((messages) => {
        kept.push(...messages)
        return [...messages, ...messages].reverse()
      })
      await billing.work()
      const first = await billing.one(user)
      for (const message of kept) assert.equal(await post(name)(message), 200)
      await quiet()
      assert.deepEqual((await billing.one(user)).periodEndsAt, first.periodEndsAt)
      assert.equal((await receiptsOf(user)).length, 1)
      await billing.checkBooks()
    })

    it('is not told by whoever can write JSON: a forged message is refused and not kept', async () => {
      const { user, reference } = await begun(name)
      pay(reference)
      const before = await noticeCount()
      const statuses = await deliver((messages) =>
        messages.flatMap((message) => [forge(message), { ...message, headers: { 'content-type': 'application/json' } }]),
      )
      assert.ok(statuses.length > 0 && statuses.every((status) => status === 401), String(statuses))
      assert.equal(await noticeCount(), before)
      await billing.jobs.notices()
      assert.equal((await billing.one(user)).status, 'pending')
    })

    it('waits while the provider is dead, and is there when it is back', async () => {
      const { user, reference } = await begun(name)
      pay(reference)
      await server.stop()
      try {
        assert.ok(
          (await deliver()).every((status) => status === 200),
          'a message is kept whoever is dead',
        )
        await billing.work()
        assert.equal((await billing.one(user)).status, 'pending')
      } finally {
        await server.start()
      }
      billing.ms(60 * 60_000)
      await billing.work()
      assert.equal((await billing.one(user)).status, 'active')
    })

    it('is asked for on a second try where the page’s address was lost, and paid once', async () => {
      const user = await billing.user()
      server.fail({ kind: 'pass' }, { kind: 'cut', after: true })
      const failed = await user.call('POST /api/subscriptions', { body: { planId, currency: 'RWF', provider: name } })
      assert.deepEqual([failed.status, failed.body.error.code], [502, 'PROVIDER_FAILED'])
      assert.doesNotMatch(failed.text, /127\.0\.0\.1|ECONN|socket/i)
      const { id } = await billing.one(user)
      const again = await user.call('POST /api/subscriptions/:id/pay', { params: { id }, body: {} })
      assert.equal(again.status, 200, again.text)
      const { reference } = again.body.checkout
      pay(reference)
      await deliver()
      await quiet()
      assert.equal((await billing.one(user)).status, 'active')
      const { body } = await billing.admin.call('GET /api/billing/payments', { query: { query: reference } })
      assert.deepEqual(
        body.payments.map(({ status }: { status: string }) => status),
        ['succeeded'],
      )
    })

    it('goes back once, though the answer was lost again and again', async () => {
      const { user, reference, paymentId } = await begun(name)
      pay(reference)
      await deliver()
      await billing.work()
      // as far as the refund itself, whatever is asked before it
      const asks = name === 'flutterwave' ? 2 : 1
      const lost: ProviderFailure[] = [...Array.from({ length: asks }, () => ({ kind: 'pass' as const })), { kind: 'cut', after: true }]
      server.fail(...lost, { kind: 'status', status: 503 })
      await refund(paymentId, `lost-${reference}`, { amount: 500 })
      await lose()
      await quiet()
      assert.equal(givenBack(reference), 500)
      assert.deepEqual(
        (await receiptsOf(user)).map(({ kind, amount }) => [kind, amount]),
        [
          ['credit-note', 500],
          ['receipt', 1_500],
        ],
      )
      await billing.checkBooks()
    })

    it('ends the same whatever is lost, doubled, late or broken on the way', async () => {
      const failures: readonly ProviderFailure[] = [
        { kind: 'cut' },
        { kind: 'status', status: 500 },
        { kind: 'status', status: 429 },
        { kind: 'text', text: '<html>' },
        { kind: 'pass' },
      ]
      const order = fc.array(fc.nat({ max: 5 }), { maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(order, fc.array(fc.constantFrom(...failures), { maxLength: 6 }), fc.boolean(), async (picked, broken, lies) => {
          const { user, reference } = await begun(name)
          if (lies) server.lie(reference)
          pay(reference)
          server.fail(...broken)
          await deliver((messages) => picked.flatMap((at) => messages[at] ?? []))
          await quiet()
          server.mend()
          assert.equal((await billing.one(user)).status, 'active')
          assert.equal((await receiptsOf(user)).length, 1)
          await billing.checkBooks()
        }),
        { numRuns: 6 },
      )
    })
  })

describe('money that does not fit', () => {
  for (const [why, came] of [
    ['less', { amount: '14.99' }],
    ['another currency', { currency: 'RWF', amount: '15' }],
  ] as const)
    it(`${why} than was asked opens nothing, is kept, and is shown to an admin`, async () => {
      const { user, reference } = await begun('flutterwave', { currency: 'USD' })
      flutterwave.pay(reference, came)
      await flutterwave.webhooks.deliver(post('flutterwave'))
      await billing.work()
      assert.equal((await billing.one(user)).status, 'pending')
      const { body } = await billing.admin.call('GET /api/billing/payments', { query: { query: reference, troubled: true } })
      assert.equal(body.payments.length, 1)
      await billing.checkBooks()
    })

  it('parts of a cent are nobody’s: nothing is concluded and the payment stays open', async () => {
    const { user, reference } = await begun('flutterwave', { currency: 'USD' })
    flutterwave.pay(reference, { amount: '15.101' })
    await flutterwave.webhooks.deliver(post('flutterwave'))
    await billing.work()
    assert.equal((await billing.one(user)).status, 'pending')
  })
})

describe('what is signed and cannot be read', () => {
  it('is a 400 and kept by nobody', async () => {
    const before = await noticeCount()
    for (const body of [Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('[1]'), Buffer.from('{"id":')]) {
      assert.equal(
        await post('stripe')({
          body,
          headers: { 'content-type': 'application/json', 'stripe-signature': signStripe(body, stripe.webhookSecret, clock.now()) },
        }),
        400,
      )
      assert.equal(await post('flutterwave')({ body, headers: { 'content-type': 'application/json', 'verif-hash': flutterwave.webhookHash } }), 400)
    }
    assert.equal(await noticeCount(), before)
  })

  it('an old message of Stripe, caught and sent again, is refused', async () => {
    const { reference } = await begun('stripe')
    stripe.pay(reference)
    const caught: WebhookMessage[] = []
    await stripe.webhooks.deliver(async (message) => caught.push(message))
    billing.ms(6 * 60_000)
    for (const message of caught) assert.equal(await post('stripe')(message), 401)
  })
})

describe('play money', () => {
  const page = (reference: string) => billing.call('GET /api/billing/sandbox/:reference', { params: { reference } })
  const decide = (reference: string, outcome: string) => billing.call('POST /api/billing/sandbox/:reference', { params: { reference }, body: { outcome } })

  it('is paid on the arena’s own page, told to its own webhook, and opens', async () => {
    const { user, reference } = await begun('sandbox')
    assert.equal((await billing.one(user)).due?.url, `https://arena.example.rw/pay/sandbox/${reference}`)
    const shown = await page(reference)
    assert.deepEqual([shown.status, shown.body.amount, shown.body.currency, shown.body.status], [200, 1_500, 'RWF', 'open'])
    const before = await noticeCount()
    assert.equal((await decide(reference, 'pay')).body.status, 'paid')
    assert.equal((await decide(reference, 'refuse')).body.status, 'paid')
    assert.equal(await noticeCount(), before + 1)
    await billing.jobs.notices()
    assert.equal((await billing.one(user)).status, 'active')
  })

  it('that is refused opens nothing', async () => {
    const { user, reference } = await begun('sandbox')
    assert.equal((await decide(reference, 'refuse')).body.status, 'refused')
    await billing.work()
    assert.equal((await billing.one(user)).status, 'pending')
    assert.equal((await billing.entitlement(user.userId)).active, false)
  })

  it('bad references, outcomes and bodies are 4xx, and change nothing', async () => {
    assert.equal((await page('CA-nobody-knows')).status, 404)
    assert.equal((await decide('CA-nobody-knows', 'pay')).status, 404)
    assert.equal((await page("x' or 1=1")).status, 400)
    const { reference } = await begun('sandbox')
    assert.equal((await decide(reference, 'steal')).status, 400)
    assert.equal((await page(reference)).body.status, 'open')
    const other = await begun('stripe')
    assert.equal((await page(other.reference)).status, 404, 'the page is for play money alone')
  })
})
