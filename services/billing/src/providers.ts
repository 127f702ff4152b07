import type { Currency, ProviderName } from '#contracts/billing'
import type { PaymentProvider } from '#ports/payment-provider'

/** The providers this arena offers. */
export type Providers = {
  /** The standard one first. */
  readonly all: readonly PaymentProvider[]
  get(name: ProviderName): PaymentProvider | undefined
  /** The first of these that is offered and takes this currency; then whichever does. */
  choose(currency: Currency, preferred: ProviderName): PaymentProvider | undefined
}

export function openProviders(all: readonly PaymentProvider[]): Providers {
  const get = (name: ProviderName) => all.find((each) => each.name === name)
  return {
    all,
    get,
    choose: (currency, preferred) => [get(preferred), ...all].find((each) => each?.currencies.includes(currency)),
  }
}
