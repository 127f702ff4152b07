import type { Instant } from '#kernel/time'
import type { Ms } from '#kernel/units'

export interface Clock {
  now(): Instant
  /** Calls `act` once after `delay`; the returned function cancels. The timer alone does not keep the process alive. */
  after(delay: Ms, act: () => void): () => void
}

export interface Ids {
  /** A new UUID, version 7: unique, and ordered by creation time to the millisecond. */
  next(): string
}
