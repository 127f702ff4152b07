import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RowChange } from '#contracts/leaderboard'
import { cellRevisionsOf, changesSince, pushOf } from './changes.ts'
import type { ScoredCell, ScoredRow } from './format.ts'

const cell = (problemId: string, more: Partial<ScoredCell> = {}): ScoredCell => ({ problemId, solved: false, score: 0, attempts: 0, pending: 0, ...more })
const row = (userId: string, cells: ScoredCell[], more: Partial<ScoredRow> = {}): ScoredRow => ({ userId, score: 0, penalty: 0, lastMinute: 0, cells, ...more })
const changed = (one: ScoredRow, revisions: readonly number[]) => ({ row: one, name: one.userId, school: '', revisions })
const around = { problems: ['A', 'B'].map((label) => ({ problemId: label, label })), firsts: { A: 'ann' } }
const step = { contestId: 'c', previous: 4, revision: 5 }

test('a cell keeps its revision until it shows something else', () => {
  const known = { row: row('ann', [cell('A'), cell('B')]), revisions: [2, 3] }
  assert.deepEqual(cellRevisionsOf(known, row('ann', [cell('A'), cell('B', { attempts: 1 })]), 7), [2, 7])
  assert.deepEqual(cellRevisionsOf(known, row('ann', [cell('B'), cell('A')]), 7), [7, 7], 'another problem in its place')
  assert.deepEqual(cellRevisionsOf(undefined, row('ann', [cell('A')]), 7), [7], 'a newcomer')
})
test('which submission solved a cell is no change that anybody sees', () => {
  const solved = (submissionId: string) => cell('A', { solved: true, minute: 3, solvedBy: { submittedAt: 1 as never, submissionId } })
  assert.deepEqual(cellRevisionsOf({ row: row('ann', [solved('s1')]), revisions: [2] }, row('ann', [solved('s2')]), 7), [2])
})
test('a change carries the totals and only the cells that are others now, in the order of the board', () => {
  const solved = cell('A', { solved: true, score: 1, attempts: 1, minute: 3, solvedBy: { submittedAt: 1 as never, submissionId: 's1' } })
  const rows = [changed(row('bob', [cell('A'), cell('B', { pending: 1 })]), [4, 5]), changed(row('ann', [solved, cell('B')], { score: 1 }), [5, 1])]
  const shown = { solved: false, score: 0, attempts: 0, pending: 0 }
  assert.deepEqual(changesSince(4, around, rows), [
    {
      userId: 'ann',
      name: 'ann',
      school: '',
      score: 1,
      penalty: 0,
      lastMinute: 0,
      cells: [{ ...shown, problemId: 'A', label: 'A', solved: true, score: 1, attempts: 1, minute: 3, first: true }],
    },
    { userId: 'bob', name: 'bob', school: '', score: 0, penalty: 0, lastMinute: 0, cells: [{ ...shown, problemId: 'B', label: 'B', pending: 1 }] },
  ])
})

const change = (userId: string, more: Partial<RowChange> = {}): RowChange => ({
  userId,
  name: userId,
  school: '',
  score: 0,
  penalty: 0,
  lastMinute: 0,
  cells: [{ problemId: 'A', label: 'A', solved: false, score: 0, attempts: 0, pending: 0 }],
  ...more,
})
test('what does not fit one message is fetched', () => {
  const many = Array.from({ length: 60 }, (_, n) => change(`user ${n}`))
  assert.deepEqual(pushOf(step, many), { ...step, cells: [], refetch: true })
  assert.equal(pushOf(step, many.slice(0, 3)).refetch, false)
  assert.equal(pushOf(step, undefined).refetch, true)
})
test('names weigh what they weigh in bytes', () => {
  assert.equal(pushOf(step, [change('ann', { cells: [], name: '界'.repeat(2_500) })]).refetch, true)
})
