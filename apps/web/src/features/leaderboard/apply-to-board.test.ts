import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Board, BoardRow } from '#contracts/leaderboard'
import { applyToBoard, emptyBoard, ranked } from './apply-to-board.ts'

const row = (userId: string, score: number, penalty = 0, lastMinute = 0): BoardRow => ({
  rank: 0,
  userId,
  name: userId,
  school: '',
  score,
  penalty,
  lastMinute,
  cells: [{ problemId: 'p', label: 'A', solved: score > 0, score, attempts: 1, pending: 0 }],
})
const board = (rows: BoardRow[], over: Partial<Board> = {}): Board => ({
  contestId: 'c',
  revision: 5,
  format: 'icpc',
  frozen: false,
  problems: [],
  total: rows.length,
  rows: ranked(rows),
  serverNow: '',
  ...over,
})
const snapshot = (of: Board) => applyToBoard(emptyBoard, { type: 'snapshot', board: of })
const change = (revision: number, cells: Omit<BoardRow, 'rank'>[], over = {}) => ({
  type: 'changed' as const,
  revision,
  previous: revision - 1,
  cells,
  refetch: false,
  ...over,
})
const ranks = (rows: readonly BoardRow[]) => rows.map(({ userId, rank }) => `${rank}${userId}`)

test('equals share a rank and the next rank stays empty', () => {
  assert.deepEqual(ranks(ranked([row('c', 1, 30, 30), row('b', 2, 50, 20), row('a', 2, 50, 20), row('d', 1, 20, 40)])), ['1a', '1b', '3d', '4c'])
})

test('less penalty, then the earlier last acceptance, comes first', () => {
  assert.deepEqual(ranks(ranked([row('late', 2, 50, 40), row('early', 2, 50, 30), row('cheap', 2, 40, 99)])), ['1cheap', '2early', '3late'])
})

test('a pushed row moves up without asking the server', () => {
  const after = applyToBoard(
    snapshot(board([row('a', 2, 10), row('b', 1, 10)])),
    change(6, [{ ...row('b', 3, 40), cells: [{ problemId: 'q', label: 'B', solved: true, score: 1, attempts: 2, pending: 0 }] }]),
  )
  assert.deepEqual(ranks(after.board?.rows ?? []), ['1b', '2a'])
  assert.deepEqual(
    after.board?.rows[0]?.cells.map((cell) => cell.label),
    ['A', 'B'],
  )
  assert.equal(after.board?.revision, 6)
  assert.equal(after.refetch, 'no')
})

test('a newcomer joins a whole board', () => {
  const after = applyToBoard(snapshot(board([row('a', 2)])), change(6, [row('n', 1)]))
  assert.deepEqual([ranks(after.board?.rows ?? []), after.board?.total], [['1a', '2n'], 2])
})

test('an old push changes nothing; a gap asks for the board again', () => {
  const state = snapshot(board([row('a', 2)]))
  assert.equal(applyToBoard(state, change(5, [row('a', 9)])), state)
  const gap = applyToBoard(state, change(8, [row('a', 9)]))
  assert.deepEqual([gap.refetch, gap.board?.rows[0]?.score], ['now', 2])
  assert.equal(applyToBoard(state, change(6, [], { refetch: true })).refetch, 'now')
})

test('a snapshot overtaken by pushes does not turn the board back', () => {
  const ahead = applyToBoard(snapshot(board([row('a', 2)])), change(6, [row('a', 3)]))
  assert.equal(applyToBoard(ahead, { type: 'snapshot', board: board([row('a', 2)]) }), ahead)
})

test('of a board held in part, cells move at once and ranks wait for the server', () => {
  const after = applyToBoard(snapshot(board([row('a', 3), row('b', 2)], { total: 500 })), change(6, [row('b', 4), row('stranger', 9)]))
  assert.deepEqual(ranks(after.board?.rows ?? []), ['1a', '2b'])
  assert.deepEqual([after.board?.rows[1]?.score, after.refetch, after.board?.total], [4, 'soon', 500])
})

test('whatever the order rows arrive in, the ranks are the same', () => {
  const rows = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), score: fc.nat(3), penalty: fc.nat(3) }), {
    selector: ({ id }) => id,
    maxLength: 12,
  })
  fc.assert(
    fc.property(rows, fc.nat(), (given, turn) => {
      const made = given.map(({ id, score, penalty }) => row(id, score, penalty))
      const turned = [...made.slice(turn % (made.length || 1)), ...made.slice(0, turn % (made.length || 1))]
      assert.deepEqual(ranked(turned), ranked(made))
    }),
  )
})
