import type { ProviderName } from '#contracts/billing'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { instant } from '#kernel/time'
import { seconds } from '#kernel/units'
import type { Deps, HttpContext } from '#kit/define-service'
import { dayMs } from '../domain/calendar.ts'
import { nextCheckAt, retryPauseMs } from '../domain/payment.ts'
import { claimNotice, insertNotice, type Notice, purgeNotices, saveNoticeDone, saveNoticeRetry } from '../store-notices.ts'
import { claimCheck, findPayment, findPaymentByReference, saveNextCheck } from '../store-payments.ts'
import { askAndSettle, type SettleDeps } from './settle-payment.ts'

/** Longer than a call to a provider may take: meanwhile nobody else handles the same. */
const lease = seconds(60)
/** Done by one run of a job at most; and after so many calls in vain it ends, so that a dead provider does not keep the others' payments waiting. */
const atMost = 200
const faultsMost = 5
/** After so many tries, some three days, a message is left to the checks that come by the clock. */
const triesMost = 80
const keepDays = 90

type Code = 'PROVIDER_NOT_OFFERED' | 'WEBHOOK_SIGNATURE_WRONG' | 'WEBHOOK_INVALID'

/**
 * A provider's message: verified over the bytes as sent, kept once, answered. It is not believed: the job asks the provider what is true. So late,
 * repeated, overtaken and lost messages all end the same.
 */
export async function takeNotice(
  deps: SettleDeps,
  name: ProviderName,
  http: Pick<HttpContext, 'rawBody' | 'headers'>,
): Promise<Result<{ received: true }, ApiFailure<Code>>> {
  const provider = deps.providers.get(name)
  if (!provider) return fail({ code: 'PROVIDER_NOT_OFFERED', details: { provider: name } })
  const chunks: Uint8Array[] = []
  for await (const chunk of http.rawBody) chunks.push(chunk)
  const read = provider.readNotice(Buffer.concat(chunks), http.headers)
  if (!read.ok) {
    if (read.error.code === 'SIGNATURE_WRONG') return fail({ code: 'WEBHOOK_SIGNATURE_WRONG' })
    return fail({ code: 'WEBHOOK_INVALID', details: { problem: read.error.problem } })
  }
  const { eventId, reference } = read.value
  if (!isName(eventId) || (reference !== undefined && !isName(reference))) return fail({ code: 'WEBHOOK_INVALID', details: { problem: 'its id is none' } })
  await insertNotice(deps.db, { provider: name, ...read.value }, deps.clock.now())
  return ok({ received: true })
}

/** What a provider calls an event, or we a payment: short and printable, whoever signed it. */
const isName = (text: string) => /^[\x20-\x7e]{1,255}$/.test(text)

/** What was kept and not dealt with yet, one after another. */
export async function handleNotices(deps: SettleDeps): Promise<void> {
  for (let count = 0, faults = 0; count < atMost && faults < faultsMost; count++) {
    const next = await claimNotice(deps.db, deps.clock.now(), lease)
    if (!next) return
    if ((await handle(deps, next)) === 'in vain') faults++
  }
}

async function handle(deps: SettleDeps, notice: Notice): Promise<'done' | 'in vain'> {
  const payment = await findPaymentByReference(deps.db, notice.provider, notice.reference)
  const now = deps.clock.now()
  const asked = payment ? await askAndSettle(deps, payment) : ok(null)
  if (asked.ok) {
    await saveNoticeDone(deps.db, notice, deps.clock.now(), payment ? undefined : 'names no payment of ours')
    return 'done'
  }
  if (notice.tries < triesMost) await saveNoticeRetry(deps.db, notice, instant(now + retryPauseMs(notice.tries)), asked.error.message)
  else {
    deps.log.error({ err: asked.error, provider: notice.provider, reference: notice.reference }, 'a message of a provider was given up')
    await saveNoticeDone(deps.db, notice, now, asked.error.message)
  }
  return 'in vain'
}

/** Asks after every payment that is not settled, at growing intervals: what a lost message would have told is found by this. */
export async function reconcile(deps: SettleDeps): Promise<void> {
  for (let count = 0, faults = 0; count < atMost && faults < faultsMost; count++) {
    const payment = await claimCheck(deps.db, deps.clock.now(), lease)
    if (!payment) return
    const asked = await askAndSettle(deps, payment)
    if (!asked.ok) faults++
    const after = (await findPayment(deps.db, payment.id)) ?? payment
    await saveNextCheck(deps.db, payment.id, nextCheckAt(after, deps.clock.now()), asked.ok ? undefined : asked.error.message)
  }
}

export const forgetNotices = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<void> => purgeNotices(db, instant(clock.now() - keepDays * dayMs))
