import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { boardTexts, laterTexts, ownTexts, roomTexts } from '../../build-plugins.ts'
import en from '../locales/en.json' with { type: 'json' }
import fr from '../locales/fr.json' with { type: 'json' }
import rw from '../locales/rw.json' with { type: 'json' }

const source = join(import.meta.dirname, '..')
const filesBelow = (...folders: string[]) =>
  folders.flatMap((folder) => globSync(join(source, folder, '**/*.{ts,tsx}'))).filter((file) => !/\.test\.ts$/.test(file))
/** Parts of `ui` and `app` that only the room shows, or that wait for its texts themselves. */
const roomFiles = ['app/contest-pages.tsx', 'app/practice-pages.tsx', 'ui/verdict-help.tsx', 'ui/points-table.tsx'].map((name) => join(source, name))
const groupsIn = (file: string) => [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*['"`](\w+)\./g)].map((match) => match[1] ?? '')

test('texts of the room are used only by its features, which come with the pages of contests and practice', () => {
  const room = [...filesBelow('features/contest', 'features/solve', 'features/practice'), ...roomFiles]
  const others = filesBelow('app', 'features', 'lib', 'ui').filter((file) => !room.includes(file))
  const early = others.flatMap((file) =>
    groupsIn(file)
      .filter((group) => roomTexts.includes(group))
      .map((group) => `${file.slice(source.length)}: ${group}`),
  )
  assert.deepEqual(early, [])
  assert.ok(
    room.some((file) => groupsIn(file).includes('solve')),
    'the pattern finds texts',
  )
  assert.deepEqual(
    roomTexts.filter((group) => !(group in en)),
    [],
  )
})

test('texts that come later are used only by pages that wait for them', () => {
  const ofAccount = ['forgot-password-page', 'reset-password-page']
  const waiting = [
    ...filesBelow('features/rejudging', 'features/authoring', 'features/admin', 'features/billing', 'features/design'),
    ...['monitor-page', 'lesson-table', 'lesson-problems', 'results-download'].map((name) => join(source, 'features', 'staff', `${name}.tsx`)),
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

test('texts of pages about oneself are used only by those pages', () => {
  const account = ['unsubscribe-page', 'profile-page', 'mail-preferences', 'session-list', 'look-settings', 'progress-card']
  const own = [
    ...filesBelow('features/history'),
    ...account.map((name) => join(source, 'features', 'account', `${name}.tsx`)),
    ...['member-home', 'practice-ideas', 'subject-filter', 'coming-contest', 'sample-questions', 'sample-form'].map((name) =>
      join(source, 'features', 'home', `${name}.tsx`),
    ),
    join(source, 'features', 'notifications', 'messages-page.tsx'),
  ]
  const early = filesBelow('app', 'features', 'lib', 'ui')
    .filter((file) => !own.includes(file))
    .flatMap((file) =>
      groupsIn(file)
        .filter((group) => ownTexts.includes(group))
        .map((group) => `${file.slice(source.length)}: ${group}`),
    )
  assert.deepEqual(early, [])
  assert.deepEqual(
    ownTexts.filter((group) => !(group in en)),
    [],
  )
})

test('texts of boards are used only by their pages, which wait for them', () => {
  const boards = filesBelow('features/leaderboard', 'features/projector')
  const others = filesBelow('app', 'features', 'lib', 'ui').filter((file) => !boards.includes(file))
  const early = others.flatMap((file) => groupsIn(file).filter((group) => boardTexts.includes(group)))
  assert.deepEqual(early, [])
  assert.deepEqual([...new Set(boards.flatMap(groupsIn))].filter((group) => boardTexts.includes(group)).sort(), [...boardTexts].sort())
})

/** Buttons whose name says of what as well: who speaks to the machine says the words that are seen (WCAG 2.5.3). The words, and the names that must have them. */
const namesByWords: Readonly<Record<string, readonly string[]>> = {
  'action.add': ['contestForm.add'],
  'action.copy': [
    ...['submission.copySource', 'outbox.copy', 'admin.copyLink', 'solve.copyInput', 'solve.copyOutput', 'teach.copyContest'],
    ...['billing.copyAmount', 'billing.copyReference', 'billing.copyLine', 'billing.copyCode'],
  ],
  'action.edit': ['teach.editContest', 'billingAdmin.editName'],
  'action.remove': ['teach.removeContest', 'billing.removeName'],
  'admin.disable': ['admin.disableName'],
  'admin.enable': ['admin.enableName'],
  'admin.link': ['admin.linkName'],
  'billing.choose': ['billing.chooseName'],
  'premium.choose': ['premium.chooseName'],
  'sessions.end': ['sessions.endLabel'],
  'teach.watch': ['teach.watchContest'],
}

for (const [language, texts] of Object.entries({ en, fr, rw }))
  test(`the name of a button has the words on it: ${language}`, () => {
    const text = (key: string) => {
      const [group = '', name = ''] = key.split('.')
      const found = (texts as Record<string, Record<string, unknown>>)[group]?.[name]
      assert.ok(typeof found === 'string', `${key} is no text`)
      return found.toLowerCase()
    }
    const without = Object.entries(namesByWords).flatMap(([words, names]) => names.filter((name) => !text(name).includes(text(words))))
    assert.deepEqual(without, [])
  })
