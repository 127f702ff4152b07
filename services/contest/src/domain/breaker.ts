import { type Instant, instant } from '#kernel/time'

/**
 * Spares callers the deadline of a neighbour that does not answer: after three failures in a row it is left alone for five seconds, then one call tries
 * whether it is back, and the others still do not wait.
 *
 *   failures < 3              every call goes through
 *   failures >= 3, resting    none does, until `restsUntil`
 *   failures >= 3, rested     one does (`trying` moves `restsUntil` on); success forgets all failures
 */
export type Breaker = { readonly failures: number; readonly restsUntil: Instant }

const failuresInARow = 3
const restMs = 5_000

export const closedBreaker: Breaker = { failures: 0, restsUntil: instant(0) }
export const mayTry = ({ failures, restsUntil }: Breaker, now: Instant): boolean => failures < failuresInARow || now >= restsUntil
/** To be kept as the call begins. */
export const trying = (breaker: Breaker, now: Instant): Breaker =>
  breaker.failures < failuresInARow ? breaker : { ...breaker, restsUntil: instant(now + restMs) }
export const failed = ({ failures }: Breaker, now: Instant): Breaker => ({ failures: failures + 1, restsUntil: instant(now + restMs) })
/** Whether this failure is the one from which on it rests: worth a line in the log. */
export const hasJustOpened = ({ failures }: Breaker): boolean => failures === failuresInARow
