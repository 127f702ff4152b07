import type { Plan } from '#contracts/billing'
import { isCurrency } from '../../lib/money.ts'

const isPlan = (value: unknown): value is Plan => {
  const plan = value as Partial<Plan> | null
  return (
    typeof plan?.id === 'string' &&
    typeof plan.name === 'string' &&
    typeof plan.periodMonths === 'number' &&
    typeof plan.trialDays === 'number' &&
    Array.isArray(plan.prices) &&
    plan.prices.every((price) => isCurrency(price?.currency) && Number.isSafeInteger(price.amount))
  )
}

/** The plans among the details of a 402. Details are not part of a contract's types: what does not look like a plan is left out, and the page still stands. */
export const offeredPlans = (details: unknown): readonly Plan[] => (Array.isArray(details) ? details.filter(isPlan) : [])
