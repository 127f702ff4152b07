import { isIPv4 } from 'node:net'
import type { notificationsRoutes } from '#contracts/notifications'
import { fail, ok } from '#kernel/result'
import type { Config } from '#kit/config'
import type { Handler } from '#kit/define-service'
import type { KeptMails, Mailer } from '#ports/mailer'

type Routes = typeof notificationsRoutes
type Deps = { readonly mailer: Mailer; readonly config: Config }
const listed = 200

export const listMails =
  (deps: Deps): Handler<Routes['GET /api/mails']> =>
  async ({ http }) => {
    const kept = keptFor(deps, http.ip)
    return kept ? ok({ mails: await kept.list(listed) }) : fail({ code: 'NOT_FOUND' })
  }

export const readMail =
  (deps: Deps): Handler<Routes['GET /api/mails/:name']> =>
  async ({ params, http }) => {
    const kept = keptFor(deps, http.ip)
    if (!kept) return fail({ code: 'NOT_FOUND' })
    const mail = await kept.read(params.name)
    return mail ? ok({ mail }) : fail({ code: 'MAIL_NOT_FOUND' })
  }

/** These mails hold links that open accounts. An admin sees them on the machine itself, where they could read the files too, and while it is one for development. */
const keptFor = ({ mailer, config }: Deps, ip: string): KeptMails | undefined => (config.mode === 'development' && isLoopback(ip) ? mailer.kept : undefined)

const isLoopback = (ip: string) => {
  const address = ip.replace(/^::ffff:/i, '')
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}
