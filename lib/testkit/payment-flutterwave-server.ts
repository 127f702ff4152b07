/**
 * A server that speaks Flutterwave's v3 as its documentation has it: hosted payments, verification by reference, refunds, webhooks with the secret hash.
 * What it does as the real one, and tests rely on: a `tx_ref` may have several pages and several transactions, whoever has not tried has none, refunds know no
 * idempotency key, a refund beyond what was paid is refused, amounts are JSON numbers in the currency's major unit.
 * @see https://developer.flutterwave.com/v3.0/docs
 */
import { createHmac } from 'node:crypto'
import { openPaymentServer, openWebhookTray, type PaymentServer, type ProviderCall, type ProviderReply, type WebhookTray } from './payment-server.ts'

export type FlutterwaveTransaction = {
  readonly id: number
  readonly txRef: string
  /** As it is written in the JSON, so that a test decides on each digit. */
  amount: string
  currency: string
  status: string
  createdAt: string
}
export type FlutterwaveServer = PaymentServer & {
  readonly secretKey: string
  readonly webhookHash: string
  readonly webhooks: WebhookTray
  readonly transactions: readonly FlutterwaveTransaction[]
  readonly refunds: readonly { readonly id: number; readonly txId: number; readonly amount: string; status: string }[]
  /** A payer tries on the page of this reference: the amount asked, unless changed. Tells the webhook. */
  pay(reference: string, changes?: Partial<Pick<FlutterwaveTransaction, 'amount' | 'currency' | 'status'>>): FlutterwaveTransaction
  /** A transaction that was pending (a prompt on the phone) ends. Tells the webhook. */
  settle(reference: string, status: 'successful' | 'failed'): void
  /** Tells the webhook of a success that its books know nothing of. */
  lie(reference: string): void
  /** Which header proves a message; both by default. */
  header(which: 'verif-hash' | 'flutterwave-signature' | 'both'): void
}

type Body = Readonly<Record<string, unknown>>

export async function startTestFlutterwave(now: () => number = Date.now): Promise<FlutterwaveServer> {
  const secretKey = 'FLWSECK_TEST-of-this-test-alone-X'
  const webhookHash = 'a hash that the dashboard was told'
  const transactions: FlutterwaveTransaction[] = []
  const refunds: { id: number; txId: number; amount: string; status: string; createdAt: string }[] = []
  const pages = new Map<string, Body>()
  const webhooks = openWebhookTray()
  let header: 'verif-hash' | 'flutterwave-signature' | 'both' = 'both'
  let lastId = 4_100_000
  const nextId = () => {
    lastId += 1
    return lastId
  }
  const iso = () => new Date(now()).toISOString()

  const tell = (event: string, transaction: FlutterwaveTransaction) => {
    const text = JSON.stringify({ event, data: viewOf(transaction), 'event.type': 'CARD_TRANSACTION' })
    webhooks.put(() => {
      const body = Buffer.from(text)
      const signature = createHmac('sha256', webhookHash).update(body).digest('base64')
      const headers: Record<string, string> = { 'content-type': 'application/json' }
      if (header !== 'flutterwave-signature') headers['verif-hash'] = webhookHash
      if (header !== 'verif-hash') headers['flutterwave-signature'] = signature
      return { body, headers }
    })
  }
  const refund = (id: number, asked: Body): ProviderReply => {
    const transaction = transactions.find((each) => each.id === id)
    if (transaction?.status !== 'successful') return error(400, 'No transaction was found for this id')
    const amount = asked.amount === undefined ? transaction.amount : String(asked.amount)
    const given = refunds.filter((each) => each.txId === id && each.status !== 'failed').reduce((sum, each) => sum + Number(each.amount), 0)
    if (!(Number(amount) > 0) || given + Number(amount) > Number(transaction.amount) + 1e-9) return error(400, 'Refund amount exceeds the amount charged')
    const made = { id: nextId(), txId: id, amount, status: 'completed', createdAt: iso() }
    refunds.push(made)
    return success('Transaction refund initiated', refundView(made))
  }
  const answer = (call: ProviderCall): ProviderReply => {
    if (call.headers.authorization !== `Bearer ${secretKey}`) return error(401, 'Invalid authorization key')
    const url = new URL(call.path, 'http://localhost')
    const asked = call.body === '' ? {} : (JSON.parse(call.body, keepDigits) as Body)
    if (call.method === 'POST' && url.pathname === '/v3/payments') return openPage(pages, asked)
    if (call.method === 'GET' && url.pathname === '/v3/transactions/verify_by_reference') {
      const found = transactions.findLast(({ txRef }) => txRef === url.searchParams.get('tx_ref'))
      return found ? success('Transaction fetched successfully', viewOf(found)) : error(400, 'No transaction was found for this id')
    }
    const refunding = /^\/v3\/transactions\/(\d+)\/refund$/.exec(url.pathname)
    if (call.method === 'POST' && refunding) return refund(Number(refunding[1]), asked)
    if (call.method === 'GET' && url.pathname === '/v3/refunds') return listRefunds(refunds, url.searchParams)
    return error(404, `Cannot ${call.method} ${url.pathname}`)
  }
  const server = await openPaymentServer(answer)
  return Object.assign(server, {
    url: `${server.url}/v3`,
    secretKey,
    webhookHash,
    webhooks,
    transactions,
    refunds,
    header: (which: typeof header) => {
      header = which
    },
    pay(reference: string, changes = {}) {
      const page = pages.get(reference)
      if (page === undefined) throw new Error(`no page was opened for ${reference}`)
      const asked = { amount: String(page.amount), currency: String(page.currency), status: 'successful' }
      const transaction = { id: nextId(), txRef: reference, createdAt: iso(), ...asked, ...changes }
      transactions.push(transaction)
      tell('charge.completed', transaction)
      return transaction
    },
    settle(reference: string, status: 'successful' | 'failed') {
      const transaction = transactions.findLast(({ txRef }) => txRef === reference)
      if (transaction === undefined) throw new Error(`nobody has paid ${reference}`)
      transaction.status = status
      tell('charge.completed', transaction)
    },
    lie(reference: string) {
      tell('charge.completed', { id: nextId(), txRef: reference, amount: '1', currency: 'RWF', status: 'successful', createdAt: iso() })
    },
  } satisfies Omit<FlutterwaveServer, keyof PaymentServer> & { url: string })
}

