import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, emptyDraft, withOption } from './sample-answer.ts'

test('one option takes the place of another, several stand side by side and go again', () => {
  const pick = (multiple: boolean, ...options: string[]) => options.reduce((draft, option) => withOption(draft, { multiple }, option), emptyDraft).choices
  assert.deepEqual(pick(false, 'a', 'b'), ['b'])
  assert.deepEqual(pick(true, 'a', 'b'), ['a', 'b'])
  assert.deepEqual(pick(true, 'a', 'b', 'a'), ['b'])
})
test('nothing is sent before there is something; a unit goes along where one is asked for', () => {
  assert.equal(answerOf({ kind: 'choice' }, emptyDraft), undefined)
  assert.equal(answerOf({ kind: 'numeric' }, { ...emptyDraft, value: '  ' }), undefined)
  assert.deepEqual(answerOf({ kind: 'choice' }, { ...emptyDraft, choices: ['a'] }), { choices: ['a'] })
  assert.deepEqual(answerOf({ kind: 'numeric', unit: 'm' }, { ...emptyDraft, value: ' 600 ', unit: ' m ' }), { value: '600', unit: 'm' })
  assert.deepEqual(answerOf({ kind: 'numeric' }, { ...emptyDraft, value: '9,81' }), { value: '9,81' })
})
