import { createHash } from 'node:crypto'
import addressparser from 'nodemailer/lib/addressparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mail } from '#ports/mailer'

/** Who mail comes from: `Name <address>`, or an address alone. */
export type Sender = { readonly name: string; readonly address: string }

/** @throws an Error that says what is wrong with `text`. */
export function parseSender(text: string): Sender {
  const [sender, ...more] = addressparser(text, { flatten: true })
  if (!sender?.address || more.length > 0 || !/^[^\s@<>]+@[^\s@<>]+$/.test(sender.address)) throw new Error(`"${text}" is not "Name <address>"`)
  return { name: sender.name, address: sender.address }
}

/** An id that is a plain file name is its own; any other is hashed. */
export const plainId = (id: string) => (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(id) ? id : createHash('sha256').update(id).digest('hex'))

/**
 * A mail as it goes over the line (RFC 5322): text, HTML as the better alternative, a Message-ID that is the same for the same id. The address is taken
 * as one address, whatever is in it; line breaks in it or in the subject make no header.
 */
export function composeMail(id: string, mail: Mail, from: Sender): Promise<Buffer> {
  const { to, subject, text, html, unsubscribeUrl } = mail
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const composer = new MailComposer({
    from: { ...from },
    to: { name: '', address: oneLine(to) },
    subject: oneLine(subject),
    text,
    ...(html === undefined ? {} : { html }),
    messageId: `<${plainId(id)}@${domain}>`,
    headers: {
      // RFC 3834: nobody's holiday message answers it
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl === undefined ? {} : unsubscribeHeaders(unsubscribeUrl)),
    },
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** RFC 2369, and RFC 8058, which asks for https. */
const unsubscribeHeaders = (url: string) => ({
  'List-Unsubscribe': { prepared: true, value: `<${new URL(url).href}>` },
  ...(url.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
})

const oneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, ' ')
