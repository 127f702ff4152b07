import type { Instant } from '#kernel/time'
import { type Ms, ms } from '#kernel/units'
import { isTemplate, preferenceOf, type Template } from './mail-kinds.ts'

/** A mail that is due, with what is known of its receiver now. */
export type DueMail = {
  readonly template: string
  readonly recipient: string | null
  readonly expiresAt: Instant | undefined
  readonly user: { readonly email: string | null; readonly isProven: boolean; readonly isDisabled: boolean } | undefined
  readonly off: readonly string[]
}
export type MailDecision =
  | { readonly what: 'send'; readonly template: Template; readonly to: string }
  | { readonly what: 'wait' }
  | { readonly what: 'drop'; readonly state: 'given-up' | 'not-wanted'; readonly reason: string }

/** Is this mail still to be sent, and where? Its receiver may have changed address, mind or kind of account since it was queued. */
export function decideMail(mail: DueMail, now: Instant): MailDecision {
  const { template, user } = mail
  if (!isTemplate(template)) return { what: 'drop', state: 'given-up', reason: `there is no template ${template}` }
  if (mail.expiresAt !== undefined && now >= mail.expiresAt) return { what: 'drop', state: 'given-up', reason: 'too late to be of use' }
  if (user?.isDisabled) return { what: 'drop', state: 'not-wanted', reason: 'the account is disabled' }
  const kind = preferenceOf[template]
  if (kind === null)
    return mail.recipient === null ? { what: 'drop', state: 'given-up', reason: 'there is no address' } : { what: 'send', template, to: mail.recipient }
  if (user === undefined) return { what: 'wait' } // the account's news is on its way
  if (user.email === null || !user.isProven) return { what: 'drop', state: 'not-wanted', reason: 'there is no proven address' }
  if (mail.off.includes(kind)) return { what: 'drop', state: 'not-wanted', reason: `${kind} are turned off` }
  return { what: 'send', template, to: user.email }
}

export const maxFailures = 12
const firstDelayMs = 30_000
const longestDelayMs = 2 * 3_600_000

/**
 * How long after its `failures`-th failure (from 1) a mail is tried again: 30 s, doubled each time, at most two hours; in all about eight hours, which is
 * longer than greylists take (RFC 6647: minutes to some hours). Undefined: given up.
 */
export function delayAfter(failures: number): Ms | undefined {
  return failures >= maxFailures ? undefined : ms(Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1)))
}

/** How long nothing is sent after the server was out of reach `times` times in a row: 5 s, doubled, at most five minutes. No mail is counted as failed by it. */
export const pauseAfter = (times: number): Ms => ms(Math.min(300_000, 5_000 * 2 ** (times - 1)))
