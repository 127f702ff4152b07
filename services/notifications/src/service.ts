import { instant } from '#kernel/time'
import { minutes, ms, seconds } from '#kernel/units'
import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { consumers } from './consumers.ts'
import { listenForSockets } from './live.ts'
import * as mailStore from './mail-store.ts'
import { purgeNews } from './result-store.ts'
import { openFace } from './sockets/face.ts'
import * as store from './store.ts'
import { changePreferences, readPreferences, unsubscribe } from './usecases/mail-preferences.ts'
import { forgetWhoWasHere, lookEvery, openPresence, readPresence } from './usecases/presence.ts'
import { listInbox, markRead } from './usecases/read-inbox.ts'
import { remind } from './usecases/remind.ts'
import { openMailPump } from './usecases/send-mails.ts'
import { tellResults } from './usecases/tell-result.ts'
import { listMails, readMail } from './usecases/view-mails.ts'

const keepDays = 90

/** What happened to a user reaches them: in the inbox for sure, on their sockets at once, by mail where that is due. */
export const notificationsService = defineService({
  name: 'notifications',
  migrations: migrationsIn(new URL('migrations/', import.meta.url)),
  upgradePath: '/api/ws',
  build: (deps) => {
    const { db, bus, config, fanout, clock, ids, log, mailer, metrics, peers, seals, tokens, tracing } = deps
    const face = openFace({ db, clock, tokens, log })
    const presence = openPresence({ db, clock, hub: face.hub })
    const reports = [
      metrics.report(() => ({ arena_sockets: [{ labels: {}, value: face.hub.size }] })),
      metrics.report(async () => ({ arena_mails_waiting: [{ labels: {}, value: await mailStore.countWaiting(db) }] })),
    ]
    const pump = openMailPump({ db, mailer, clock, log, metrics, seals, publicUrl: config.publicUrl })
    let stopListening: () => Promise<void> = async () => undefined
    return {
      handlers: {
        'GET /api/notifications': listInbox({ db, clock }),
        'POST /api/notifications/read': markRead({ db }),
        'GET /api/notifications/preferences': readPreferences({ db }),
        'PATCH /api/notifications/preferences': changePreferences({ db }),
        'POST /api/notifications/unsubscribe': unsubscribe({ db, seals }),
        'GET /api/notifications/presence/:contestId': readPresence({ db, clock }),
        'GET /api/mails': listMails({ mailer, config }),
        'GET /api/mails/:name': readMail({ mailer, config }),
      },
      subscriptions: consumers({ fanout, clock, ids, log }),
      jobs: [
        { name: 'send mails', every: ms(1_000), run: pump.run },
        { name: 'remind of contests', every: seconds(10), run: () => remind({ db, fanout, clock, ids, log }) },
        { name: 'tell results', every: seconds(5), run: () => tellResults({ db, fanout, clock, ids, log, peers }) },
        { name: 'note who is here', every: lookEvery, run: presence.note },
        { name: 'forget who was here', every: minutes(60), run: () => forgetWhoWasHere({ db, clock }) },
        { name: 'forget old messages', every: minutes(60), run: () => store.purge(db, clock.now(), keepDays) },
        { name: 'forget old reminders and results', every: minutes(60), run: () => purgeNews(db, instant(clock.now() - keepDays * 86_400_000)) },
      ],
      upgrade: face.upgrade,
      async start() {
        stopListening = await listenForSockets({ bus, fanout, clock, db, log, metrics, tracing, hub: face.hub, comeAgain: face.comeAgain })
        face.start()
      },
      checks: async () => ({
        sockets: { ok: true, figures: { open: face.hub.size } },
        mail: { ok: true, figures: await mailStore.countMails(db, clock.now()) },
      }),
      async stop() {
        for (const stop of reports) stop()
        await pump.stop()
        await stopListening()
        await face.stop()
      },
    }
  },
})
