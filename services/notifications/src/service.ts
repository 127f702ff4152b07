import { minutes, ms } from '#kernel/units'
import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { consumers } from './consumers.ts'
import { listenForSockets } from './live.ts'
import { openFace } from './sockets/face.ts'
import * as store from './store.ts'
import { listInbox, markRead } from './usecases/read-inbox.ts'
import { sendMails } from './usecases/send-mails.ts'

const keepDays = 90

/** What happened to a user reaches them: in the inbox for sure, on their sockets at once, by mail where that is due. */
export const notificationsService = defineService({
  name: 'notifications',
  migrations: migrationsIn(new URL('migrations/', import.meta.url)),
  upgradePath: '/api/ws',
  build: (deps) => {
    const { db, bus, fanout, clock, ids, log, mailer, metrics, tokens, tracing } = deps
    const face = openFace({ db, clock, tokens, log })
    const stopReporting = metrics.report(() => ({ arena_sockets: [{ labels: {}, value: face.hub.size }] }))
    let stopListening: () => Promise<void> = async () => undefined
    return {
      handlers: {
        'GET /api/notifications': listInbox({ db, clock }),
        'POST /api/notifications/read': markRead({ db }),
      },
      subscriptions: consumers({ fanout, clock, ids, log }),
      jobs: [
        { name: 'send mails', every: ms(1_000), run: () => sendMails({ db, mailer, clock, log }) },
        { name: 'forget old messages', every: minutes(60), run: () => store.purge(db, clock.now(), keepDays) },
      ],
      upgrade: face.upgrade,
      async start() {
        stopListening = await listenForSockets({ bus, fanout, clock, db, log, metrics, tracing, hub: face.hub, comeAgain: face.comeAgain })
        face.start()
      },
      checks: async () => ({ sockets: { ok: true, figures: { open: face.hub.size } } }),
      async stop() {
        stopReporting()
        await stopListening()
        await face.stop()
      },
    }
  },
})
