import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { MailFailure } from '#ports/mailer'
import { mailerSuite } from '#ports/suites/mailer.suite'
import { openFolderMailer } from './mail-folder.ts'

const folder = await mkdtemp(join(tmpdir(), 'arena-mail-'))
after(() => rm(folder, { recursive: true, force: true }))

const mailer = await openFolderMailer(folder)
mailerSuite('folder', async () => ({
  mailer,
  sent: async () => Promise.all((await readdir(folder)).filter((name) => name.endsWith('.eml')).map((name) => readFile(join(folder, name), 'utf8'))),
}))

it('a mail in the folder is one .eml file that only the arena can read', async () => {
  const names = await readdir(folder)
  assert.ok(names.includes('welcome-1.eml'))
  assert.ok(names.every((name) => name.endsWith('.eml')))
  assert.equal((await stat(join(folder, 'welcome-1.eml'))).mode & 0o777, 0o600)
})

it('kept mail can be listed, newest first, and read; nothing else of the machine can', async () => {
  await mailer.send('mail-a', { to: 'a@example.rw', subject: 'Amakuru ✓', text: 'yego, é', html: '<p>yego, <b>é</b></p>' })
  await utimes(join(folder, 'mail-a.eml'), new Date(), new Date(Date.now() + 60_000))
  const [newest, ...older] = (await mailer.kept?.list(2)) ?? []
  assert.equal(older.length, 1)
  assert.deepEqual({ ...newest, at: 'then' }, { name: 'mail-a', to: 'a@example.rw', subject: 'Amakuru ✓', at: 'then' })
  const read = await mailer.kept?.read('mail-a')
  assert.equal(read?.text.trim(), 'yego, é')
  assert.equal(read?.html?.trim(), '<p>yego, <b>é</b></p>')
  for (const name of ['mail-b', '../mail-a', '/etc/passwd', '.', '', 'mail-a.eml']) assert.equal(await mailer.kept?.read(name), undefined, name)
})
it('a folder that takes no file: no mail goes out now', async () => {
  const gone = join(folder, 'gone')
  const other = await openFolderMailer(gone)
  await rm(gone, { recursive: true })
  const mail = { to: 'a@example.rw', subject: 'Hi', text: 'hi' }
  await assert.rejects(other.send('x', mail), (cause) => cause instanceof MailFailure && cause.fate === 'unreachable')
  await assert.rejects(openFolderMailer(folder, { from: 'nobody' }), /is not "Name <address>"/)
})
