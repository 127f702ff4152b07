import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage } from '../../lib/storage.ts'
import { createKeptForms } from './kept-form.ts'

const empty = { title: '', count: '1', rows: [] as string[] }
const name = { userId: 'u', what: 'problem.new' }
function made(startMs = 1_000) {
  let at = startMs
  const storage = memoryStorage()
  return { storage, forms: createKeptForms(storage, () => at), pass: (ms: number) => (at += ms) }
}

test('what was typed is there again, for that person and that thing alone', () => {
  const { forms } = made()
  assert.equal(forms.read(name, empty), undefined)
  assert.equal(forms.write(name, { ...empty, title: 'Gravity' }), true)
  assert.deepEqual(forms.read(name, empty), { ...empty, title: 'Gravity' })
  assert.equal(forms.read({ ...name, userId: 'other' }, empty), undefined)
  assert.equal(forms.read({ ...name, what: 'problem.1' }, empty), undefined)
  forms.remove(name)
  assert.equal(forms.read(name, empty), undefined)
})

test('a form of an older page gets what is new, and loses what is gone or has another shape', () => {
  const { forms } = made()
  forms.write(name, { title: 'Old', gone: 1, rows: 'not a list' })
  assert.deepEqual(forms.read(name, empty), { ...empty, title: 'Old' })
})

test('broken texts, and forms a month old, are as good as none', () => {
  const { storage, forms, pass } = made()
  storage.set('arena.form.u.problem.new', '{"at":')
  assert.equal(forms.read(name, empty), undefined)
  forms.write(name, empty)
  pass(31 * 24 * 3600_000)
  assert.equal(forms.read(name, empty), undefined)
})

test('few are kept, the oldest go, and what is very long is not kept at all', () => {
  const { storage, forms, pass } = made()
  for (let n = 0; n < 25; n++) {
    forms.write({ userId: 'u', what: String(n) }, { ...empty, title: String(n) })
    pass(1000)
  }
  assert.equal(storage.keys().length, 20)
  assert.equal(forms.read({ userId: 'u', what: '24' }, empty)?.title, '24')
  assert.equal(forms.read({ userId: 'u', what: '0' }, empty), undefined)
  assert.equal(forms.write(name, { ...empty, title: 'x'.repeat(600_000) }), false)
  assert.equal(forms.read(name, empty), undefined)
})
