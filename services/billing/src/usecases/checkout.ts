import { randomBytes } from 'node:crypto'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, instant } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type PaymentProvider, ProviderFault } from '#ports/payment-provider'
import { referenceOf } from '../domain/join-code.ts'
import { nextCheckAt, type Payment, standardLifeMs } from '../domain/payment.ts'
import type { Whole } from '../domain/subscription.ts'
import { areSameTerms, type Terms } from '../domain/terms.ts'
import type { Providers } from '../providers.ts'
import { findPayment, insertPayment, savePage, saveUnpaid } from '../store-payments.ts'
import { findUser } from '../store-users.ts'

export type CheckoutDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'log' | 'config'> & { readonly providers: Providers }

/** A page that has so little time left is not worth going to. */
const pageLeftMs = 5 * 60_000

/**
 * The payment to make now: the one that waits, where it is asked for under the same terms and by the same provider, else a new one. The row, with its
 * reference, is there before any provider hears of it; whatever happens afterwards, the money can be found by it.
 */
export async function preparePayment(
  tx: Tx,
  deps: Pick<Deps, 'ids'>,
  { whole, terms, provider, now }: { whole: Pick<Whole, 'payments' | 'record'>; terms: Terms; provider: PaymentProvider; now: Instant },
): Promise<string> {
  const waiting = whole.payments.find(
    (each) => each.status === 'pending' && each.provider === provider.name && areSameTerms(each.terms, terms) && now + pageLeftMs < each.expiresAt,
  )
  if (waiting) return waiting.id
  const id = deps.ids.next()
  const life = { status: 'pending', checks: 0, expiresAt: instant(now + standardLifeMs(provider.name)) } as const
  await insertPayment(tx, {
    id,
    subscriptionId: whole.record.id,
    reference: referenceOf(randomBytes(12)),
    provider: provider.name,
    terms,
    createdAt: now,
    expiresAt: life.expiresAt,
    nextCheckAt: nextCheckAt(life, now),
  })
  return id
}

/**
 * Asks the provider for the page of a payment, outside any transaction, and keeps its answer. Again with the same payment is harmless: an answer that is
 * kept is given again, and a provider that was asked before knows the reference.
 */
export async function openCheckout(deps: CheckoutDeps, paymentId: string): Promise<Result<Payment, ApiFailure<'PROVIDER_FAILED'>>> {
  const payment = await findPayment(deps.db, paymentId)
  if (!payment) throw new Error(`payment ${paymentId} is gone`)
  if (payment.page || payment.status !== 'pending') return ok(payment)
  const provider = deps.providers.get(payment.provider)
  if (!provider) return fail({ code: 'PROVIDER_FAILED' })
  try {
    const page = await provider.checkout(await requestOf(deps, payment))
    const expiresAt = page.expiresAt ?? payment.expiresAt
    await savePage(deps.db, payment.id, { ...page, expiresAt })
    return ok({ ...payment, page, expiresAt, providerRef: page.providerRef ?? payment.providerRef })
  } catch (cause) {
    if (!(cause instanceof ProviderFault)) throw cause
    deps.log.warn({ err: cause, payment: payment.id, provider: payment.provider }, 'the provider gave no page to pay at')
    if (cause.retry === 'never') await saveUnpaid(deps.db, payment.id, 'failed', cause.message)
    return fail({ code: 'PROVIDER_FAILED' })
  }
}

async function requestOf({ db, config }: CheckoutDeps, { subscriptionId, asked, reference, terms }: Payment) {
  const { rows } = await db.query<{ holder_id: string }>('select holder_id from subscriptions where id = $1', [subscriptionId])
  const holder = rows[0] && (await findUser(db, rows[0].holder_id))
  return {
    ...asked,
    reference,
    description: `${terms.planName} (${terms.periodMonths === 1 ? '1 month' : `${terms.periodMonths} months`})`,
    payer: { name: holder?.name ?? '', email: holder?.email },
    returnUrl: `${config.publicUrl}/plans/return?reference=${reference}`,
  }
}
