import type { MailKind, notificationsRoutes } from '#contracts/notifications'
import { fail, ok } from '#kernel/result'
import type { Handler } from '#kit/define-service'
import type { Seals } from '#kit/seals'
import type { Db } from '#ports/db'
import { parseUnsubscribeToken, unsubscribeText } from '../domain/mail-links.ts'
import { listOff, savePreferences } from '../mail-store.ts'

type Routes = typeof notificationsRoutes

const wanted = (off: readonly string[]): Record<MailKind, boolean> => ({
  reminders: !off.includes('reminders'),
  results: !off.includes('results'),
  receipts: !off.includes('receipts'),
})

export const readPreferences =
  ({ db }: { db: Db }): Handler<Routes['GET /api/notifications/preferences']> =>
  async ({ caller }) =>
    ok({ mail: wanted(await listOff(db, caller.userId)) })

export const changePreferences =
  ({ db }: { db: Db }): Handler<Routes['PATCH /api/notifications/preferences']> =>
  async ({ body, caller }) => {
    const named = Object.entries(body.mail)
    const on = named.filter(([, isOn]) => isOn).map(([kind]) => kind)
    const off = named.filter(([, isOn]) => !isOn).map(([kind]) => kind)
    return ok({ mail: wanted(await savePreferences(db, caller.userId, { on, off })) })
  }

/** Whoever has the token got the mail; no login is asked for (RFC 8058, 3.2: neither cookies nor a context). Again is harmless. */
export const unsubscribe =
  ({ db, seals }: { db: Db; seals: Seals }): Handler<Routes['POST /api/notifications/unsubscribe']> =>
  async ({ query, http }) => {
    const token = parseUnsubscribeToken(query.token)
    if (!token || !seals.isSigned('unsubscribe', unsubscribeText(token.userId, token.kind), token.signature)) return fail({ code: 'TOKEN_INVALID' })
    for await (const _ of http.rawBody ?? []); // what mail programs send with it says nothing new
    await savePreferences(db, token.userId, { on: [], off: [token.kind] })
    return ok({ kind: token.kind, mail: 'off' as const })
  }
