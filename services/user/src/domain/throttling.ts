import { type Ms, minutes } from '#kernel/units'

/**
 * Guessing is slowed, never answered with a lock, because a lock lets anybody shut anybody out.
 *
 * - A name has its budget per address, so whoever hammers it from elsewhere does not touch its owner; a right password gives the budget back.
 * - A browser that the account has logged in from before has a budget of its own (cookie `arena_device`), so the owner gets in even while a
 *   neighbour behind the same school address hammers the name.
 * - An address alone has a budget large enough for a school that logs in at the bell.
 * - A guess from very many addresses is held by the password rule and by the cost of argon2id, two at once.
 */
export type Budget = { readonly limit: number; readonly window: Ms }
export const budgets = {
  loginByName: { limit: 10, window: minutes(5) },
  loginByDevice: { limit: 20, window: minutes(5) },
  loginByAddress: { limit: 600, window: minutes(1) },
  registerByAddress: { limit: 600, window: minutes(1) },
  /** The current password asked for by PATCH /api/me: whoever found an open browser may not guess on. */
  currentPassword: { limit: 10, window: minutes(5) },
  /** Links cannot be guessed (256 bits); this bounds what trying costs us. */
  tokenByNetwork: { limit: 600, window: minutes(1) },
  verificationByUser: { limit: 5, window: minutes(60) },
  /** Anybody can name an address that is not theirs, and then another, and then that one again, with as many accounts as they like. */
  verificationByAnybody: { limit: 10, window: minutes(60) },
  /**
   * Asking for a new password makes mail for somebody else. Whoever asks from elsewhere uses up their own budget for an address; all together they can
   * fill nobody's mailbox, at the price that many networks at once can keep an owner waiting for an hour.
   */
  forgotByNetwork: { limit: 100, window: minutes(10) },
  forgotByAddress: { limit: 3, window: minutes(15) },
  forgotByAnybody: { limit: 10, window: minutes(60) },
} as const satisfies Record<string, Budget>
