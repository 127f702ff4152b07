/**
 * Stripe: one hosted Checkout Session a payment, by card.
 *
 * - Our reference goes as `client_reference_id` and as metadata of session, payment intent and charge. A payment is found by the session's id or the
 *   intent's, and where neither is known (the answer was lost) by searching intents for the reference; search lags behind by up to a minute, which only
 *   makes a payment `unknown` for so long.
 * - `Idempotency-Key` is the reference, or the refund's id. Stripe keeps what it answered for a day, failures of its own (5xx) too, so where such a failure
 *   is played back, or a session that is over by now, the next key of the row `reference`, `reference:2`, … is taken: a page whose address nobody got, or
 *   that is over, is not paid on. A refund is looked for by its id (metadata) before it is asked for, since keys are forgotten after a day.
 * - Nothing about the payer is sent: the parameters of a key must stay the same, and a pupil's data is nobody's business.
 * - Amounts are integers of Stripe's smallest unit, which for RWF (a zero-decimal currency), USD and EUR is ours.
 * @see https://docs.stripe.com/api/checkout/sessions, …/api/refunds, …/api/idempotent_requests, …/currencies#zero-decimal, …/webhooks#verify-manually
 */
import { type CurrencyCode, type Money, minorDigits } from '#kernel/money'
import { fail, ok } from '#kernel/result'
import { type Instant, instant } from '#kernel/time'
import type { Clock } from '#ports/clock'
import { type CheckoutPage, type PaymentProvider, type PaymentRequest, type PaymentStanding, ProviderFault, type RefundRequest } from '#ports/payment-provider'
import { openPaymentHttp, type PaymentCall, type PaymentHttpAnswer, refuseUnwell } from './payment-http.ts'
import { listAt, parseExact, readObject, textAt, valueAt } from './payment-json.ts'
import { hmacSha256, isFresh, isSameSecret, oneHeader, readSignatures } from './payment-signatures.ts'

export type StripeOptions = {
  /** Such as `https://api.stripe.com`. */
  readonly url: string
  readonly secretKey: string
  /** `whsec_…` of the webhook endpoint. */
  readonly webhookSecret: string
  readonly clock: Clock
  readonly deadlineMs?: number
}

const name = 'Stripe'
/** Answers keep this shape whatever the account's own version is. */
const apiVersion = '2025-02-24.acacia'
const keysInARow = 4
const mostPages = 10
const isReference = (text: string) => /^[A-Za-z0-9-]{8,64}$/.test(text)

export function openStripe({ url, secretKey, webhookSecret, clock, deadlineMs }: StripeOptions): PaymentProvider {
  const headers = { authorization: `Bearer ${secretKey}`, 'stripe-version': apiVersion }
  const http = openPaymentHttp({ provider: name, url, headers, deadlineMs })
  return {
    name: 'stripe',
    methods: ['card'],
    currencies: ['RWF', 'USD', 'EUR'],
    checkout: (request) => openPage(http.forOneCall(), request, clock.now()),
    find: (reference, providerRef) => findPayment(http.forOneCall(), reference, providerRef),
    refund: (refund) => giveBack(http.forOneCall(), refund),
    readNotice(body, given) {
      if (!isGenuine(body, oneHeader(given, 'stripe-signature') ?? '', { secret: webhookSecret, now: clock.now() })) return fail({ code: 'SIGNATURE_WRONG' })
      const event = readObject(body)
      const eventId = textAt(event, 'id')
      if (event === undefined || eventId === undefined) return fail({ code: 'NOTICE_INVALID', problem: 'the body is no event' })
      const reference = textAt(event, 'data', 'object', 'client_reference_id') ?? textAt(event, 'data', 'object', 'metadata', 'reference')
      return ok({ eventId, reference: reference !== undefined && isReference(reference) ? reference : undefined })
    },
    close: http.close,
  }
}

/** Any of the signatures will do: while a secret is being changed, Stripe signs with both. */
function isGenuine(body: Uint8Array, header: string, { secret, now }: { readonly secret: string; readonly now: Instant }): boolean {
  const given = readSignatures(header)
  if (given === undefined) return false
  const right = hmacSha256(secret, `${given.t}.`, body).toString('hex')
  const isRight = given.v1.map((signature) => isSameSecret(signature, right)).includes(true)
  return isRight && isFresh(Number(given.t) * 1_000, now)
}

