import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardCell, BoardRow } from '#contracts/leaderboard'
import { changesBetween, pushOf, shownOf } from './changes.ts'

const cell = (label: string, more: Partial<BoardCell> = {}): BoardCell => ({
  problemId: label,
  label,
  solved: false,
  score: 0,
  attempts: 0,
  pending: 0,
  ...more,
})
const row = (userId: string, cells: BoardCell[], more: Partial<BoardRow> = {}): BoardRow => ({
  rank: 1,
  userId,
  name: userId,
  school: '',
  score: 0,
  penalty: 0,
  lastMinute: 0,
  cells,
  ...more,
})
const step = { contestId: 'c', previous: 4, revision: 5 }

test('a change carries the totals and only the cells that are others now', () => {
  const before = shownOf([row('ann', [cell('A'), cell('B')]), row('bob', [cell('A')])])
  const changes = changesBetween(before, [row('ann', [cell('A'), cell('B', { solved: true, score: 1 })], { score: 1 }), row('bob', [cell('A')], { rank: 2 })])
  assert.deepEqual(changes, [{ userId: 'ann', name: 'ann', school: '', score: 1, penalty: 0, lastMinute: 0, cells: [cell('B', { solved: true, score: 1 })] }])
})
test('losing the first place at a problem is a change', () => {
  assert.equal(changesBetween(shownOf([row('ann', [cell('A', { first: true })])]), [row('ann', [cell('A')])]).length, 1)
})
test('a newcomer comes with all cells', () => {
  assert.equal(changesBetween(new Map(), [row('ann', [cell('A'), cell('B')])])[0]?.cells.length, 2)
})
test('what does not fit one message is fetched', () => {
  const many = Array.from({ length: 60 }, (_, n) => row(`user ${n}`, [cell('A')]))
  assert.deepEqual(pushOf(step, many), { ...step, cells: [], refetch: true })
  assert.equal(pushOf(step, many.slice(0, 3)).refetch, false)
  assert.equal(pushOf(step, undefined).refetch, true)
})
test('names weigh what they weigh in bytes', () => {
  const push = pushOf(step, [row('ann', [], { name: '界'.repeat(2_500) })])
  assert.equal(push.refetch, true)
})
