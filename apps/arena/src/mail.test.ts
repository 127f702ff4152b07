import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { ConfigError, parseConfig } from '#kit/config'
import { openSmtpServer } from '#testkit/smtp'
import { openMailer } from './adapters.ts'

const folder = await mkdtemp(join(tmpdir(), 'arena-mail-'))
const server = await openSmtpServer()
after(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
const open = (changes: Record<string, string>) => openMailer(parseConfig({ ARENA_DATA_DIR: folder, ...changes }))
const mail = { to: 'aline@example.rw', subject: 'Hi', text: 'hi' }

it('mail goes where ARENA_MAIL_URL says, from whom ARENA_MAIL_FROM names', async () => {
  const bySmtp = await open({ ARENA_MAIL_URL: server.url, ARENA_MAIL_FROM: 'School <mail@school.rw>' })
  await bySmtp.send('one', mail)
  await bySmtp.close()
  assert.match(server.taken[0]?.raw ?? '', /^From: School <mail@school\.rw>/m)
  const kept = await open({ ARENA_MAIL_URL: pathToFileURL(join(folder, 'elsewhere')).href, ARENA_MAIL_FROM: 'mail@school.rw' })
  await kept.send('two', mail)
  const standard = await open({})
  await standard.send('three', mail)
  for (const [mailer, name] of [
    [kept, 'two'],
    [standard, 'three'],
  ] as const)
    assert.deepEqual(
      (await mailer.kept?.list(9))?.map((each) => each.name),
      [name],
    )
})

it('what is wrong with either is said with its name, and without the password', async () => {
  const wrong: readonly (readonly [changes: Record<string, string>, setting: string])[] = [
    [{ ARENA_MAIL_FROM: 'nobody' }, 'ARENA_MAIL_FROM'],
    [{ ARENA_MAIL_FROM: 'A <a@x.rw>, B <b@x.rw>' }, 'ARENA_MAIL_FROM'],
    [{ ARENA_MAIL_URL: 'smtp://u:secret@mail.rw?tls=no' }, 'ARENA_MAIL_URL'],
    [{ ARENA_MAIL_URL: 'smtp://u:secret@mail.rw/x', ARENA_MAIL_FROM: 'a@x.rw' }, 'ARENA_MAIL_URL'],
    [{ ARENA_MAIL_URL: 'smtp://u:secret@mail.rw' }, 'ARENA_MAIL_FROM'],
    [{ ARENA_MAIL_URL: 'imap://mail.rw' }, 'ARENA_MAIL_URL'],
  ]
  for (const [changes, setting] of wrong)
    await assert.rejects(
      open(changes),
      (cause: Error) => cause instanceof ConfigError && cause.message.includes(setting) && !cause.message.includes('secret'),
      JSON.stringify(changes),
    )
})
