import type { Role } from '#contracts/common'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps } from '#kit/define-service'
import type { Tx } from '#ports/db'
import type { Account } from './domain/account.ts'
import { endsTokens } from './domain/account-tokens.ts'
import { decideStanding } from './domain/standing.ts'
import { endSessions } from './session-store.ts'
import { findAccount, lockEnabledAdmins, saveAccount } from './store.ts'
import { tellSessionsEnded, tellUpdated } from './tell.ts'
import { removeTokensOf } from './token-store.ts'

type Change = {
  readonly id: string
  readonly change: { readonly role?: Role; readonly disabled?: boolean }
  /** Asked once all locks are held. */
  readonly mayGoOn?: () => Promise<boolean>
}

/** Role and disabling: what changes ends the user's sessions, since their tokens say the role. No change: nothing written, no session ended. */
export async function changeAccount(
  tx: Tx,
  deps: Pick<Deps, 'outbox' | 'clock'>,
  { id, change, mayGoOn }: Change,
): Promise<Result<Account, 'USER_NOT_FOUND' | 'LAST_ADMIN' | 'TOKEN_EXPIRED'>> {
  const admins = await lockEnabledAdmins(tx)
  const account = await findAccount(tx, id, 'update')
  if (mayGoOn && !(await mayGoOn())) return fail('TOKEN_EXPIRED')
  if (!account) return fail('USER_NOT_FOUND')
  const decided = decideStanding(account, change, admins)
  if (!decided.ok) return decided
  return ok(decided.value === account ? account : await saveAndEndSessions(tx, deps, { before: account, wanted: decided.value }))
}

/** Saves the locked account, tells of it, and ends all its sessions, and with another password or role all its links. `before`: as it was under the lock. */
export async function saveAndEndSessions(
  tx: Tx,
  { outbox, clock }: Pick<Deps, 'outbox' | 'clock'>,
  { before, wanted }: { before: Account; wanted: Account },
): Promise<Account> {
  const now = clock.now()
  if (endsTokens(before, wanted)) await removeTokensOf(tx, before.id)
  const saved = await saveAccount(tx, { ...wanted, sessionsValidFrom: now })
  await tellUpdated(outbox, tx, saved)
  await tellSessionsEnded(outbox, tx, saved.id, await endSessions(tx, saved.id, {}, now))
  return saved
}
