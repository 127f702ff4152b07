import type { Role } from '#contracts/common'
import type { User, UserForAdmin, UserSnapshot } from '#contracts/user'
import { type Instant, toIso } from '#kernel/time'

export type Language = User['language']
/** A whole account as its service knows it. `revision` grows by one with every change that others hear of. */
export type Account = {
  readonly id: string
  readonly email: string | undefined
  readonly username: string | undefined
  /** Proven by the link of a mail that went to `email`. */
  readonly emailVerified: boolean
  readonly passwordHash: string
  readonly name: string
  readonly school: string
  readonly role: Role
  readonly language: Language
  readonly disabled: boolean
  readonly revision: number
  readonly sessionsValidFrom: Instant
  readonly createdAt: Instant
}

const addressOf = ({ email, emailVerified }: Account) => (email === undefined ? {} : { email, emailVerified })

export const userOf = (account: Account): User => ({
  id: account.id,
  ...addressOf(account),
  ...(account.username === undefined ? {} : { username: account.username }),
  name: account.name,
  school: account.school,
  role: account.role,
  language: account.language,
})

export const userForAdmin = (account: Account): UserForAdmin => ({ ...userOf(account), disabled: account.disabled, createdAt: toIso(account.createdAt) })

/** What other services hear. The username stays here: it is half of a credential and nobody else needs it. */
export const snapshotOf = (account: Account): UserSnapshot => ({
  userId: account.id,
  revision: account.revision,
  name: account.name,
  school: account.school,
  role: account.role,
  language: account.language,
  ...addressOf(account),
  disabled: account.disabled,
  sessionsValidFrom: toIso(account.sessionsValidFrom),
})
