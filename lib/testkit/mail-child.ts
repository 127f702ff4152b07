/**
 * A process that sends mail and may be killed: `node mail-child.ts DATABASE_URL SMTP_URL`. Sends what is in the queue until its input ends; then says, as
 * one JSON line, what memory it had, every half second.
 */
import { systemClock } from '#adapters/clock-system'
import { openPostgres } from '#adapters/db-postgres'
import { noMetrics } from '#kit/metrics'
import { silentLog } from '#ports/log'
import { openMailPump } from '#services/notifications/src/usecases/send-mails'
import { crowdSeals } from './mail-crowd.ts'
import { openTestMailer } from './smtp.ts'

const [databaseUrl = '', smtpUrl = ''] = process.argv.slice(2)
const dbServer = await openPostgres(databaseUrl, { log: silentLog })
const db = await dbServer.openFor('notifications', [], { maxConnections: 4 })
const mailer = openTestMailer(smtpUrl)
const pump = openMailPump({ db, mailer, clock: systemClock, log: silentLog, metrics: noMetrics, seals: crowdSeals, publicUrl: 'https://arena.example.rw' })
const rssBytes: number[] = []
const sampler = setInterval(() => rssBytes.push(process.memoryUsage.rss()), 500)
const timer = setInterval(() => {
  pump.run().catch((cause: unknown) => {
    throw cause
  })
}, 50)
process.stdin
  .on('end', async () => {
    clearInterval(timer)
    clearInterval(sampler)
    await pump.stop()
    await mailer.close()
    await dbServer.close()
    process.stdout.write(`${JSON.stringify({ rssBytes })}\n`)
  })
  .resume()
