import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage } from '../../lib/storage.ts'
import { mostStars, starsIn, toggleStar } from './stars.ts'

const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`

test('a star is put, kept for its reader and contest alone, and taken away', () => {
  const storage = memoryStorage()
  assert.deepEqual([...toggleStar(storage, { reader: 'me', contestId: 'c', userId: id(1) })], [id(1)])
  toggleStar(storage, { reader: 'me', contestId: 'c', userId: id(2) })
  assert.deepEqual([...starsIn(storage, 'me', 'c')], [id(1), id(2)])
  assert.equal(starsIn(storage, 'you', 'c').size + starsIn(storage, 'me', 'd').size + starsIn(storage, undefined, 'c').size, 0)
  toggleStar(storage, { reader: 'me', contestId: 'c', userId: id(1) })
  toggleStar(storage, { reader: 'me', contestId: 'c', userId: id(2) })
  assert.deepEqual(storage.keys(), [])
})

test('what somebody wrote into the storage is no star, and there is an end to them', () => {
  const storage = memoryStorage()
  storage.set('arena.stars.me.c', `<b>,,${id(3)},${'x'.repeat(36)}`)
  assert.deepEqual([...starsIn(storage, 'me', 'c')], [id(3)])
  for (let n = 0; n < mostStars + 5; n++) toggleStar(storage, { reader: 'me', contestId: 'd', userId: id(n) })
  assert.equal(starsIn(storage, 'me', 'd').size, mostStars)
})
