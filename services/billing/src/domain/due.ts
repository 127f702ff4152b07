import type { Plan } from '#contracts/billing'
import type { Instant } from '#kernel/time'
import { addDays, latest } from './calendar.ts'
import { nextTerms, type Terms } from './terms.ts'
import { type Facts, isOver, type Standing } from './timeline.ts'

/** The next period can be paid from so long before the end of what is paid or tried. */
const payAheadDays = 14
/** People are told so long before the end; of something short, when half of it is over. */
const tellAheadDays = 7

export type Due = { readonly kind: 'over' } | { readonly kind: 'later'; readonly from: Instant } | { readonly kind: 'now'; readonly terms: Terms }

/** What there is to pay at `now`. `plan`: the subscription's, as it is sold today. */
export function dueAt(facts: Facts, standing: Standing, { plan, now }: { plan: Plan; now: Instant }): Due {
  if (isOver(standing.status)) return { kind: 'over' }
  const { coveredUntil } = standing
  if (coveredUntil === undefined) return { kind: 'now', terms: facts.terms }
  if (!hasToBePaid(facts)) return { kind: 'later', from: coveredUntil }
  const from = addDays(coveredUntil, -payAheadDays)
  if (now < from) return { kind: 'later', from }
  const last = standing.periods.findLast(({ kind }) => kind === 'paid')
  return { kind: 'now', terms: last ? nextTerms(last.terms, plan) : facts.terms }
}

const hasToBePaid = (facts: Facts): boolean => facts.sponsoredUntil === undefined && facts.terms.amount > 0

export type Reminder = { readonly stage: 'soon' | 'grace'; readonly of: Instant; readonly at: Instant }

/**
 * What the holder is told of the end of what is paid or tried (`of`), and when. Nothing for what was cancelled, given or free: there is nothing to do
 * about those.
 */
export function remindersOf(facts: Facts, standing: Standing): Reminder[] {
  const last = standing.periods.at(-1)
  if (!last || last.isCut || !hasToBePaid(facts) || facts.cancelledAt !== undefined || isOver(standing.status)) return []
  const half = last.startsAt + Math.floor((last.endsAt - last.startsAt) / 2)
  const soon: Reminder = { stage: 'soon', of: last.endsAt, at: latest(addDays(last.endsAt, -tellAheadDays), half as Instant) }
  return standing.openUntil !== undefined && standing.openUntil > last.endsAt ? [soon, { stage: 'grace', of: last.endsAt, at: last.endsAt }] : [soon]
}
