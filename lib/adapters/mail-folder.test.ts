import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { mailerSuite } from '#ports/suites/mailer.suite'
import { openFolderMailer } from './mail-folder.ts'

const folder = await mkdtemp(join(tmpdir(), 'arena-mail-'))
after(() => rm(folder, { recursive: true, force: true }))

mailerSuite('folder', async () => ({
  mailer: await openFolderMailer(folder),
  sent: async () => Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'))),
}))

it('a mail in the folder is one .eml file that only the arena can read', async () => {
  const names = await readdir(folder)
  assert.ok(names.includes('welcome-1.eml'))
  assert.ok(names.every((name) => name.endsWith('.eml')))
  assert.equal((await stat(join(folder, 'welcome-1.eml'))).mode & 0o777, 0o600)
})
