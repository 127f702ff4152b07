import { fail, ok } from '#kernel/result'
import type { Deps } from '#kit/define-service'
import type { PlayMoney, SandboxPayment, SentNotice } from '#ports/payment-provider'

/** `playMoney`: the sandbox provider's, where it is offered. Where it is not, there is no such page. */
type SandboxDeps = { readonly playMoney: PlayMoney | undefined }

/** The page on which play money is paid, as its payer sees it. Whoever has the reference may look: it is as secret as the address of a provider's page. */
export async function showSandboxPayment({ playMoney }: SandboxDeps, reference: string) {
  const payment = await playMoney?.look(reference)
  if (payment === undefined) return fail({ code: 'NOT_FOUND' as const })
  const { amount, currency, description, returnUrl } = payment
  return ok({ reference, amount, currency, description, status: statusOf(payment), returnUrl })
}

/**
 * Pays with play money, or refuses to; what was decided stays. Then the provider tells its webhook (`tell`), as real ones do: signed, and with no word on
 * whether it arrived. A message that is lost costs a while, until the payment is asked after.
 */
export async function decideSandboxPayment(
  { playMoney, log, tell }: SandboxDeps & Pick<Deps, 'log'> & { readonly tell: (notice: SentNotice) => Promise<unknown> },
  reference: string,
  outcome: 'pay' | 'refuse',
) {
  const decided = await playMoney?.decide(reference, outcome)
  if (decided === undefined) return fail({ code: 'NOT_FOUND' as const })
  await tell(decided.notice).catch((cause: unknown) => log.warn({ err: cause, reference }, 'the sandbox could not tell its webhook'))
  return ok({ status: statusOf(decided.payment), returnUrl: decided.payment.returnUrl })
}

const statusOf = ({ state, amount, refunded }: SandboxPayment) => (state === 'paid' && refunded === amount ? ('refunded' as const) : state)
