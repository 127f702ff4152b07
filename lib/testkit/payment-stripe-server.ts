/**
 * A server that speaks Stripe's API as its documentation has it: Checkout Sessions, payment intents with search, refunds, idempotency keys, signed webhooks.
 * What it does as the real one, and tests rely on: a key's first answer is kept, failures too, and played back; other parameters under a key are refused; an
 * intent exists from the first try to pay; sessions end after a day; each message is signed anew, with its time, whenever it leaves.
 * @see https://docs.stripe.com/api
 */
import { createHmac } from 'node:crypto'
import { openPaymentServer, openWebhookTray, type PaymentServer, type ProviderCall, type ProviderReply, type WebhookTray } from './payment-server.ts'

type Session = {
  id: string
  reference: string
  amount: number
  currency: string
  createdAt: number
  expiresAt: number
  isEnded: boolean
  intentId: string | undefined
}
type Intent = { id: string; reference: string; amount: number; currency: string; status: string; createdAt: number; refunded: number }
type Refund = { id: string; intentId: string; amount: number; metadata: Record<string, string>; status: string; createdAt: number }

export type StripeServer = PaymentServer & {
  readonly secretKey: string
  readonly webhookSecret: string
  readonly webhooks: WebhookTray
  readonly sessions: readonly Session[]
  readonly refunds: readonly Refund[]
  /** A payer pays, or is declined, on the newest page of this reference. Tells the webhook, twice as Stripe does: of the session and of the intent. */
  pay(reference: string, outcome?: 'paid' | 'declined'): void
  /** The newest page ends unpaid. Tells the webhook. */
  expire(reference: string): void
  /** Tells the webhook of a success that its books know nothing of. */
  lie(reference: string): void
  /** The next write fails with 500 in a way that is kept under its key. */
  breakNextWrite(): void
  /** As after a day. */
  forgetKeys(): void
  /** Search finds nothing that came since, until it is caught up. */
  search(how: 'lags' | 'is caught up'): void
}

const dayMs = 86_400_000

