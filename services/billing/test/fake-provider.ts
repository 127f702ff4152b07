import { createHash } from 'node:crypto'
import type { Money } from '#kernel/money'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, instant } from '#kernel/time'
import type { Clock } from '#ports/clock'
import {
  type CheckoutPage,
  type NoticeFailure,
  type PaymentProvider,
  type PaymentRequest,
  type PaymentStanding,
  ProviderFault,
  type ProviderNotice,
  type RefundRequest,
} from '#ports/payment-provider'

type Call = 'checkout' | 'find' | 'refund'
/**
 * What a call to the provider does instead of what it should. `dead`: not reached, nothing happens there. `answer lost`: it happens there, and nobody here
 * hears of it. `refuses`: refused for good.
 */
export type Mischief = 'dead' | 'answer lost' | 'refuses'

type Book = {
  request: PaymentRequest
  state: 'open' | 'failed' | 'expired' | 'paid'
  money: Money
  paidAt: Instant
  refunds: Map<string, number>
  returned: number
}
const dayMs = 86_400_000
const refundedOf = ({ returned, refunds }: Book) => returned + [...refunds.values()].reduce((sum, amount) => sum + amount, 0)

/**
 * A provider with books of its own, that loses, lies and dies when told to. Like the real ones it knows a payment by our reference, takes it once, and
 * gives back once for each refund id.
 */
export class FakeProvider implements PaymentProvider {
  readonly name: PaymentProvider['name']
  readonly methods: PaymentProvider['methods']
  readonly currencies: PaymentProvider['currencies']
  readonly calls = { checkout: 0, find: 0, refund: 0 }
  readonly #clock: Clock
  readonly #books = new Map<string, Book>()
  readonly #mischief: Record<Call, Mischief[]> = { checkout: [], find: [], refund: [] }

  constructor(name: PaymentProvider['name'], clock: Clock) {
    this.name = name
    this.methods = name === 'manual' ? ['bank-transfer'] : ['card', 'mobile-money']
    this.currencies = name === 'flutterwave' ? ['RWF', 'USD'] : ['RWF', 'USD', 'EUR']
    this.#clock = clock
  }

  // ---- the port ----
  checkout(request: PaymentRequest): Promise<CheckoutPage> {
    return this.#answering('checkout', () => {
      const { amount, currency, reference } = request
      const book: Book = { request, state: 'open', money: { amount, currency }, paidAt: instant(0), refunds: new Map(), returned: 0 }
      if (!this.#books.has(reference)) this.#books.set(reference, book)
      if (this.name === 'manual') return { url: undefined, instructions: ['Bank of Kigali', reference], expiresAt: undefined, providerRef: undefined }
      const expiresAt = instant(this.#clock.now() + dayMs)
      return { url: `https://pay.example/${this.name}/${reference}`, instructions: undefined, expiresAt, providerRef: this.#ownRef(reference) }
    })
  }
  readNotice(body: Uint8Array, headers: Readonly<Record<string, string | string[] | undefined>>): Result<ProviderNotice, NoticeFailure> {
    if (headers['x-signature'] !== this.#sign(body)) return fail({ code: 'SIGNATURE_WRONG' })
    try {
      const { id, reference } = JSON.parse(Buffer.from(body).toString('utf8')) as { id: string; reference?: string }
      return ok({ eventId: id, reference })
    } catch {
      return fail({ code: 'NOTICE_INVALID', problem: 'no JSON' })
    }
  }
  find(reference: string): Promise<PaymentStanding> {
    return this.#answering('find', (): PaymentStanding => {
      const book = this.#books.get(reference)
      if (!book) return { state: 'unknown' }
      if (book.state !== 'paid') return { state: book.state }
      return { state: 'paid', money: book.money, paidAt: book.paidAt, providerRef: this.#ownRef(reference), refunded: refundedOf(book) }
    })
  }
  refund({ reference, refundId, amount }: RefundRequest): Promise<void> {
    return this.#answering('refund', () => void this.#bookOf(reference).refunds.set(refundId, amount))
  }
  close = () => Promise.resolve()

  // ---- what happens at the provider ----
  /** The next calls of this kind go so. */
  will(call: Call, ...what: Mischief[]) {
    this.#mischief[call].push(...what)
  }
  /** All goes as it should from now on. */
  recover() {
    for (const each of Object.values(this.#mischief)) each.length = 0
  }
  /** Somebody pays at the provider's page: what was asked, unless said otherwise. */
  pay(reference: string, { at = this.#clock.now(), ...money }: Partial<Money> & { at?: Instant } = {}) {
    const book = this.#bookOf(reference)
    Object.assign(book, { state: 'paid', paidAt: at, money: { ...book.money, ...money } })
  }
  end(reference: string, state: 'failed' | 'expired') {
    this.#bookOf(reference).state = state
  }
  /** By the provider's own page, past us. */
  giveBack(reference: string, amount: number) {
    this.#bookOf(reference).returned += amount
  }
  /** What lies there after all that was given back. */
  holds(reference: string) {
    const book = this.#bookOf(reference)
    return book.state === 'paid' ? book.money.amount - refundedOf(book) : 0
  }
  references = () => [...this.#books.keys()]
  requestOf = (reference: string) => this.#bookOf(reference).request
  /** A signed message as it comes over the line. */
  notice(reference: string | undefined, id: string) {
    return this.signed(Buffer.from(JSON.stringify({ id, reference, says: 'paid' })))
  }
  signed = (body: Buffer) => ({ body, headers: { 'content-type': 'application/json', 'x-signature': this.#sign(body) } })

  async #answering<T>(call: Call, act: () => T): Promise<T> {
    this.calls[call]++
    const wrong = this.#mischief[call].shift()
    if (wrong === 'dead') throw new ProviderFault('connection refused', { retry: 'later' })
    if (wrong === 'refuses') throw new ProviderFault('not with us', { retry: 'never' })
    const answer = act()
    if (wrong === 'answer lost') throw new ProviderFault('connection reset', { retry: 'later' })
    return answer
  }
  #bookOf(reference: string): Book {
    const book = this.#books.get(reference)
    if (!book) throw new Error(`the provider knows no ${reference}`)
    return book
  }
  #ownRef = (reference: string) => `${this.name}-${reference}`
  #sign = (body: Uint8Array) => createHash('sha256').update(`secret of ${this.name}`).update(body).digest('hex')
}
