import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { errorTable, timesInvalid, timesRules } from '#contracts/errors'
import { NotificationCode } from '#contracts/notifications'
import en from '../locales/en.json' with { type: 'json' }
import { type ApiCode, ApiError } from './api-client.ts'
import { errorText, fill, placeholdersOf, pushText } from './error-text.ts'
import { addTexts, t } from './translate.ts'

before(() => addTexts('en', en))

test('every code and every rule of the contract has a text', () => {
  assert.deepEqual(
    Object.keys(errorTable).filter((code) => !(code in en.errors)),
    [],
  )
  assert.deepEqual(Object.keys(en.timesRule).sort(), Object.keys(timesRules).sort())
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
  assert.match(errorText(t, new ApiError('NO_ATTEMPTS_LEFT', 'x', { details: { limit: 3 } })), /3/)
  assert.match(errorText(t, new ApiError('SOURCE_TOO_LARGE', 'x', { details: { limitBytes: 65_536 } })), /larger than 64 KiB/)
  assert.match(errorText(t, new ApiError('PACKAGE_INVALID', 'x', { details: { problem: 'It is no zip.' } })), /no zip\.$/)
})

test("what the times of a contest break, and what a started one keeps, is told in the reader's words", () => {
  const told = (code: ApiCode, details: Readonly<Record<string, unknown>> | undefined) => errorText(t, new ApiError(code, 'x', { details: details ?? {} }))
  const years = { field: 'startsAt', fromYear: 2020, toYear: 2100 }
  assert.match(told('TIMES_INVALID', timesInvalid('YEAR_OUT_OF_RANGE', years).details), /: Start must be between 2020 and 2100\.$/)
  assert.match(told('TIMES_INVALID', timesInvalid('END_IN_PAST').details), /: the end is in the past\.$/)
  assert.match(told('TIMES_INVALID', { rule: 'OF_LATER', problem: 'the moon is full' }), /: the moon is full\.$/)
  assert.match(told('CONTEST_HAS_STARTED', { field: 'rules.feedback' }), /: Results\.$/)
  assert.match(told('CONTEST_HAS_STARTED', { field: 'ofLater' }), /: ofLater\.$/)
})

test("a verdict in a push is told in the reader's words, with or without a label", () => {
  assert.equal(pushText(t, { code: 'SUBMISSION_JUDGED', params: { label: 'A', verdict: 'AC' }, message: 'x' }), 'Problem A: Accepted')
  assert.equal(pushText(t, { code: 'SUBMISSION_JUDGED', params: { verdict: 'WA' }, message: 'x' }), 'Your submission: Wrong answer')
})

test('every message to a user has a text', () => {
  assert.deepEqual(
    NotificationCode.enum.filter((code) => !(code in en.push)),
    [],
  )
})

test('money and days are told as people read them, by what the message is about', () => {
  const told = (code: string, params: Readonly<Record<string, unknown>>) => pushText(t, { code, params, message: 'English' })
  const receipt = { number: 7, planName: 'Learner', amount: 1505, currency: 'USD' }
  assert.match(told('RECEIPT_ISSUED', { ...receipt, kind: 'receipt' }), /^Receipt 7: .*15\.05 for Learner/)
  assert.match(told('RECEIPT_ISSUED', { ...receipt, kind: 'credit-note' }), /^Credit note 7: /)
  const due = { planName: 'Learner', amount: 1500, currency: 'RWF', endsAt: '2026-03-05T12:00:00Z', openUntil: '2026-03-12T12:00:00.000Z' }
  assert.match(told('RENEWAL_DUE', { ...due, stage: 'soon' }), /ends on 5 March 2026\. RWF.1,500/)
  assert.match(told('RENEWAL_DUE', { ...due, stage: 'grace' }), /until 12 March 2026/)
  assert.equal(told('RECEIPT_ISSUED', { ...receipt, amount: 0.5 }), 'English')
  assert.match(errorText(t, new ApiError('NOTHING_DUE', 'x', { details: { from: '2026-03-05T12:00:00Z' } })), /from 5 March 2026 on/)
})

test("a missing parameter falls back to the server's English", () => {
  assert.equal(fill('{{a}} and {{b}}', { a: 1 }), undefined)
  assert.equal(pushText(t, { code: 'SUBMISSION_JUDGED', params: {}, message: 'Your submission was Accepted' }), 'Your submission was Accepted')
  assert.equal(pushText(t, { code: 'OF_LATER', params: {}, message: 'News' }), 'News')
})
