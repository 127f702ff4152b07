/**
 * Flutterwave, API v3: hosted payments by card and by mobile money of Rwanda (MTN MoMo).
 *
 * - A payment is found by our own reference (`tx_ref`). Amounts are decimals on the wire and minor units here; digits are moved, nothing is rounded.
 * - Flutterwave wants an address of every payer. A pupil without one pays as `no-reply+<reference>@<the arena's host>`: an address of the arena's own domain,
 *   another one for each payment (its checks against fraud look at how often an address pays), to which nobody ever mails on our side.
 * - v3 knows no idempotency keys. A page asked for twice is two pages for one `tx_ref`, so nothing is opened for a payment that is paid or under way, and a
 *   page lives a day. A refund is given only when what was given back so far is what our books say (`refundedBefore`); when it is this refund more, it is done.
 * - Webhooks carry the secret hash itself (`verif-hash`), newer ones an HMAC-SHA-256 of the body under it (`flutterwave-signature`, base64): either is taken.
 *   The first does not cover the body, which costs nothing: a message only says that `find` should be asked.
 * @see https://developer.flutterwave.com/v3.0/docs/flutterwave-standard-1 (hosted payments), …/docs/transaction-verification, …/docs/refunds, …/docs/webhooks
 */
import { createHash } from 'node:crypto'
import { type CurrencyCode, decimalText, type Money, minorDigits, minorUnits } from '#kernel/money'
import { fail, ok } from '#kernel/result'
import { type Instant, instant, parseIso, toIso } from '#kernel/time'
import type { Clock } from '#ports/clock'
import { type PaymentProvider, type PaymentRequest, type PaymentStanding, ProviderFault, type RefundRequest } from '#ports/payment-provider'
import { openPaymentHttp, type PaymentCall, type PaymentHttpAnswer, refuseUnwell } from './payment-http.ts'
import { exactNumber, listAt, parseExact, readObject, textAt, valueAt } from './payment-json.ts'
import { hmacSha256, isSameSecret, oneHeader } from './payment-signatures.ts'

export type FlutterwaveOptions = {
  /** Such as `https://api.flutterwave.com/v3`. */
  readonly url: string
  readonly secretKey: string
  readonly webhookHash: string
  /** Where payers without an address of their own are `no-reply`. */
  readonly payersDomain: string
  readonly clock: Clock
  /** Of one request, and of all that a call needs; milliseconds. */
  readonly deadlineMs?: number
  readonly callMs?: number
}

const name = 'Flutterwave'
/** The longest it allows. */
const pageMinutes = 1_440
const dayMs = 86_400_000
/** Ten refunds each. */
const mostPages = 100
const isReference = (text: string) => /^[A-Za-z0-9-]{8,64}$/.test(text)

export function openFlutterwave(options: FlutterwaveOptions): PaymentProvider {
  const { clock, webhookHash, deadlineMs, callMs, url, secretKey } = options
  const http = openPaymentHttp({ provider: name, url, headers: { authorization: `Bearer ${secretKey}` }, deadlineMs, callMs })
  const redact = (text: string) => text.replaceAll(secretKey, '[secret]').replaceAll(webhookHash, '[secret]')
  const begin = (): Api => ({ http: http.forOneCall(), clock, redact })
  return {
    name: 'flutterwave',
    methods: ['card', 'mobile-money'],
    currencies: ['RWF', 'USD', 'EUR'],
    checkout: (request) => openPage(begin(), request, options.payersDomain),
    find: (reference) => findPayment(begin(), reference),
    refund: (refund) => giveBack(begin(), refund),
    readNotice(body, headers) {
      if (!isGenuine(body, headers, webhookHash)) return fail({ code: 'SIGNATURE_WRONG' })
      const event = readObject(body)
      if (event === undefined) return fail({ code: 'NOTICE_INVALID', problem: 'the body is no JSON object in UTF-8' })
      // its messages carry no id: the same bytes are the same message
      const eventId = `sha256-${createHash('sha256').update(body).digest('hex')}`
      const reference = textAt(event, 'data', 'tx_ref') ?? textAt(event, 'data', 'reference') ?? textAt(event, 'txRef') ?? textAt(event, 'tx_ref')
      return ok({ eventId, reference: reference !== undefined && isReference(reference) ? reference : undefined })
    },
    close: http.close,
  }
}

