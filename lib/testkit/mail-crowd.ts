import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemClock, systemIds } from '#adapters/clock-system'
import { openPostgres } from '#adapters/db-postgres'
import { instant } from '#kernel/time'
import { minutes } from '#kernel/units'
import { noMetrics } from '#kit/metrics'
import { migrationsIn } from '#kit/migrations'
import { openSeals } from '#kit/seals'
import type { Clock } from '#ports/clock'
import { silentLog } from '#ports/log'
import { queueMails } from '#services/notifications/src/mail-store'
import { openMailPump } from '#services/notifications/src/usecases/send-mails'
import { openTestMailer } from './smtp.ts'

export const crowdSeals = openSeals('a secret of the tests alone')

/** A notifications database at `databaseUrl` with `count` users and a mail for each in the queue, and processes that send them. */
export async function openMailCrowd(databaseUrl: string, count: number) {
  const dbServer = await openPostgres(databaseUrl, { log: silentLog })
  const db = await dbServer.openFor('notifications', migrationsIn(new URL('../../services/notifications/src/migrations/', import.meta.url)), {
    maxConnections: 4,
  })
  const people = Array.from({ length: count }, (_, n) => ({ id: systemIds.next(), userId: systemIds.next(), email: `p${n}@example.rw` }))
  await db.query(
    `insert into users (user_id, revision, name, role, disabled, sessions_valid_from, email, email_verified, language)
     select user_id, 1, 'Uwase', 'student', false, now(), email, true, 'rw' from unnest($1::uuid[], $2::text[]) as t (user_id, email)`,
    [people.map(({ userId }) => userId), people.map(({ email }) => email)],
  )
  const queued = await db.transaction((tx) =>
    queueMails(tx, {
      template: 'contest-soon',
      at: systemClock.now(),
      params: { contestId: systemIds.next(), title: 'Kigali Open', startsAt: '2027-03-01T09:00:00Z' },
      each: people,
    }),
  )
  const children: ChildProcess[] = []
  return {
    queued,
    async states(): Promise<Readonly<Record<string, number>>> {
      const { rows } = await db.query<{ state: string; count: number }>('select state, count(*)::integer as count from mails group by state')
      return Object.fromEntries(rows.map(({ state, count: n }) => [state, n]))
    },
    /** Ids of mails in a state. */
    async idsOf(state: string): Promise<string[]> {
      return (await db.query<{ id: string }>('select id from mails where state = $1', [state])).rows.map(({ id }) => id)
    },
    /** Another process that sends; `finish` lets it end and says what memory it had, every half second. */
    sender(smtpUrl: string) {
      const script = fileURLToPath(new URL('mail-child.ts', import.meta.url))
      const child = spawn(process.execPath, [script, databaseUrl, smtpUrl], { stdio: ['pipe', 'pipe', 'inherit'] })
      children.push(child)
      const said: Buffer[] = []
      child.stdout.on('data', (data: Buffer) => said.push(data))
      const ended = once(child, 'close')
      return {
        async kill() {
          child.kill('SIGKILL')
          await ended
        },
        async finish(): Promise<{ rssBytes: number[] }> {
          child.stdin.end()
          await ended
          return JSON.parse(Buffer.concat(said).toString()) as { rssBytes: number[] }
        },
      }
    },
    /** A sender in this process whose clock is ahead by ten minutes: leases of what was killed before are over. */
    lateSender(smtpUrl: string) {
      const clock: Clock = { ...systemClock, now: () => instant(systemClock.now() + minutes(10)) }
      const mailer = openTestMailer(smtpUrl)
      const pump = openMailPump({ db, mailer, clock, log: silentLog, metrics: noMetrics, seals: crowdSeals, publicUrl: 'https://arena.example.rw' })
      const stop = async () => {
        await pump.stop()
        await mailer.close()
      }
      return { run: pump.run, stop }
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await dbServer.close()
    },
  }
}
