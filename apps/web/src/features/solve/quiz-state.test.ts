import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ProblemState } from '../../lib/submission-state.ts'
import { answerOf, decodeAnswer, emptyAnswer, encodeAnswer, optionOfKey, questionState, sentMark, sheetOf } from './quiz-state.ts'

const planet = { kind: 'choice', options: ['a', 'b', 'c'].map((id) => ({ id, html: id })) } as const
const planets = { ...planet, options: [...planet.options] }
const speed = { kind: 'numeric', unit: 'm/s' } as const
const untouched: ProblemState = { status: 'untouched', attempts: 0 }

test('an answer is whole or none: a unit that is asked for is part of it', () => {
  assert.equal(answerOf(planets, emptyAnswer), undefined)
  assert.deepEqual(answerOf(planets, { ...emptyAnswer, choices: ['c', 'a', 'gone'] }), { choices: ['a', 'c'] })
  assert.equal(answerOf(speed, { ...emptyAnswer, value: '3' }), undefined)
  assert.deepEqual(answerOf(speed, { ...emptyAnswer, value: ' 3 ', unit: 'm/s ' }), { value: '3', unit: 'm/s' })
  assert.deepEqual(answerOf({ kind: 'numeric' }, { ...emptyAnswer, value: '3' }), { value: '3' })
})

test('what was sent is not sent again, and what was changed since is', () => {
  const draft = { ...emptyAnswer, choices: ['b'] }
  const state = (more: Partial<typeof draft & { sent: string }>, own = untouched, maxAttempts?: number) =>
    questionState({ problem: planets, draft: { ...draft, ...more }, own, maxAttempts })
  assert.equal(state({}), 'ready')
  const sent = sentMark({ choices: ['b'] })
  assert.equal(state({ sent }), 'sent')
  assert.equal(state({ sent, choices: ['a'] }), 'ready')
  assert.equal(state({ choices: [] }), 'empty')
  assert.equal(state({ sent }, { status: 'tried', attempts: 1 }, 1), 'spent')
  assert.equal(state({}, { status: 'solved', attempts: 1 }, 1), 'solved')
  assert.equal(questionState({ problem: speed, draft: { ...emptyAnswer, value: '3' }, own: untouched, maxAttempts: undefined }), 'started')
})

test('a sheet counts each question where it belongs', () => {
  const states = ['ready', 'empty', 'started', 'sent', 'solved', 'spent'] as const
  const sheet = sheetOf(states.map((state, at) => ({ state, isFlagged: at !== 1 })))
  assert.deepEqual(sheet, { ready: [0], unanswered: [1, 2], flagged: [0, 2, 3], done: [3, 4, 5] })
})

test('a draft is kept as it is, and what is no draft is an empty one', () => {
  assert.equal(encodeAnswer(emptyAnswer), '')
  const text = fc.string({ maxLength: 5 })
  const draft = fc.record(
    { choices: fc.array(text), value: text, unit: text, isFlagged: fc.boolean(), sent: text },
    { requiredKeys: ['choices', 'value', 'unit', 'isFlagged'] },
  )
  fc.assert(fc.property(draft, (kept) => assert.deepEqual(decodeAnswer(encodeAnswer(kept)), { ...kept })))
  for (const odd of [undefined, '', '{', '3', 'null', '{"choices":"a","value":3}']) assert.deepEqual(decodeAnswer(odd), emptyAnswer)
})

test('the keys 1 to 9 choose an option that is there', () => {
  assert.deepEqual(
    [optionOfKey(planets, '2'), optionOfKey(planets, '4'), optionOfKey(planets, 'a'), optionOfKey(speed, '1')],
    ['b', undefined, undefined, undefined],
  )
})
