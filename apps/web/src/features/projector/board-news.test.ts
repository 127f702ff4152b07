import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Board, BoardCell, BoardRow } from '#contracts/leaderboard'
import { newsBetween } from './board-news.ts'

const cell = (over: Partial<BoardCell> = {}): BoardCell => ({ problemId: 'p', label: 'A', solved: false, score: 0, attempts: 0, pending: 0, ...over })
const row = (name: string, rank: number, score: number, one = cell()): BoardRow => ({
  rank,
  userId: name,
  name,
  school: '',
  score,
  penalty: 0,
  lastMinute: 0,
  cells: [one],
})
const board = (revision: number, rows: BoardRow[]): Board => ({
  contestId: 'c',
  revision,
  format: 'icpc',
  frozen: false,
  problems: [],
  total: rows.length,
  rows,
  serverNow: '',
})
const told = (before: Board | undefined, after: Board) =>
  newsBetween(before, after).map(({ kind, name, problem }) => [kind, name, problem].filter(Boolean).join(' '))

test('a solution, the first of all, more points, a try and a new leader are told, the weightiest first', () => {
  const before = board(1, [row('ann', 1, 1, cell({ solved: true })), row('bob', 2, 0), row('cat', 2, 0), row('dan', 2, 0)])
  const after = board(2, [
    row('bob', 1, 2, cell({ solved: true, first: true })),
    row('ann', 2, 1, cell({ solved: true })),
    row('cat', 3, 1, cell({ score: 40 })),
    row('dan', 4, 0, cell({ pending: 1 })),
  ])
  assert.deepEqual(told(before, after), ['lead bob', 'first bob A', 'better cat A', 'tried dan A'])
})

test('nothing is told of the first look, of an older board, of rows that come into sight, or of a judged try', () => {
  const after = board(2, [row('ann', 1, 1, cell({ solved: true }))])
  assert.deepEqual(told(undefined, after), [])
  assert.deepEqual(told(board(3, []), after), [])
  assert.deepEqual(told(board(1, []), after), [])
  assert.deepEqual(told(board(1, [row('ann', 1, 0, cell({ pending: 1 }))]), board(2, [row('ann', 1, 0, cell({ attempts: 1 }))])), [])
})

test('equals at the top are no leader, and a crowd of news is cut', () => {
  const names = Array.from({ length: 20 }, (_, n) => `u${n}`)
  const before = board(
    1,
    names.map((name) => row(name, 1, 0)),
  )
  const after = board(
    2,
    [...names].reverse().map((name) => row(name, 1, 1, cell({ solved: true }))),
  )
  assert.equal(told(before, after).length, 6)
  assert.ok(told(before, after).every((text) => text.startsWith('solved')))
})
