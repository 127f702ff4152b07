import type { notificationsRoutes } from '#contracts/notifications'
import { ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Handler } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { inboxEntry } from '../domain/messages.ts'
import { codesAbout } from '../domain/topics.ts'
import * as store from '../store.ts'

type Routes = typeof notificationsRoutes
const defaultLimit = 50

export const listInbox =
  ({ db, clock }: { db: Db; clock: Clock }): Handler<Routes['GET /api/notifications']> =>
  async ({ query, caller }) => {
    const { after, limit = defaultLimit, before, unread: onlyUnread, topic } = query
    const { userId } = caller
    const page = { limit, before, unread: onlyUnread, about: topic && codesAbout(topic) }
    const kept = after === undefined ? await store.listNewest(db, userId, page) : await store.listAfter(db, userId, after, limit)
    const { readSeq, unread } = await store.findRead(db, userId)
    const last = after === undefined && kept.length === limit ? kept.at(-1) : undefined
    return ok({ notifications: kept.map((one) => inboxEntry(one, readSeq)), unread, serverNow: toIso(clock.now()), ...(last && { next: last.seq }) })
  }

export const markRead =
  ({ db }: { db: Db }): Handler<Routes['POST /api/notifications/read']> =>
  async ({ body, caller }) => {
    await store.saveRead(db, caller.userId, body.seq)
    return ok({ unread: (await store.findRead(db, caller.userId)).unread })
  }
