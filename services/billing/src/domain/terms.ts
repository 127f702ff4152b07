import type { Audience, Currency, Grant, NewPlan, Plan } from '#contracts/billing'
import { fail, ok, type Result } from '#kernel/result'

/** What a subscription was bought with, frozen: a change of the plan reaches it with its next period and not before. */
export type Terms = {
  readonly planId: string
  readonly planName: string
  readonly audience: Audience
  readonly grants: readonly Grant[]
  readonly periodMonths: number
  readonly trialDays: number
  readonly graceDays: number
  readonly seats: number | null
  /** Minor units; 0: free, nothing is ever asked. */
  readonly amount: number
  readonly currency: Currency
}

/** Undefined: the plan is not sold in that currency. */
export function termsOf(plan: Plan, currency: Currency): Terms | undefined {
  const price = plan.prices.find((each) => each.currency === currency)
  if (!price) return undefined
  const { id, name, audience, grants, periodMonths, trialDays, graceDays, seats } = plan
  return { planId: id, planName: name, audience, grants, periodMonths, trialDays, graceDays, seats, amount: price.amount, currency }
}

/**
 * What the next period costs and opens: the plan as it is now. What it is no longer sold as (off sale, not in this currency, for another audience, free
 * where it was not) goes on as it was: nobody loses what they have because it is not sold to others.
 */
export function nextTerms(current: Terms, plan: Plan): Terms {
  const offered = plan.active && plan.audience === current.audience ? termsOf(plan, current.currency) : undefined
  return offered && offered.amount > 0 ? offered : current
}

/** Compares what matters to who pays: a payment asked for under other terms is not the one that is asked for now. */
export const areSameTerms = (a: Terms, b: Terms): boolean => canonical(a) === canonical(b)
const canonical = (terms: Terms): string => JSON.stringify(Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1)))

/** A plan that can be sold, or the rule it breaks. */
export function checkPlan(plan: NewPlan): Result<NewPlan, { code: 'PLAN_INVALID'; details: { rule: string; problem: string } }> {
  const broken = planRules.find(({ breaks }) => breaks(plan))
  return broken ? fail({ code: 'PLAN_INVALID' as const, details: { rule: broken.rule, problem: broken.problem } }) : ok(plan)
}
const planRules: readonly { rule: string; problem: string; breaks: (plan: NewPlan) => boolean }[] = [
  {
    rule: 'CURRENCY_TWICE',
    problem: 'a currency has two prices',
    breaks: ({ prices }) => new Set(prices.map(({ currency }) => currency)).size < prices.length,
  },
  {
    rule: 'SEATS_MISSING',
    problem: "a school's plan says how many members it takes",
    breaks: ({ audience, seats }) => audience === 'school' && seats === null,
  },
  { rule: 'SEATS_OF_PERSON', problem: "a person's plan has no seats", breaks: ({ audience, seats }) => audience === 'person' && seats !== null },
  {
    rule: 'FREE_AND_PAID',
    problem: 'a plan is free in all its currencies or in none',
    breaks: ({ prices }) => prices.some(({ amount }) => amount === 0) && prices.some(({ amount }) => amount > 0),
  },
  {
    rule: 'FREE_WITH_TRIAL',
    problem: 'a free plan has nothing to try',
    breaks: ({ prices, trialDays }) => trialDays > 0 && prices.some(({ amount }) => amount === 0),
  },
]
