/** The plan form ⇄ the contract's bodies. Prices are typed as decimals and sent as whole minor units; an empty price means: not sold in that currency. */
import type { Audience, Currency, NewPlan, Plan, PlanChange } from '#contracts/billing'
import { decimalText, parseMoney } from '../../../lib/money.ts'

export const soldIn: readonly Currency[] = ['RWF', 'USD', 'EUR']

export type PlanForm = {
  readonly name: string
  readonly description: string
  /** One a line. */
  readonly features: string
  readonly audience: Audience
  readonly periodMonths: string
  readonly trialDays: string
  readonly graceDays: string
  readonly seats: string
  readonly prices: Readonly<Record<Currency, string>>
  readonly active: boolean
}
export const emptyPlanForm: PlanForm = {
  name: '',
  description: '',
  features: '',
  audience: 'person',
  periodMonths: '1',
  trialDays: '0',
  graceDays: '7',
  seats: '100',
  prices: { RWF: '', USD: '', EUR: '' },
  active: true,
}

export function planFormOf(plan: Plan): PlanForm {
  const priceOf = (currency: Currency) => {
    const price = plan.prices.find((each) => each.currency === currency)
    return price ? decimalText(price) : ''
  }
  return {
    name: plan.name,
    description: plan.description,
    features: plan.features.join('\n'),
    audience: plan.audience,
    periodMonths: String(plan.periodMonths),
    trialDays: String(plan.trialDays),
    graceDays: String(plan.graceDays),
    seats: plan.seats === null ? emptyPlanForm.seats : String(plan.seats),
    prices: { RWF: priceOf('RWF'), USD: priceOf('USD'), EUR: priceOf('EUR') },
    active: plan.active,
  }
}

const featuresOf = (form: PlanForm) => form.features.split('\n').flatMap((line) => line.trim() || [])
const isWhole = (text: string, least: number, most: number) => /^\d{1,6}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most

export type PlanField = 'name' | 'features' | 'periodMonths' | 'trialDays' | 'graceDays' | 'seats' | Currency | 'prices'
/** What the server would refuse, by field, as a key under `billingAdmin.wrong`. */
export function planProblems(form: PlanForm): Partial<Record<PlanField, 'nameMissing' | 'featuresLong' | 'numberBad' | 'priceBad' | 'priceMissing'>> {
  const features = featuresOf(form)
  const priced = soldIn.filter((currency) => form.prices[currency].trim() !== '')
  const bad = priced.filter((currency) => parseMoney(form.prices[currency], currency) === undefined)
  return {
    ...(form.name.trim() === '' && { name: 'nameMissing' as const }),
    ...((features.length > 12 || features.some(({ length }) => length > 120)) && { features: 'featuresLong' as const }),
    ...(!isWhole(form.periodMonths, 1, 36) && { periodMonths: 'numberBad' as const }),
    ...(!isWhole(form.trialDays, 0, 90) && { trialDays: 'numberBad' as const }),
    ...(!isWhole(form.graceDays, 0, 60) && { graceDays: 'numberBad' as const }),
    ...(form.audience === 'school' && !isWhole(form.seats, 1, 100_000) && { seats: 'numberBad' as const }),
    ...Object.fromEntries(bad.map((currency) => [currency, 'priceBad' as const])),
    ...(priced.length === 0 && { prices: 'priceMissing' as const }),
  }
}

/** Only of a form without problems. */
export function newPlan(form: PlanForm): NewPlan {
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    features: featuresOf(form),
    grants: ['premium-contests'],
    audience: form.audience,
    periodMonths: Number(form.periodMonths),
    trialDays: Number(form.trialDays),
    graceDays: Number(form.graceDays),
    seats: form.audience === 'school' ? Number(form.seats) : null,
    prices: soldIn.flatMap((currency) => {
      const amount = parseMoney(form.prices[currency], currency)
      return amount === undefined ? [] : [{ currency, amount }]
    }),
  }
}

/** Only what differs; what a plan opens is left as it is. Empty: nothing to save. */
export function planChange(plan: Plan, form: PlanForm): PlanChange {
  const { grants: _kept, ...rest } = newPlan(form)
  const [old, next] = [plan as Record<string, unknown>, { ...rest, active: form.active } as Record<string, unknown>]
  const byCurrency = (value: unknown) => (Array.isArray(value) ? [...value].sort((a, b) => (String(a.currency) < String(b.currency) ? -1 : 1)) : value)
  const text = (name: string, value: unknown) =>
    JSON.stringify(name === 'prices' ? (byCurrency(value) as NewPlan['prices']).map(({ currency, amount }) => [currency, amount]) : value)
  return Object.fromEntries(Object.entries(next).filter(([name, value]) => text(name, old[name]) !== text(name, value))) as PlanChange
}
