import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Language } from '#contracts/contest'
import { allowedLanguages, answerBody, languageOfFile, programBody, sourceBytes, startLanguage, toggled } from './answer-forms.ts'

const language = (id: string): Language => ({ id, name: id, version: '1', run: id, timeFactor: 1 })
const all = ['c', 'cpp', 'python'].map(language)

test('an answer goes out as it is, with its contest where there is one', () => {
  const answer = { value: '9.81', unit: 'm/s^2' }
  assert.deepEqual(answerBody({ problemId: 'p' }, answer), { problemId: 'p', answer })
  assert.deepEqual(answerBody({ problemId: 'p', contestId: 'c' }, answer), { contestId: 'c', problemId: 'p', answer })
})

test('one right answer replaces, several join and leave', () => {
  assert.deepEqual(toggled(['a'], 'b', false), ['b'])
  assert.deepEqual(toggled(['a'], 'b', true), ['a', 'b'])
  assert.deepEqual(toggled(['a', 'b'], 'a', true), ['b'])
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

test('a problem that takes the output itself takes text, and no other does', () => {
  assert.deepEqual(
    allowedLanguages({ languages: ['text'] }, all).map(({ id }) => id),
    ['text'],
  )
  assert.deepEqual(allowedLanguages({}, all), all)
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
