import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage } from '../../lib/storage.ts'
import { keepSettings, readSettings, standardSettings } from './editor-settings.ts'

test('settings are kept, and what is not a setting is the usual one', () => {
  const storage = memoryStorage()
  assert.deepEqual(readSettings(storage), standardSettings)
  const mine = { ...standardSettings, keys: 'vim', fontSize: 20, tabSize: 2, isWrapped: true } as const
  keepSettings(storage, mine)
  assert.deepEqual(readSettings(storage), mine)
  for (const odd of ['', 'null', '[]', '7', '{"keys":"ed","fontSize":900,"tabSize":"4","isWrapped":"yes"}']) {
    storage.set('arena.editor', odd)
    assert.deepEqual(readSettings(storage), standardSettings, odd)
  }
})
