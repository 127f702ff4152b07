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

test('each contest has its own draft of a problem, and one of before that is found', () => {
  const drafts = createDrafts(memoryStorage(), () => 5)
  const practice = { userId: 'u', problemId: 'p', language: 'c' }
  drafts.write(practice, 'old')
  assert.equal(drafts.read({ ...practice, contestId: 'k' }), 'old')
  drafts.write({ ...practice, contestId: 'k' }, 'new')
  assert.deepEqual([drafts.read({ ...practice, contestId: 'k' }), drafts.read(practice)], ['new', 'old'])
})

/** A Storage with room for `capacity` characters. */
function smallStorage(capacity: number) {
  const map = new Map<string, string>()
  const size = () => [...map].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  return {
    get length() {
      return map.size
    },
    key: (index: number) => [...map.keys()][index] ?? null,
    getItem: (key: string) => map.get(key) ?? null,
    setItem(key: string, value: string) {
      const before = map.get(key)
      map.set(key, value)
      if (size() <= capacity) return
      if (before === undefined) map.delete(key)
      else map.set(key, before)
      throw new Error('QuotaExceededError')
    },
    removeItem: (key: string) => void map.delete(key),
    clear: () => map.clear(),
  }
}

test('a full storage: old drafts make room, and what does not fit at all lives with the page and says so', () => {
  const full = smallStorage(600)
  let now = 1
  const drafts = createDrafts(
    browserStorage(() => full),
    () => now++,
  )
  const name = (problemId: string) => ({ userId: 'u', problemId, language: 'c' })
  for (let n = 0; n < 10; n++) assert.equal(drafts.write(name(`p${n}`), 'x'.repeat(80)), true)
  assert.equal(drafts.read(name('p9')), 'x'.repeat(80))
  assert.equal(drafts.read(name('p0')), undefined)
  assert.equal(drafts.write(name('p9'), 'y'.repeat(700)), false)
  assert.equal(drafts.isFull.get(), true)
  assert.equal(drafts.read(name('p9')), 'y'.repeat(700), 'and not the older text that was stored')
  assert.equal(drafts.write(name('p9'), 'z'), true)
  assert.equal(drafts.read(name('p9')), 'z')
})

test('a browser that forbids storage still keeps drafts while the page lives', () => {
  const storage = browserStorage(() => {
    throw new Error('SecurityError')
  })
  storage.set('a', '1')
  assert.equal(storage.get('a'), '1')
  assert.deepEqual(storage.keys(), ['a'])
})
