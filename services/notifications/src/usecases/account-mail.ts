import type { AccountMailAsked } from '#contracts/user'
import { parseIso } from '#kernel/time'
import type { Clock } from '#ports/clock'
import type { Tx } from '#ports/db'
import { queueAccountMail } from '../mail-store.ts'

/** The user service asks for a mail with a secret; it stays sealed until the mail is sent. `eventId` is the mail's: a repeated event is one mail. */
export async function keepAccountMail({ clock }: { clock: Clock }, tx: Tx, asked: AccountMailAsked, eventId: string): Promise<void> {
  const { userId, kind, email, name, language, sealed } = asked
  const expiresAt = parseIso(asked.expiresAt)
  if (expiresAt === undefined) throw new Error(`an account mail expires at no time: ${asked.expiresAt}`)
  await queueAccountMail(tx, { id: eventId, userId, template: kind, recipient: email, name, language, sealed, expiresAt }, clock.now())
}
