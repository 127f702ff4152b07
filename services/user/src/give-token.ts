import { type AccountMailAsked, accountMailAsked } from '#contracts/user'
import { toIso } from '#kernel/time'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import type { Account } from './domain/account.ts'
import { expiryOfToken, type TokenKind } from './domain/account-tokens.ts'
import { hashToken, randomToken } from './secrets.ts'
import { saveToken } from './token-store.ts'

export type GiveDeps = Pick<Deps, 'outbox' | 'clock' | 'seals'>
export type Given = { readonly token: string; readonly expiresAt: string }

/** A link for the account, which the transaction has locked or made; ends the one of the same kind before it. */
export async function giveToken(tx: Tx, { clock }: Pick<Deps, 'clock'>, account: Account, kind: TokenKind): Promise<Given> {
  const token = randomToken()
  const expiresAt = expiryOfToken(kind, clock.now())
  await saveToken(tx, { userId: account.id, kind, email: kind === 'handed' ? undefined : account.email, expiresAt }, hashToken(token))
  return { token, expiresAt: toIso(expiresAt) }
}

/** Which kind of link each mail brings; `welcome` goes to a new account. */
const linkIn = { welcome: 'verify', 'verify-email': 'verify', 'reset-password': 'reset' } as const satisfies Record<AccountMailAsked['kind'], TokenKind>

/** Gives a link and asks for the mail that brings it, in the same transaction; the event carries it sealed. Without an address nothing happens. */
export async function askAccountMail(tx: Tx, deps: GiveDeps, account: Account, kind: AccountMailAsked['kind']): Promise<void> {
  if (account.email === undefined) return
  const { token, expiresAt } = await giveToken(tx, deps, account, linkIn[kind])
  const { id: userId, name, email, language } = account
  await deps.outbox.add(tx, accountMailAsked, {
    userId,
    kind,
    name,
    email,
    language,
    sealed: deps.seals.seal('account-mail', token),
    expiresAt,
  })
}
