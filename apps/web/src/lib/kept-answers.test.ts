import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#testkit/eventually'
import type { Table } from './browser-db.ts'
import { createKeptAnswers } from './kept-answers.ts'

const answer = (body: unknown) => ({ body, etag: '"e"' })

function memoryTable() {
  const map = new Map<string, unknown>()
  const table: Table = {
    all: async () => [...map.values()],
    get: async (key) => map.get(key),
    async put(key, value) {
      map.set(key, structuredClone(value))
      return true
    },
    remove: async (key) => void map.delete(key),
    keys: async () => [...map.keys()],
  }
  return { table, map }
}

test('what was read is read again by the same person, and by nobody else', async () => {
  const { table, map } = memoryTable()
  let who: string | undefined = 'u'
  const kept = createKeptAnswers(table, { reader: () => who, now: () => 1 })
  kept.write('/api/contests/c', 'u', answer({ contest: 1 }))
  assert.deepEqual(await kept.read('/api/contests/c'), answer({ contest: 1 }))
  who = 'v'
  assert.equal(await kept.read('/api/contests/c'), undefined)
  kept.write('/api/contests/c', 'u', answer({ late: true }))
  assert.deepEqual([...map.keys()], ['u /api/contests/c'], 'an answer that comes after the change of person is not kept')
  await kept.wipeAllBut('v')
  assert.equal(map.size, 0)
  who = undefined
  kept.write('/api/contests/c', 'u', answer({}))
  assert.equal(map.size, 0)
})

test('accounts, boards and other people are never kept', async () => {
  const { table, map } = memoryTable()
  const kept = createKeptAnswers(table, { reader: () => 'u', now: () => 1 })
  for (const path of [
    '/api/me',
    '/api/me/sessions',
    '/api/leaderboard/c',
    '/api/users',
    '/api/problems/p/tests',
    '/api/submissions/s/source',
    '/api/contestsx',
    '/api/admin/status',
  ])
    kept.write(path, 'u', answer({}))
  assert.equal(map.size, 0)
  for (const path of ['/api/contests', '/api/contests?limit=5', '/api/problems/p', '/api/languages', '/api/submissions?contestId=c', '/api/submissions/s'])
    kept.write(path, 'u', answer({}))
  assert.equal(map.size, 6)
})

test('the oldest make room', async () => {
  const { table, map } = memoryTable()
  let now = 1
  const kept = createKeptAnswers(table, { reader: () => 'u', now: () => now++ })
  for (let n = 0; n <= 80; n++) kept.write(`/api/problems/${n}`, 'u', answer({}))
  await eventually(() => assert.ok(map.size <= 80))
  assert.ok(!map.has('u /api/problems/0'))
  assert.ok(map.has('u /api/problems/80'))
})
