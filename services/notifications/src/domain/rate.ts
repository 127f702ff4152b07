import type { Instant } from '#kernel/time'

/** A budget that fills up again: `burst` at once, `perSecond` for ever. */
export type Budget = { readonly left: number; readonly at: Instant }
export type Rate = { readonly burst: number; readonly perSecond: number }

/** Takes one. @returns what is left, or undefined when nothing was. */
export function take(rate: Rate, budget: Budget | undefined, now: Instant): Budget | undefined {
  const filled = budget === undefined ? rate.burst : Math.min(rate.burst, budget.left + ((now - budget.at) / 1000) * rate.perSecond)
  return filled < 1 ? undefined : { left: filled - 1, at: now }
}
