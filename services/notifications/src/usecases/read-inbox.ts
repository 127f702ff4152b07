import type { notificationsRoutes } from '#contracts/notifications'
import { ok } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Handler } from '#kit/define-service'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { inboxEntry } from '../domain/messages.ts'
import * as store from '../store.ts'

type Routes = typeof notificationsRoutes
const defaultLimit = 50

export const listInbox =
  ({ db, clock }: { db: Db; clock: Clock }): Handler<Routes['GET /api/notifications']> =>
  async ({ query, caller }) => {
    const { after, limit = defaultLimit } = query
    const { userId } = caller
    const kept = after === undefined ? await store.listNewest(db, userId, limit) : await store.listAfter(db, userId, after, limit)
    const { readSeq, unread } = await store.findRead(db, userId)
    return ok({ notifications: kept.map((one) => inboxEntry(one, readSeq)), unread, serverNow: toIso(clock.now()) })
  }

export const markRead =
  ({ db }: { db: Db }): Handler<Routes['POST /api/notifications/read']> =>
  async ({ body, caller }) => {
    await store.saveRead(db, caller.userId, body.seq)
    return ok({ unread: (await store.findRead(db, caller.userId)).unread })
  }
