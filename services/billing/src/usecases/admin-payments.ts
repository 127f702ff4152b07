import type { Currency, Payment, PaymentStatus, ProviderName } from '#contracts/billing'
import type { ApiFailure } from '#contracts/errors'
import { decimalText } from '#kernel/money'
import { fail, ok, type Result } from '#kernel/result'
import { type Instant, parseIso, toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { addDays } from '../domain/calendar.ts'
import type { Payment as Known } from '../domain/payment.ts'
import { listPaymentAnswers } from '../store-admin.ts'
import { findPayment } from '../store-payments.ts'
import { findWhole } from '../store-subscriptions.ts'
import { refund } from './refund.ts'
import { askAndSettle, keepPaid, type SettleDeps } from './settle-payment.ts'

type Query = {
  readonly status?: PaymentStatus
  readonly provider?: ProviderName
  readonly troubled?: boolean
  readonly query?: string
  readonly before?: string
  readonly limit?: number
}
export async function readPayments({ db }: Pick<Deps, 'db'>, { query: text, limit = 50, ...filter }: Query) {
  const rows = await listPaymentAnswers(db, { ...filter, text, limit })
  const payments = rows.slice(0, limit)
  const last = payments.at(-1)
  return ok({ payments, ...(rows.length > limit && last ? { next: last.id } : {}) })
}

async function paymentAnswer({ db }: Pick<Deps, 'db'>, id: string): Promise<{ payment: Payment }> {
  const [payment] = await listPaymentAnswers(db, { id, limit: 1 })
  if (!payment) throw new Error(`payment ${id} is gone`)
  return { payment }
}

type CheckCode = 'PAYMENT_NOT_FOUND' | 'PROVIDER_FAILED'
/** Asks the provider now. */
export async function checkPayment(deps: SettleDeps, id: string): Promise<Result<{ payment: Payment }, ApiFailure<CheckCode>>> {
  const known = await findPayment(deps.db, id)
  if (!known) return fail({ code: 'PAYMENT_NOT_FOUND' })
  const asked = await askAndSettle(deps, known)
  return asked.ok ? ok(await paymentAnswer(deps, id)) : fail({ code: 'PROVIDER_FAILED' })
}

type RefundWish = { readonly id: string; readonly body: { amount?: number; reason: string }; readonly key: string; readonly caller: UserCaller }
export async function refundPayment(deps: SettleDeps, { id, body, key, caller }: RefundWish) {
  const done = await refund(deps, { id, amount: body.amount, reason: body.reason, key, caller })
  return done.ok ? ok(await paymentAnswer(deps, id)) : done
}

type Transfer = { readonly amount: number; readonly currency: Currency; readonly paidAt?: string; readonly note?: string }
type ConfirmCode = 'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_MANUAL' | 'AMOUNT_WRONG' | 'CURRENCY_WRONG' | 'TIMES_INVALID' | 'PAYMENT_SETTLED'

/** A bank transfer is on the account, says an admin. Only as it was asked for: what came otherwise goes back by the bank. Again with the same: the same. */
export async function confirmTransfer(
  deps: SettleDeps,
  { id, body, caller }: { id: string; body: Transfer; caller: UserCaller },
): Promise<Result<{ payment: Payment }, ApiFailure<ConfirmCode>>> {
  const known = await findPayment(deps.db, id)
  if (!known) return fail({ code: 'PAYMENT_NOT_FOUND' })
  const done = await deps.db.transaction(async (tx): Promise<Result<null, ApiFailure<ConfirmCode>>> => {
    const whole = await findWhole(tx, known.subscriptionId, 'update')
    const payment = whole?.payments.find((each) => each.id === id) ?? known
    const checked = checkTransfer(payment, body, deps.clock.now())
    if (!checked.ok) return checked
    if (checked.value === 'known') return ok(null)
    const money = { amount: body.amount, currency: body.currency }
    const note = body.note === undefined ? {} : { note: body.note }
    await keepPaid(tx, deps, { payment, came: { money, paidAt: checked.value, providerRef: undefined, confirmedBy: caller.userId, ...note } })
    return ok(null)
  })
  return done.ok ? ok(await paymentAnswer(deps, id)) : done
}

/** When it was paid; `known`: all of this was confirmed before. */
function checkTransfer(payment: Known, body: Transfer, now: Instant): Result<Instant | 'known', ApiFailure<ConfirmCode>> {
  const { provider, asked, received } = payment
  if (provider !== 'manual') return fail({ code: 'PAYMENT_NOT_MANUAL', details: { provider } })
  if (body.currency !== asked.currency) return fail({ code: 'CURRENCY_WRONG', details: { expected: asked.currency, given: body.currency } })
  if (body.amount !== asked.amount) {
    const given = decimalText({ amount: body.amount, currency: body.currency })
    return fail({ code: 'AMOUNT_WRONG', details: { expected: decimalText(asked), currency: asked.currency, given } })
  }
  const paidAt = body.paidAt === undefined ? undefined : parseIso(body.paidAt)
  if (body.paidAt !== undefined && paidAt === undefined) return wrongTime('paidAt is no date of the calendar')
  if (received) return paidAt === undefined || paidAt === payment.paidAt ? ok('known') : fail({ code: 'PAYMENT_SETTLED' })
  if (paidAt !== undefined && paidAt > now) return wrongTime('paidAt is in the future')
  // a bank may name the day alone, which begins before the payment was asked for
  const from = addDays(payment.createdAt, -1)
  if (paidAt !== undefined && paidAt < from) return wrongTime(`paidAt is before ${toIso(from)}, when the payment was asked for`)
  return ok(paidAt ?? now)
}
const wrongTime = (problem: string) => fail({ code: 'TIMES_INVALID' as const, details: { field: 'paidAt', problem } })
