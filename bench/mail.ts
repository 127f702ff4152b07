/**
 * Ten thousand mails to a mail server that takes its time for each: how many a second, and how much memory the process needs that sends them, and
 * whether that grows; then the same with processes that are killed in the middle. `node bench/mail.ts [MAILS] [DELAY_MS] [CONNECTIONS]`;
 * standard 10000, 50 ms, 5 and 20 connections. The mail server is in this process, the sender in one of its own, the database on this machine.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres'
import { silentLog as log } from '#ports/log'
import { openMailCrowd } from '#testkit/mail-crowd'
import { openSmtpServer } from '#testkit/smtp'

const [mails = 10_000, delayMs = 50, ...asked] = process.argv.slice(2).map(Number)
const kills = 3
const folder = await mkdtemp('/tmp/arena-bench-')
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log })
try {
  for (const connections of asked.length > 0 ? asked : [5, 20]) {
    const { perSecond, rssBytes } = await sendAll(mails, connections)
    const quarter = rssBytes.slice(0, Math.ceil(rssBytes.length / 4))
    console.log(
      `${mails} mails, ${delayMs} ms each, ${connections} connections: ${perSecond.toFixed(0)}/s (the server allows ${((connections * 1000) / delayMs).toFixed(0)}/s); ` +
        `peak memory ${mebibytes(Math.max(...rssBytes))} MiB, in the first quarter of the time ${mebibytes(Math.max(...quarter))} MiB`,
    )
  }
  await killed(mails, asked[0] ?? 20)
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

async function openAll(count: number) {
  const url = new URL(postgres.url)
  url.pathname = `/mail_${Math.round(performance.now())}`
  const owner = new pg.Client({ connectionString: postgres.url })
  await owner.connect()
  await owner.query(`create database ${url.pathname.slice(1)}`)
  await owner.end()
  return { server: await openSmtpServer({ delayMs, keep: 'ids' }), crowd: await openMailCrowd(url.href, count) }
}

async function sendAll(count: number, connections: number) {
  const { server, crowd } = await openAll(count)
  const sender = crowd.sender(`${server.url}?connections=${connections}`)
  while (server.taken.length === 0) await sleep(5)
  const startedAt = performance.now()
  while (server.taken.length < count) await sleep(20)
  const seconds = (performance.now() - startedAt) / 1000
  const { rssBytes } = await sender.finish()
  await crowd.close()
  await server.close()
  return { perSecond: count / seconds, rssBytes }
}

async function killed(count: number, connections: number) {
  const { server, crowd } = await openAll(count)
  const url = `${server.url}?connections=${connections}`
  for (let n = 1; n <= kills; n++) {
    const sender = crowd.sender(url)
    while (server.taken.length < (count * n) / (kills + 1)) await sleep(5)
    await sender.kill()
  }
  while (server.connections() > 0) await sleep(20)
  const rest = crowd.lateSender(url)
  let states = await crowd.states()
  while (states.waiting || states.sending) {
    await rest.run()
    await sleep(50)
    states = await crowd.states()
  }
  await rest.stop()
  const ids = server.taken.map(({ messageId }) => messageId.replace(/@.*/, ''))
  const arrived = new Set(ids)
  const doubtful = await crowd.idsOf('in-doubt')
  const lost = count - new Set([...ids, ...doubtful]).size
  console.log(
    `${count} mails, the sender killed ${kills} times: ${arrived.size} arrived, ${ids.length - arrived.size} of them twice; ` +
      `${doubtful.length} in doubt, of which ${doubtful.filter((id) => arrived.has(id)).length} had arrived; ${lost} lost without being counted`,
  )
  await crowd.close()
  await server.close()
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0)
}