export async function startTestStripe(now: () => number = Date.now): Promise<StripeServer> {
  const secretKey = 'sk_test_of_this_test_alone'
  const webhookSecret = 'whsec_of_this_test_alone'
  const sessions: Session[] = []
  const intents: Intent[] = []
  const refunds: Refund[] = []
  const kept = new Map<string, { readonly body: string; readonly reply: ProviderReply }>()
  const webhooks = openWebhookTray()
  let made = 0
  let isBroken = false
  let indexed: number | undefined
  const nextId = (prefix: string) => {
    made += 1
    return `${prefix}_test_${String(made).padStart(8, '0')}`
  }

  const tell = (type: string, object: object) => {
    const body = Buffer.from(JSON.stringify({ id: nextId('evt'), object: 'event', api_version: '2025-02-24.acacia', type, data: { object } }))
    webhooks.put(() => ({ body, headers: { 'content-type': 'application/json', 'stripe-signature': signStripe(body, webhookSecret, now()) } }))
  }
  const intentView = (intent: Intent) => ({
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amount,
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    currency: intent.currency,
    status: intent.status,
    created: seconds(intent.createdAt),
    metadata: { reference: intent.reference },
    latest_charge:
      intent.status === 'succeeded'
        ? { id: `ch_${intent.id}`, object: 'charge', amount: intent.amount, amount_refunded: intent.refunded, created: seconds(intent.createdAt), paid: true }
        : null,
  })
  const sessionView = (session: Session) => {
    const intent = intents.find(({ id }) => id === session.intentId)
    const isPaid = intent?.status === 'succeeded'
    const status = isPaid ? 'complete' : session.isEnded || session.expiresAt <= now() ? 'expired' : 'open'
    return {
      id: session.id,
      object: 'checkout.session',
      mode: 'payment',
      client_reference_id: session.reference,
      metadata: { reference: session.reference },
      amount_total: session.amount,
      currency: session.currency,
      status,
      payment_status: isPaid ? 'paid' : 'unpaid',
      created: seconds(session.createdAt),
      expires_at: seconds(session.expiresAt),
      url: status === 'open' ? `https://checkout.stripe.example/c/pay/${session.id}` : null,
      payment_intent: intent ? intentView(intent) : null,
    }
  }
  const createSession = (form: URLSearchParams): ProviderReply => {
    const amount = Number(form.get('line_items[0][price_data][unit_amount]'))
    const reference = form.get('client_reference_id')
    if (form.get('mode') !== 'payment' || !form.get('success_url') || !form.get('line_items[0][price_data][product_data][name]'))
      return refusal('parameter_missing')
    if (!Number.isInteger(amount) || amount < 1 || form.get('line_items[0][quantity]') !== '1') return refusal('parameter_invalid_integer')
    if (!reference || form.get('payment_intent_data[metadata][reference]') !== reference) return refusal('parameter_missing')
    const currency = form.get('line_items[0][price_data][currency]') ?? ''
    if (!/^[a-z]{3}$/.test(currency)) return refusal('invalid_currency')
    const session = { id: nextId('cs'), reference, amount, currency, createdAt: now(), expiresAt: now() + dayMs, isEnded: false, intentId: undefined }
    sessions.push(session)
    return { status: 200, body: sessionView(session) }
  }
  const createRefund = (form: URLSearchParams): ProviderReply => {
    const intent = intents.find(({ id }) => id === form.get('payment_intent'))
    const amount = Number(form.get('amount'))
    if (intent?.status !== 'succeeded') return refusal('resource_missing', 404)
    if (intent.refunded === intent.amount) return refusal('charge_already_refunded')
    if (!Number.isInteger(amount) || amount < 1 || intent.refunded + amount > intent.amount) return refusal('amount_too_large')
    intent.refunded += amount
    const metadata = Object.fromEntries([...form].flatMap(([key, value]) => (/^metadata\[(\w+)\]$/.exec(key) ? [[key.slice(9, -1), value]] : [])))
    const refund = { id: nextId('re'), intentId: intent.id, amount, metadata, status: 'succeeded', createdAt: now() }
    refunds.push(refund)
    tell('charge.refunded', { id: `ch_${intent.id}`, object: 'charge', metadata: { reference: intent.reference }, amount_refunded: intent.refunded })
    return { status: 200, body: refundView(refund) }
  }
  const write = (call: ProviderCall, act: (form: URLSearchParams) => ProviderReply): ProviderReply => {
    const key = String(call.headers['idempotency-key'] ?? '')
    const before = kept.get(key)
    if (before && before.body !== call.body)
      return { status: 400, body: { error: { type: 'idempotency_error', message: `Keys for idempotent requests … ${key}` } } }
    if (before) return { ...before.reply, headers: { 'idempotent-replayed': 'true' } }
    const reply = isBroken ? { status: 500, body: { error: { type: 'api_error', message: 'it is us' } } } : act(new URLSearchParams(call.body))
    isBroken = false
    if (key !== '') kept.set(key, { body: call.body, reply })
    return reply
  }
  const searched = (query: string): ProviderReply => {
    const reference = /^metadata\['reference'\]:'([^']+)'$/.exec(query)?.[1]
    if (reference === undefined) return refusal('query_invalid')
    const found = intents.slice(0, indexed).filter((intent) => intent.reference === reference)
    return { status: 200, body: { object: 'search_result', has_more: false, data: found.toReversed().map(intentView) } }
  }
  const read = (url: URL): ProviderReply => {
    const [, of, id = ''] = /^\/v1\/(checkout\/sessions|payment_intents)\/(\w+)$/.exec(url.pathname) ?? []
    if (url.pathname === '/v1/payment_intents/search') return searched(url.searchParams.get('query') ?? '')
    const session = sessions.find((each) => of === 'checkout/sessions' && each.id === id)
    if (session) return { status: 200, body: sessionView(session) }
    const intent = intents.find((each) => of === 'payment_intents' && each.id === id)
    if (intent) return { status: 200, body: intentView(intent) }
    if (url.pathname === '/v1/refunds') return listRefunds(refunds, url.searchParams)
    return refusal('resource_missing', 404)
  }
  const server = await openPaymentServer((call) => {
    if (call.headers.authorization !== `Bearer ${secretKey}`)
      return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_********lone' } } }
    const url = new URL(call.path, 'http://localhost')
    if (call.method === 'GET') return read(url)
    if (url.pathname === '/v1/checkout/sessions') return write(call, createSession)
    if (url.pathname === '/v1/refunds') return write(call, createRefund)
    return refusal('url_invalid', 404)
  })
  const newest = (reference: string): Session => {
    const session = sessions.findLast((each) => each.reference === reference)
    if (session === undefined) throw new Error(`no page was opened for ${reference}`)
    return session
  }
  return Object.assign(server, {
    secretKey,
    webhookSecret,
    webhooks,
    sessions,
    refunds,
    pay(reference: string, outcome: 'paid' | 'declined' = 'paid') {
      const session = newest(reference)
      if (sessionView(session).status !== 'open') throw new Error(`the page of ${reference} is not open`)
      const before = intents.find(({ id }) => id === session.intentId)
      const intent = before ?? { id: nextId('pi'), reference, amount: session.amount, currency: session.currency, status: '', createdAt: now(), refunded: 0 }
      if (!before) intents.push(intent)
      session.intentId = intent.id
      intent.status = outcome === 'paid' ? 'succeeded' : 'requires_payment_method'
      if (outcome === 'paid') tell('checkout.session.completed', sessionView(session))
      tell(outcome === 'paid' ? 'payment_intent.succeeded' : 'payment_intent.payment_failed', intentView(intent))
    },
    expire(reference: string) {
      const session = newest(reference)
      session.isEnded = true
      tell('checkout.session.expired', sessionView(session))
    },
    lie: (reference: string) => tell('checkout.session.completed', { object: 'checkout.session', client_reference_id: reference, payment_status: 'paid' }),
    breakNextWrite: () => {
      isBroken = true
    },
    forgetKeys: () => kept.clear(),
    search: (how: 'lags' | 'is caught up') => {
      indexed = how === 'lags' ? intents.length : undefined
    },
  } satisfies Omit<StripeServer, keyof PaymentServer>)
}

/** As Stripe's webhooks are signed. `at`: milliseconds. */
export function signStripe(body: Uint8Array, secret: string, at: number): string {
  const t = Math.floor(at / 1_000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex')}`
}

const seconds = (ms: number) => Math.floor(ms / 1_000)
const refusal = (code: string, status = 400): ProviderReply => ({
  status,
  body: { error: { type: 'invalid_request_error', code, message: 'as the test wants it' } },
})
const refundView = ({ id, intentId, amount, metadata, status, createdAt }: Refund) => ({
  id,
  object: 'refund',
  amount,
  payment_intent: intentId,
  metadata,
  status,
  created: seconds(createdAt),
})

function listRefunds(refunds: readonly Refund[], query: URLSearchParams): ProviderReply {
  const of = refunds.filter(({ intentId }) => intentId === query.get('payment_intent')).toReversed()
  const from = of.findIndex(({ id }) => id === query.get('starting_after')) + 1
  const rows = of.slice(from, from + Number(query.get('limit') ?? '10'))
  return { status: 200, body: { object: 'list', has_more: from + rows.length < of.length, data: rows.map(refundView) } }
}
