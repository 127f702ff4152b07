import { fail, ok, type Result } from '#kernel/result'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import { type PaymentStanding, ProviderFault } from '#ports/payment-provider'
import { findingOf, type Payment } from '../domain/payment.ts'
import { refundsOf } from '../domain/subscription.ts'
import type { Providers } from '../providers.ts'
import { type Came, findPayment, insertRefund, savePaid, saveUnpaid } from '../store-payments.ts'
import { findWhole } from '../store-subscriptions.ts'
import { completeRefund } from './complete-refund.ts'
import { type KeepDeps, keepStanding } from './keep-standing.ts'

export type SettleDeps = Pick<Deps, 'db' | 'log'> & KeepDeps & { readonly providers: Providers }

/**
 * Asks the provider how a payment stands and applies the answer. The one way by which money gets in, but for the hand of an admin (`confirm`): messages of
 * the provider, the user's return and the clock only say that it may be time to ask. Whoever asks, and however often, the effect is the same.
 */
export async function askAndSettle(deps: SettleDeps, payment: Payment): Promise<Result<null, ProviderFault>> {
  const provider = deps.providers.get(payment.provider)
  // who pays by bank is known to no program, and a provider that is offered no more is asked when it is again
  const standing = provider && payment.provider !== 'manual' ? await found(() => provider.find(payment.reference, payment.providerRef)) : ok(unknown)
  if (!standing.ok) return standing
  await settle(deps, payment, standing.value)
  return ok(null)
}
const unknown: PaymentStanding = { state: 'unknown' }

/** What a provider does not answer is a value; whatever else is thrown is ours. */
export async function found<T>(ask: () => Promise<T>): Promise<Result<T, ProviderFault>> {
  try {
    return ok(await ask())
  } catch (cause) {
    if (cause instanceof ProviderFault) return fail(cause)
    throw cause
  }
}

/** Applies what is true of a payment, in one transaction with all that follows. */
export const settle = (deps: SettleDeps, payment: Payment, standing: PaymentStanding): Promise<void> =>
  deps.db.transaction(async (tx) => {
    // twice where it came and went back before we heard of either
    if ((await applyFinding(tx, deps, payment, standing)) === 'paid') await applyFinding(tx, deps, payment, standing)
  })

async function applyFinding(tx: Tx, deps: SettleDeps, { id, subscriptionId }: Payment, standing: PaymentStanding) {
  const whole = await findWhole(tx, subscriptionId, 'update')
  const payment = whole?.payments.find((each) => each.id === id)
  if (!whole || !payment) throw new Error(`payment ${id} is gone`)
  const askedAt = deps.clock.now()
  const finding = findingOf(payment, refundsOf(whole, id), standing, askedAt)
  if (finding.kind === 'paid') await keepPaid(tx, deps, { payment, came: finding })
  if (finding.kind === 'unpaid') await saveUnpaid(tx, id, finding.status)
  if (finding.kind === 'returned') {
    const refundId = deps.ids.next()
    const reason = 'given back by the provider'
    await insertRefund(tx, { id: refundId, paymentId: id, amount: finding.amount, reason, askedAt, origin: 'provider', status: 'asked', nextTryAt: undefined })
    await completeRefund(tx, deps, refundId)
  }
  return finding.kind
}

/** Money came: kept, booked, its period begun, its receipt given. The subscription is locked. */
export async function keepPaid(tx: Tx, deps: SettleDeps, { payment, came }: { payment: Payment; came: Came }): Promise<void> {
  if (!(await savePaid(tx, payment.id, came))) return
  await keepStanding(tx, deps, payment.subscriptionId, payment.id)
  const kept = await findPayment(tx, payment.id)
  if (kept?.trouble !== undefined) tx.afterCommit(() => deps.log.warn({ payment: payment.id, trouble: kept.trouble }, 'a payment needs to be looked at'))
}