async function openPage(http: PaymentCall, request: PaymentRequest, now: Instant): Promise<CheckoutPage> {
  const { reference } = request
  if (!isReference(reference)) throw new ProviderFault(`${name}: no reference of ours`, { retry: 'never' })
  const before = await searchIntent(http, reference)
  if (before?.state === 'paid') throw underWay(reference)
  const form = new URLSearchParams({
    mode: 'payment',
    client_reference_id: reference,
    'metadata[reference]': reference,
    'payment_intent_data[metadata][reference]': reference,
    'payment_method_types[0]': 'card',
    'adaptive_pricing[enabled]': 'false',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': request.currency.toLowerCase(),
    'line_items[0][price_data][unit_amount]': String(request.amount),
    'line_items[0][price_data][product_data][name]': request.description,
    success_url: request.returnUrl,
    cancel_url: request.returnUrl,
  })
  for (const key of keysOf(reference)) {
    const answer = await post(http, '/v1/checkout/sessions', { form, key })
    if (isFailurePlayedBack(answer)) continue
    const session = successOf(answer)
    const id = textAt(session, 'id') ?? ''
    const expiresAt = secondsOf(textAt(session, 'expires_at'))
    if (!/^cs_\w{1,200}$/.test(id) || textAt(session, 'client_reference_id') !== reference || expiresAt === undefined)
      throw garbled('a session that is not ours')
    if (expiresAt <= now) continue
    const url = textAt(session, 'url')
    if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw underWay(reference)
    return { url, instructions: undefined, expiresAt, providerRef: id }
  }
  throw new ProviderFault(`${name} plays back failures of its own for ${reference}`, { retry: 'later' })
}

const underWay = (reference: string) => new ProviderFault(`${name}: payment ${reference} is paid or under way already`, { retry: 'later' })

async function findPayment(http: PaymentCall, reference: string, providerRef: string | undefined): Promise<PaymentStanding> {
  if (!isReference(reference)) throw new ProviderFault(`${name}: no reference of ours`, { retry: 'never' })
  if (providerRef !== undefined && /^cs_\w{1,200}$/.test(providerRef)) return findBySession(http, reference, providerRef)
  if (providerRef !== undefined && /^pi_\w{1,200}$/.test(providerRef)) {
    const answer = await http.send({ method: 'GET', path: `/v1/payment_intents/${providerRef}?expand[]=latest_charge` })
    return standingOf(successOf(answer), reference)
  }
  return (await searchIntent(http, reference)) ?? { state: 'unknown' }
}

async function findBySession(http: PaymentCall, reference: string, id: string): Promise<PaymentStanding> {
  const session = successOf(await http.send({ method: 'GET', path: `/v1/checkout/sessions/${id}?expand[]=payment_intent.latest_charge` }))
  if (textAt(session, 'client_reference_id') !== reference) throw garbled('a session of another payment')
  const status = textAt(session, 'status')
  if (status === 'open' || status === 'expired') return { state: status }
  if (status !== 'complete') throw garbled('a status we do not know')
  // complete and unpaid: a method that takes days
  return textAt(session, 'payment_status') === 'paid' ? standingOf(valueAt(session, 'payment_intent'), reference) : { state: 'open' }
}

/** The payment of this reference among all: one that was paid, else the newest try. */
async function searchIntent(http: PaymentCall, reference: string): Promise<PaymentStanding | undefined> {
  const query = new URLSearchParams({ query: `metadata['reference']:'${reference}'`, 'expand[]': 'data.latest_charge', limit: '10' })
  const found = listAt(successOf(await http.send({ method: 'GET', path: `/v1/payment_intents/search?${query}` })), 'data')
  const standings = found.map((intent) => standingOf(intent, reference))
  return standings.find(({ state }) => state === 'paid') ?? standings[0]
}

const intentStates: Readonly<Record<string, 'paid' | 'open' | 'failed'>> = {
  succeeded: 'paid',
  processing: 'open',
  requires_action: 'open',
  requires_capture: 'open',
  requires_confirmation: 'open',
  requires_payment_method: 'open',
  canceled: 'failed',
}

function standingOf(intent: unknown, reference: string): PaymentStanding {
  if (textAt(intent, 'metadata', 'reference') !== reference) throw garbled('an intent of another payment')
  const status = textAt(intent, 'status') ?? ''
  const state = Object.hasOwn(intentStates, status) ? intentStates[status] : undefined
  if (state === undefined) throw garbled('a status we do not know')
  if (state !== 'paid') return { state }
  const providerRef = textAt(intent, 'id')
  const paidAt = secondsOf(textAt(intent, 'latest_charge', 'created'))
  const refunded = unitsOf(textAt(intent, 'latest_charge', 'amount_refunded'))
  if (providerRef === undefined || paidAt === undefined) throw garbled('an intent without id or time')
  return { state, money: moneyOf(intent), paidAt, providerRef, refunded }
}

