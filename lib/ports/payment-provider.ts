import type { Money } from '#kernel/money'
import type { Result } from '#kernel/result'
import type { Instant } from '#kernel/time'

/** What a provider is asked to take. `reference` is ours, unique for ever, and is how the payment is found again whatever else is lost. */
export type PaymentRequest = Money & {
  readonly reference: string
  readonly description: string
  readonly payer: { readonly name: string; readonly email: string | undefined }
  /** Where the provider's page sends the payer back to. Nothing is believed because somebody comes back by it. */
  readonly returnUrl: string
}
export type CheckoutPage = {
  /** The provider's hosted page; none where a person confirms (bank transfer). */
  readonly url: string | undefined
  readonly instructions: readonly string[] | undefined
  readonly expiresAt: Instant | undefined
  readonly providerRef: string | undefined
}
/**
 * How a payment stands at the provider, in the provider's own books. `paid` never becomes anything but `paid`; every other state may still become it: a payer
 * whose first try `failed` tries again on the same page, and `unknown` is also a page on which nobody has tried yet. What was given back is `refunded`, which
 * only grows, unless a bank sends a refund back. `money` is what came, which need not be what was asked. `providerRef`: what `refund` and `find` take.
 */
export type PaymentStanding =
  | { readonly state: 'unknown' | 'open' | 'failed' | 'expired' }
  | { readonly state: 'paid'; readonly money: Money; readonly paidAt: Instant; readonly providerRef: string; readonly refunded: number }

/** A verified message. It says that something about `reference` may have changed, no more: what is true is asked with `find`. */
export type ProviderNotice = { readonly eventId: string; readonly reference: string | undefined }
export type NoticeFailure = { readonly code: 'SIGNATURE_WRONG' } | { readonly code: 'NOTICE_INVALID'; readonly problem: string }

/** Not answered, or answered with a failure of theirs. `retry: 'never'`: they refused what we asked, and will again. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault'
  readonly retry: 'later' | 'never'
  constructor(message: string, options: { readonly retry: 'later' | 'never'; readonly cause?: unknown }) {
    super(message, { cause: options.cause })
    this.retry = options.retry
  }
}

/** Takes money for us. Each call ends by itself within 40 s, an answer that does not come after 10 s, and throws `ProviderFault` only. */
export interface PaymentProvider {
  readonly name: 'sandbox' | 'manual' | 'flutterwave' | 'stripe'
  readonly methods: readonly ('card' | 'mobile-money' | 'bank-transfer' | 'play-money')[]
  readonly currencies: readonly Money['currency'][]
  /**
   * Opens a page for this payment. With the same `reference` (and the same request) again: the same page, or a new one for the same payment; never a second
   * payment: where it is paid or under way already, a fault with `retry: 'later'`, and `find` tells the truth.
   */
  checkout(request: PaymentRequest): Promise<CheckoutPage>
  /** Checks the signature over the raw bytes, then reads. Pure but for the clock (signatures that carry a time are good for five minutes). */
  readNotice(body: Uint8Array, headers: Readonly<Record<string, string | string[] | undefined>>): Result<ProviderNotice, NoticeFailure>
  /** How the payment of this reference stands now. `providerRef`: the provider's own name for it, when it is known already. */
  find(reference: string, providerRef: string | undefined): Promise<PaymentStanding>
  /** Gives `amount` minor units back. The same `refundId` again gives nothing more. Refunds of one payment are asked for one after another. */
  refund(refund: RefundRequest): Promise<void>
  /** The payer's side of play money; the sandbox provider alone has it. */
  readonly playMoney?: PlayMoney
  close(): Promise<void>
}
export type RefundRequest = Money & {
  readonly reference: string
  readonly providerRef: string
  readonly refundId: string
  /**
   * What had been given back before this refund, by our books, minor units: the same at every try of it. A provider that knows no idempotency keys
   * (Flutterwave) is asked what it has given back so far, and only gives when that is this sum.
   */
  readonly refundedBefore: number
}

/** What a payer of play money sees and does. `notice` is what the provider tells its webhook of it: body and headers as they would come over the line. */
export interface PlayMoney {
  look(reference: string): Promise<SandboxPayment | undefined>
  /** A payment that is decided already stays as it is, and is told again. Undefined: there is no such payment. */
  decide(reference: string, outcome: 'pay' | 'refuse'): Promise<{ readonly payment: SandboxPayment; readonly notice: SentNotice } | undefined>
}
export type SentNotice = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> }

/**
 * The books of the sandbox provider (play money). They outlive its process and are shared by replicas, so whoever hosts the provider keeps them;
 * the provider alone decides what is written.
 */
export type SandboxPayment = PaymentRequest & {
  readonly state: 'open' | 'paid' | 'refused'
  readonly paidAt: Instant | undefined
  readonly refunded: number
  readonly refundIds: readonly string[]
}
export interface SandboxBooks {
  findPayment(reference: string): Promise<SandboxPayment | undefined>
  /** Does nothing where the reference is known. */
  insertPayment(payment: SandboxPayment): Promise<void>
  /** Replaces the payment, one change at a time: `change` sees the newest and may leave it as it is. @returns what stands afterwards. */
  changePayment(reference: string, change: (payment: SandboxPayment) => SandboxPayment): Promise<SandboxPayment | undefined>
}