const success = (message: string, data: unknown, meta?: unknown): ProviderReply => ({
  status: 200,
  body: { status: 'success', message, ...(meta ? { meta } : {}), data },
})
const error = (status: number, message: string): ProviderReply => ({ status, body: { status: 'error', message, data: null } })

function openPage(pages: Map<string, Body>, asked: Body): ProviderReply {
  const { tx_ref: reference, amount, customer } = asked
  if (typeof reference !== 'string' || reference === '') return error(400, 'tx_ref is required')
  if (!(Number(amount) > 0)) return error(400, 'amount is required')
  const email = (customer as Body | undefined)?.email
  if (typeof email !== 'string' || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) return error(400, 'customer.email must be an email')
  pages.set(reference, asked)
  return success('Hosted Link', { link: `https://checkout.flutterwave.example/v3/hosted/pay/${pages.size}-${reference}` })
}

/** Ten a page, the newest first, by day. Its rows have another spelling than what a refund is answered with. */
function listRefunds(
  refunds: readonly { id: number; txId: number; amount: string; status: string; createdAt: string }[],
  query: URLSearchParams,
): ProviderReply {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9']
  const within = refunds.filter(({ createdAt }) => createdAt.slice(0, 10) >= from && createdAt.slice(0, 10) <= to).toReversed()
  const page = Number(query.get('page') ?? '1')
  const rows = within.slice((page - 1) * 10, page * 10)
  const meta = { page_info: { total: within.length, current_page: page, total_pages: Math.ceil(within.length / 10) } }
  return success(
    'Refunds fetched',
    rows.map((row) => ({ id: row.id, TransactionId: row.txId, AmountRefunded: digits(row.amount), status: row.status })),
    meta,
  )
}

const refundView = ({ id, txId, amount, status, createdAt }: { id: number; txId: number; amount: string; status: string; createdAt: string }) => ({
  id,
  account_id: 73_362,
  tx_id: txId,
  flw_ref: `URF_${id}`,
  amount_refunded: digits(amount),
  status,
  destination: 'payment_source',
  meta: { source: 'availablebalance' },
  created_at: createdAt,
})
const viewOf = ({ id, txRef, amount, currency, status, createdAt }: FlutterwaveTransaction) => ({
  id,
  tx_ref: txRef,
  flw_ref: `FLW-MOCK-${id}`,
  amount: digits(amount),
  currency,
  charged_amount: digits(amount),
  app_fee: 0.38,
  merchant_fee: 0,
  processor_response: 'Approved',
  auth_model: 'PIN',
  status,
  payment_type: currency === 'RWF' ? 'mobilemoneyrw' : 'card',
  created_at: createdAt,
  customer: { id: 1, name: 'Payer', phone_number: null, email: 'payer@example.test' },
})

// numbers with the digits they were given: `15.10` stays `15.10`
type WithRaw = { rawJSON(text: string): unknown }
const rawJson = (text: string) => (JSON as unknown as WithRaw).rawJSON(text)
const digits = (text: string) => (/^-?\d+(\.\d+)?(e\d+)?$/i.test(text) ? rawJson(text) : text)
const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }) => (typeof value === 'number' ? context?.source : value)
