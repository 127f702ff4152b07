import type { Seals } from '#kit/seals'
import type { Mail } from '#ports/mailer'
import { type MailParams, preferenceOf, type Template } from '../domain/mail-kinds.ts'
import { linkOf, unsubscribeText } from '../domain/mail-links.ts'
import { renderMail } from '../domain/mail-render.ts'
import type { ClaimedMail } from '../mail-store.ts'

export type WriteDeps = { readonly seals: Seals; readonly publicUrl: string }

/** The finished mail: the one moment in which its secret is in the open. @throws when its secret or a field is not there; trying again would not help. */
export function writeMail({ seals, publicUrl }: WriteDeps, claimed: ClaimedMail, template: Template, to: string): Mail {
  const { userId, name, language, sealed } = claimed
  const token = sealed === null ? undefined : seals.open('account-mail', sealed)
  const kind = preferenceOf[template]
  if (kind === null && token === undefined) throw new Error('the secret of an account mail cannot be opened: was the service secret changed?')
  const params = claimed.params as MailParams[Template]
  const signed = kind === null ? undefined : `${unsubscribeText(userId, kind)}.${seals.sign('unsubscribe', unsubscribeText(userId, kind))}`
  const letter = renderMail({
    template,
    params,
    language,
    name,
    link: linkOf(publicUrl, { template, params, token }),
    unsubscribeLink: signed && `${publicUrl}/unsubscribe?token=${signed}`,
    host: new URL(publicUrl).host,
  })
  return { to, ...letter, ...(signed && { unsubscribeUrl: `${publicUrl}/api/notifications/unsubscribe?token=${signed}` }) }
}
