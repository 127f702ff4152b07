import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDrafts } from './drafts.ts'
import { browserStorage, memoryStorage } from './storage.ts'

test('a draft comes back as it was, for its own problem, person and language only', () => {
  const drafts = createDrafts(memoryStorage(), () => 5)
  const name = { userId: 'u', problemId: 'p', language: 'python' }
  drafts.write(name, ' print(1)\n')
  assert.equal(drafts.read(name), ' print(1)\n')
  assert.equal(drafts.read({ ...name, language: 'cpp' }), undefined)
  assert.equal(drafts.read({ ...name, userId: 'v' }), undefined)
  drafts.write(name, '')
  assert.equal(drafts.read(name), undefined)
})

test('the oldest drafts make room', () => {
  let now = 1000
  const drafts = createDrafts(memoryStorage(), () => now++)
  for (let n = 0; n <= 200; n++) drafts.write({ userId: 'u', problemId: `p${n}`, language: 'c' }, 'x')
  assert.equal(drafts.read({ userId: 'u', problemId: 'p0', language: 'c' }), undefined)
  assert.equal(drafts.read({ userId: 'u', problemId: 'p1', language: 'c' }), 'x')
})

test('a browser that forbids storage still keeps drafts while the page lives', () => {
  const storage = browserStorage(() => {
    throw new Error('SecurityError')
  })
  storage.set('a', '1')
  assert.equal(storage.get('a'), '1')
  assert.deepEqual(storage.keys(), ['a'])
})
