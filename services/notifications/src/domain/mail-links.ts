import type { MailKind } from '#contracts/notifications'
import type { MailParams, Template } from './mail-kinds.ts'

/**
 * Where the button of a mail leads. Secrets stand in the fragment: it reaches no log of a server and no `Referer`.
 * @param token of account mail; others have none.
 */
export function linkOf<T extends Template>(
  publicUrl: string,
  { template, params, token }: { template: T; params: MailParams[T]; token: string | undefined },
): string {
  const secret = `#${token ?? ''}`
  const contest = (of: { contestId: string }) => `/contests/${encodeURIComponent(of.contestId)}`
  const receipt = (of: { number: number }) => `/me/receipts/${of.number}`
  const paths: { readonly [K in Template]: (of: MailParams[K]) => string } = {
    welcome: () => `/verify-email${secret}`,
    'verify-email': () => `/verify-email${secret}`,
    'reset-password': () => `/reset-password${secret}`,
    'contest-tomorrow': contest,
    'contest-soon': contest,
    'contest-result': (of) => `${contest(of)}/leaderboard`,
    receipt,
    'credit-note': receipt,
    'renewal-due': () => '/me/subscription',
    'renewal-late': () => '/me/subscription',
    'subscription-over': () => '/plans',
  }
  return `${publicUrl}${paths[template](params)}`
}

/** What a link that turns a kind of mail off is signed over, and carries. It does not expire: old mail can be unsubscribed from too. */
export const unsubscribeText = (userId: string, kind: MailKind) => `${userId}.${kind}`

const kinds: readonly string[] = ['reminders', 'results', 'receipts'] satisfies MailKind[]
const isKind = (kind: string): kind is MailKind => kinds.includes(kind)

/** @returns undefined for what cannot be such a token; the signature is not looked at. */
export function parseUnsubscribeToken(token: string): { userId: string; kind: MailKind; signature: string } | undefined {
  const [userId = '', kind = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || !/^[0-9a-f-]{36}$/.test(userId) || !isKind(kind)) return undefined
  return { userId, kind, signature }
}
