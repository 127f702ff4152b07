import type { ContestFormat } from '#contracts/common'
import type { Template } from '../mail-kinds.ts'

/** One mail in one language. `{…}` are filled (mail-render.ts); the button leads to the one place the mail is about. */
export type MailText = { readonly subject: string; readonly heading: string; readonly blocks: readonly string[]; readonly button: string }

/** All mails of one language; a missing one does not compile. */
export type MailTexts = {
  readonly mails: Readonly<Record<Template, MailText>>
  readonly greeting: string
  /** For whoever has no name that should be repeated. */
  readonly plainGreeting: string
  /** Before the button's address, for programs that show no buttons. */
  readonly linkHint: string
  /** Why somebody got a mail about an account, and what to do when it was not theirs. */
  readonly accountFooter: string
  /** Why somebody got any other, and how not to. */
  readonly bulkFooter: string
  readonly unsubscribe: string
  /** What a participant reached, by the contest's format. */
  readonly outcome: Readonly<Record<ContestFormat, string>>
  readonly time: string
  readonly day: string
  /** Sunday first. */
  readonly weekdays: readonly string[]
  readonly months: readonly string[]
  /** Between groups of three digits, and before the minor units. */
  readonly thousands: string
  readonly decimal: string
}