type Api = { readonly http: PaymentCall; readonly clock: Clock; readonly redact: (text: string) => string }

function isGenuine(body: Uint8Array, headers: Readonly<Record<string, string | string[] | undefined>>, hash: string): boolean {
  const plain = oneHeader(headers, 'verif-hash')
  const signed = oneHeader(headers, 'flutterwave-signature')
  const isPlainRight = isSameSecret(plain ?? '', hash)
  const isSignedRight = isSameSecret(signed ?? '', hmacSha256(hash, body).toString('base64'))
  return isPlainRight || isSignedRight
}

async function openPage(api: Api, request: PaymentRequest, payersDomain: string) {
  const { reference, currency } = request
  const { state } = await findTransaction(api, reference)
  if (state === 'paid' || state === 'open') throw new ProviderFault(`${name}: payment ${reference} is paid or under way already`, { retry: 'later' })
  const answer = await api.http.send({
    method: 'POST',
    path: '/payments',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      tx_ref: reference,
      amount: exactNumber(decimalText(request)),
      currency,
      redirect_url: request.returnUrl,
      payment_options: currency === 'RWF' ? 'card,mobilemoneyrwanda' : 'card',
      session_duration: pageMinutes,
      customer: { email: request.payer.email ?? `no-reply+${reference.toLowerCase()}@${payersDomain}`, name: request.payer.name || undefined },
      customizations: { title: 'Competa Arena', description: request.description },
      meta: { reference },
    }),
  })
  const url = textAt(successOf(api, answer), 'data', 'link')
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw garbled('a page without an address')
  return { url, instructions: undefined, expiresAt: instant(api.clock.now() + pageMinutes * 60_000), providerRef: undefined }
}

async function findPayment(api: Api, reference: string): Promise<PaymentStanding> {
  const found = await findTransaction(api, reference)
  // the page lets a payer try again, and no page is older than a day
  if (found.state === 'failed') return { state: api.clock.now() - found.triedAt < pageMinutes * 60_000 ? 'open' : 'failed' }
  if (found.state !== 'paid') return found
  const transaction = { id: found.providerRef, paidAt: found.paidAt, currency: found.money.currency }
  const refunded = await sumOfRefunds(api, transaction).catch((cause: unknown) => {
    // a list that is refused must not keep from us that a payer has paid; one that does not come now is asked for again
    if (cause instanceof ProviderFault && cause.retry === 'never') return 0
    throw cause
  })
  return { ...found, refunded }
}

type Found =
  | { readonly state: 'unknown' | 'open' }
  | { readonly state: 'failed'; readonly triedAt: Instant }
  | { readonly state: 'paid'; readonly money: Money; readonly paidAt: Instant; readonly providerRef: string }
const stateOf: Readonly<Record<string, 'paid' | 'open' | 'failed'>> = {
  successful: 'paid',
  pending: 'open',
  failed: 'failed',
  cancelled: 'failed',
}

async function findTransaction(api: Api, reference: string): Promise<Found> {
  if (!isReference(reference)) throw new ProviderFault(`${name}: no reference of ours`, { retry: 'never' })
  const answer = await api.http.send({ method: 'GET', path: `/transactions/verify_by_reference?tx_ref=${reference}` })
  refuseUnwell(name, answer)
  // whoever has not tried to pay yet has no transaction
  if (isRefused(answer, /no transaction/i)) return { state: 'unknown' }
  const data = valueAt(successOf(api, answer), 'data')
  if (textAt(data, 'tx_ref') !== reference) throw garbled('a transaction of another reference')
  const state = Object.hasOwn(stateOf, textAt(data, 'status') ?? '') ? stateOf[textAt(data, 'status') ?? ''] : undefined
  if (state === undefined) throw garbled('a status we do not know')
  if (state === 'open') return { state }
  const providerRef = textAt(data, 'id')
  const at = parseIso(textAt(data, 'created_at') ?? '')
  if (providerRef === undefined || !/^\d{1,20}$/.test(providerRef) || at === undefined) throw garbled('a transaction without id or time')
  if (state === 'failed') return { state, triedAt: at }
  return { state, paidAt: at, money: moneyOf(textAt(data, 'amount'), textAt(data, 'currency')), providerRef }
}

