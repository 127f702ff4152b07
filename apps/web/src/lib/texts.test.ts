import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { laterTexts } from '../../build-plugins.ts'
import en from '../locales/en.json' with { type: 'json' }

const source = join(import.meta.dirname, '..')
const filesBelow = (...folders: string[]) =>
  folders.flatMap((folder) => globSync(join(source, folder, '**/*.{ts,tsx}'))).filter((file) => !/\.test\.ts$/.test(file))
const groupsIn = (file: string) => [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*['"`](\w+)\./g)].map((match) => match[1] ?? '')

test('texts that come later are used only by pages that wait for them', () => {
  const ofAccount = ['forgot-password-page', 'reset-password-page', 'unsubscribe-page', 'profile-page', 'mail-preferences']
  const waiting = [
    ...filesBelow('features/authoring', 'features/admin', 'features/billing'),
    ...ofAccount.map((name) => join(source, 'features', 'account', `${name}.tsx`)),
  ]
  const others = filesBelow('app', 'features', 'lib', 'ui').filter((file) => !waiting.includes(file))
  const early = others.flatMap((file) =>
    groupsIn(file)
      .filter((group) => laterTexts.includes(group))
      .map((group) => `${file.slice(source.length)}: ${group}`),
  )
  assert.deepEqual(early, [])
  assert.ok(
    waiting.some((file) => groupsIn(file).includes('teach')),
    'the pattern finds texts',
  )
  assert.deepEqual(
    laterTexts.filter((group) => !(group in en)),
    [],
  )
})
