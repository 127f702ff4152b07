import { type Ms, ms } from '#kernel/units'

export const maxTries = 8
const firstDelayMs = 30_000
const longestDelayMs = 2 * 3_600_000

/** How long after the `tries`-th failure (from 1) a mail is tried again: 30 s, doubled each time, at most two hours; in all about an hour. Undefined: given up. */
export function delayAfter(tries: number): Ms | undefined {
  return tries >= maxTries ? undefined : ms(Math.min(longestDelayMs, firstDelayMs * 2 ** (tries - 1)))
}

export type MailText = { readonly subject: string; readonly body: string }

/** The name is the user's own text: on one line, it can add no header and no paragraph. */
export function welcomeMail(name: string): MailText {
  const plainName = name.replace(/\s+/g, ' ').trim()
  return {
    subject: 'Welcome to Competa Arena',
    body: `Muraho ${plainName},\n\nyour account at Competa Arena is ready. Log in with this e-mail address and the password you chose, join a contest, and watch the board move.\n\nIf you did not make this account, ignore this mail.\n`,
  }
}