async function giveBack(http: PaymentCall, { reference, providerRef, refundId, amount }: RefundRequest): Promise<void> {
  if (!/^pi_\w{1,200}$/.test(providerRef)) throw new ProviderFault(`${name}: payment ${reference} is not one that could be given back`, { retry: 'never' })
  const known = await findRefund(http, providerRef, refundId)
  if (known !== undefined) return refuseNotGiven(known, refundId)
  const form = new URLSearchParams({
    payment_intent: providerRef,
    amount: String(amount),
    'metadata[refund_id]': refundId,
    'metadata[reference]': reference,
  })
  for (const key of keysOf(refundId)) {
    const answer = await post(http, '/v1/refunds', { form, key })
    if (!isFailurePlayedBack(answer)) return refuseNotGiven(successOf(answer), refundId)
  }
  throw new ProviderFault(`${name} plays back failures of its own for ${refundId}`, { retry: 'later' })
}

async function findRefund(http: PaymentCall, intentId: string, refundId: string): Promise<unknown> {
  let after = ''
  for (let page = 1; page <= mostPages; page += 1) {
    const body = successOf(await http.send({ method: 'GET', path: `/v1/refunds?payment_intent=${intentId}&limit=100${after}` }))
    const rows = listAt(body, 'data')
    const found = rows.find((row) => textAt(row, 'metadata', 'refund_id') === refundId)
    const last = textAt(rows.at(-1), 'id')
    if (found !== undefined || valueAt(body, 'has_more') !== true || last === undefined) return found
    after = `&starting_after=${encodeURIComponent(last)}`
  }
  throw new ProviderFault(`${name} lists too many refunds to go through`, { retry: 'never' })
}

function refuseNotGiven(refund: unknown, refundId: string): void {
  const status = textAt(refund, 'status')
  if (status === 'succeeded' || status === 'pending' || status === 'requires_action') return
  if (status === 'failed' || status === 'canceled') throw new ProviderFault(`${name} did not give back ${refundId}: ${status}`, { retry: 'never' })
  throw garbled('a refund with a status we do not know')
}

const keysOf = (id: string) => Array.from({ length: keysInARow }, (_, at) => (at === 0 ? id : `${id}:${at + 1}`))
const isFailurePlayedBack = ({ status, headers }: PaymentHttpAnswer) => status >= 500 && headers['idempotent-replayed'] === 'true'
const post = (http: PaymentCall, path: string, { form, key }: { readonly form: URLSearchParams; readonly key: string }) =>
  http.send({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': key },
    body: String(form),
  })

/** The object in an answer. Its error's words may repeat what was sent, so only type and code are told. */
function successOf(answer: PaymentHttpAnswer): unknown {
  refuseUnwell(name, answer)
  const body = parseExact(answer.text)
  if (answer.status < 300 && textAt(body, 'object') !== undefined) return body
  const word = (key: string) => /^\w{1,60}$/.exec(textAt(body, 'error', key) ?? '')?.[0]
  const type = word('type')
  if (type === undefined) throw garbled('no answer of its API')
  throw new ProviderFault(`${name} refuses (${answer.status}): ${[type, word('code')].filter(Boolean).join(' ')}`, { retry: 'never' })
}

function moneyOf(intent: unknown): Money {
  const currency = textAt(intent, 'currency')?.toUpperCase()
  if (currency === undefined || !Object.hasOwn(minorDigits, currency)) throw garbled('a currency that is not ours')
  return { amount: unitsOf(textAt(intent, 'amount_received')), currency: currency as CurrencyCode }
}
function unitsOf(text: string | undefined): number {
  const units = /^\d{1,16}$/.test(text ?? '') ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(units)) throw garbled('an amount that is no whole number')
  return units
}
const secondsOf = (text: string | undefined): Instant | undefined => (/^\d{1,11}$/.test(text ?? '') ? instant(Number(text) * 1_000) : undefined)

/** Theirs to mend, or a line that is not theirs at all: nothing is concluded from it. */
const garbled = (what: string) => new ProviderFault(`${name} answered ${what}`, { retry: 'later' })
