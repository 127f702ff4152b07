import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#testkit/eventually'
import { openMailCrowd } from '#testkit/mail-crowd'
import { testDatabase } from '#testkit/postgres'
import { openSmtpServer } from '#testkit/smtp'

// bench/mail.ts does the same with ten thousand
const count = 2_000
const connections = 20
const kills = 3

test(`${count} mails to a slow server, and processes killed in the middle: no mail twice, none lost but those that are counted as in doubt`, async () => {
  const database = await testDatabase()
  const server = await openSmtpServer({ delayMs: 20, keep: 'ids' })
  const crowd = await openMailCrowd(database.url, count)
  const url = `${server.url}?connections=${connections}`
  assert.equal(crowd.queued, count)
  for (let n = 1; n <= kills; n++) {
    const before = server.taken.length
    const sender = crowd.sender(url)
    await eventually(() => assert.ok(server.taken.length >= before + 200), 120_000)
    await sender.kill()
  }
  await eventually(() => assert.equal(server.connections(), 0), 60_000) // what it had read to the end, it keeps
  assert.ok(Number((await crowd.states()).sending) > 0, 'the kills came in the middle')

  const rest = crowd.lateSender(url)
  const states = await eventually(async () => {
    await rest.run()
    const now = await crowd.states()
    assert.deepEqual(Object.keys(now).sort(), ['in-doubt', 'sent'])
    return now
  }, 240_000)
  await rest.stop()

  const taken = server.taken.map(({ messageId }) => messageId.replace(/@.*/, ''))
  assert.equal(new Set(taken).size, taken.length, 'no mail twice')
  const doubtful = await crowd.idsOf('in-doubt')
  assert.ok(doubtful.length <= kills * connections, `${doubtful.length} in doubt`)
  const arrived = new Set(taken)
  const sent = await crowd.idsOf('sent')
  assert.ok(
    sent.every((id) => arrived.has(id)),
    'what counts as sent arrived',
  )
  assert.equal(sent.length + doubtful.length, count, JSON.stringify(states))
  assert.equal(new Set([...taken, ...doubtful]).size, count, 'whatever did not arrive is counted as in doubt')
  await crowd.close()
  await server.close()
  await database.drop()
})
