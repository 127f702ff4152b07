import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { filesSuite } from '#ports/suites/files.suite'
import { openFolderFiles } from './files-folder.ts'

const folder = await mkdtemp(join(tmpdir(), 'arena-files-'))
after(() => rm(folder, { recursive: true, force: true }))

filesSuite(
  'folder',
  () => openFolderFiles(folder),
  (digest, content) => writeFile(join(folder, digest.slice(0, 2), digest.slice(2, 4), digest), content),
)

it('the folder keeps no trace of puts that failed or were doubled', async () => {
  assert.deepEqual(await readdir(join(folder, 'incoming')), [])
})
