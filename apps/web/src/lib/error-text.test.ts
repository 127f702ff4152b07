import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import i18n from 'i18next'
import { errorTable } from '#contracts/errors'
import en from '../locales/en.json' with { type: 'json' }
import { ApiError } from './api-client.ts'
import { errorText, fill, placeholdersOf, pushText } from './error-text.ts'

before(() => i18n.init({ lng: 'en', resources: { en: { translation: en } } }))

test('every code of the contract has a text', () => {
  const missing = Object.keys(errorTable).filter((code) => !(code in en.errors))
  assert.deepEqual(missing, [])
})

test('a text asks for no parameter the contract does not name', () => {
  for (const [code, [, english]] of Object.entries(errorTable)) {
    const known = [...english.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const asked = placeholdersOf(en.errors[code as keyof typeof en.errors])
    assert.deepEqual(
      asked.filter((name) => !known.includes(name)),
      [],
      code,
    )
  }
})

test('details fill the text', () => {
  assert.match(errorText(i18n.t, new ApiError('NO_ATTEMPTS_LEFT', 'x', { details: { limit: 3 } })), /3/)
  assert.match(errorText(i18n.t, new ApiError('SOURCE_TOO_LARGE', 'x', { details: { limitBytes: 65_536 } })), /larger than 64 KiB/)
  assert.match(errorText(i18n.t, new ApiError('PACKAGE_INVALID', 'x', { details: { problem: 'It is no zip.' } })), /no zip\.$/)
})

test("a verdict in a push is told in the reader's words, with or without a label", () => {
  assert.equal(pushText(i18n.t, { code: 'SUBMISSION_JUDGED', params: { label: 'A', verdict: 'AC' }, message: 'x' }), 'Problem A: Accepted')
  assert.equal(pushText(i18n.t, { code: 'SUBMISSION_JUDGED', params: { verdict: 'WA' }, message: 'x' }), 'Your submission: Wrong answer')
})

test("a missing parameter falls back to the server's English", () => {
  assert.equal(fill('{{a}} and {{b}}', { a: 1 }), undefined)
  assert.equal(pushText(i18n.t, { code: 'SUBMISSION_JUDGED', params: {}, message: 'Your submission was Accepted' }), 'Your submission was Accepted')
  assert.equal(pushText(i18n.t, { code: 'OF_LATER', params: {}, message: 'News' }), 'News')
})