type Transaction = { readonly id: string; readonly paidAt: Instant; readonly currency: CurrencyCode }

async function giveBack(api: Api, { reference, providerRef, refundId, refundedBefore, ...money }: RefundRequest): Promise<void> {
  const found = await findTransaction(api, reference)
  if (found.state !== 'paid' || found.providerRef !== providerRef || found.money.currency !== money.currency)
    throw new ProviderFault(`${name}: payment ${reference} is not one that could be given back`, { retry: 'never' })
  const given = await sumOfRefunds(api, { id: providerRef, paidAt: found.paidAt, currency: money.currency })
  if (given === refundedBefore + money.amount) return
  if (given !== refundedBefore) {
    const said = `has given back ${given} of ${reference} where our books say ${refundedBefore} (minor units of ${money.currency})`
    throw new ProviderFault(`${name} ${said}: look at its dashboard`, { retry: 'never' })
  }
  const answer = await api.http.send({
    method: 'POST',
    path: `/transactions/${providerRef}/refund`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ amount: exactNumber(decimalText(money)), comments: `refund ${refundId}` }),
  })
  const status = textAt(successOf(api, answer), 'data', 'status') ?? ''
  if (isNotGiven(status)) throw new ProviderFault(`${name} did not give back ${refundId}: ${api.redact(status)}`, { retry: 'never' })
}

/** Of those refunds only that are known to have come to nothing: with any other status the money may be on its way. */
const isNotGiven = (status: string) => /^(failed|cancell?ed)/i.test(status)

/** All that was given back of a transaction, minor units. v3 lists the refunds of an account by day, so those since the payment are gone through. */
async function sumOfRefunds(api: Api, { id, paidAt, currency }: Transaction): Promise<number> {
  const day = (at: number) => toIso(instant(at)).slice(0, 10)
  // a day on each side, for clocks and time zones
  const span = `from=${day(paidAt - dayMs)}&to=${day(api.clock.now() + dayMs)}`
  let sum = 0
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await api.http.send({ method: 'GET', path: `/refunds?${span}&page=${page}` })
    refuseUnwell(name, answer)
    if (isRefused(answer, /\bno\b.*\brefund|not found/i)) return sum
    const body = successOf(api, answer)
    for (const row of listAt(body, 'data')) {
      const of = textAt(row, 'tx_id') ?? textAt(row, 'transaction_id') ?? textAt(row, 'TransactionId')
      if (of !== id || isNotGiven(textAt(row, 'status') ?? '')) continue
      sum += moneyOf(textAt(row, 'amount_refunded') ?? textAt(row, 'AmountRefunded'), currency).amount
    }
    const pages = Number(textAt(body, 'meta', 'page_info', 'total_pages') ?? '1')
    if (!(page < pages)) return sum
  }
  throw new ProviderFault(`${name} lists too many refunds to go through`, { retry: 'never' })
}

/** Its refusals differ by their words alone; they have come with 400, with 404 and with 200. */
function isRefused({ text }: PaymentHttpAnswer, words: RegExp): boolean {
  const body = parseExact(text)
  return textAt(body, 'status') === 'error' && words.test(textAt(body, 'message') ?? '')
}

/** The body of an answer that says `success`. What it refuses it will refuse again. */
function successOf(api: Api, answer: PaymentHttpAnswer): unknown {
  refuseUnwell(name, answer)
  const body = parseExact(answer.text)
  const status = textAt(body, 'status')
  if (answer.status < 300 && status === 'success') return body
  if (status !== 'error') throw garbled('no answer of its API')
  const said = api
    .redact(textAt(body, 'message') ?? '')
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, 120)
  throw new ProviderFault(`${name} refuses (${answer.status}): ${said}`, { retry: 'never' })
}

function moneyOf(amount: string | undefined, currency: string | undefined): Money {
  if (currency === undefined || !Object.hasOwn(minorDigits, currency)) throw garbled('a currency that is not ours')
  const code = currency as CurrencyCode
  const units = minorUnits(amount ?? '', code)
  if (units === undefined || units < 0) throw garbled('an amount that is no whole number of minor units')
  return { amount: units, currency: code }
}

/** Theirs to mend, or a line that is not theirs at all: nothing is concluded from it. */
const garbled = (what: string) => new ProviderFault(`${name} answered ${what}`, { retry: 'later' })
