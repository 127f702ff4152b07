import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Language } from '#contracts/contest'
import { allowedLanguages, choiceBody, languageOfFile, numericBody, programBody, sourceBytes, startLanguage, toggled } from './answer-forms.ts'

const language = (id: string): Language => ({ id, name: id, version: '1', run: id, timeFactor: 1 })
const all = ['c', 'cpp', 'python'].map(language)

test('a typed number goes out as text, with a unit only where one was typed', () => {
  assert.deepEqual(numericBody({ problemId: 'p' }, ' 9.81 ', ' '), { problemId: 'p', answer: { value: '9.81' } })
  assert.deepEqual(numericBody({ problemId: 'p', contestId: 'c' }, '9.81', ' m/s^2 '), {
    contestId: 'c',
    problemId: 'p',
    answer: { value: '9.81', unit: 'm/s^2' },
  })
})

test('one right answer replaces, several join and leave', () => {
  assert.deepEqual(toggled(['a'], 'b', false), ['b'])
  assert.deepEqual(toggled(['a'], 'b', true), ['a', 'b'])
  assert.deepEqual(toggled(['a', 'b'], 'a', true), ['b'])
  assert.deepEqual(choiceBody({ problemId: 'p' }, ['a']), { problemId: 'p', answer: { choices: ['a'] } })
})

test('the language of last time is kept where the problem takes it', () => {
  const allowed = allowedLanguages({ languages: ['python', 'c'] }, all)
  assert.deepEqual(
    allowed.map(({ id }) => id),
    ['c', 'python'],
  )
  assert.equal(startLanguage(allowed, 'python'), 'python')
  assert.equal(startLanguage(allowed, 'cpp'), 'c')
  assert.equal(startLanguage([], undefined), '')
})

test("a file's ending chooses the language", () => {
  assert.equal(languageOfFile('a.PY', all, 'c'), 'python')
  assert.equal(languageOfFile('notes.txt', all, 'cpp'), 'cpp')
  assert.equal(languageOfFile('a.cc', [...all, language('cpp20')], 'cpp20'), 'cpp20')
})

test('a source is measured in bytes, as the server does', () => {
  assert.equal(sourceBytes('é'), 2)
  assert.deepEqual(programBody({ problemId: 'p' }, 'c', 'x'), { problemId: 'p', language: 'c', source: 'x' })
})
