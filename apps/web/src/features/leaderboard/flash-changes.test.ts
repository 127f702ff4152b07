import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardRow } from '#contracts/leaderboard'
import { changedParts } from './flash-changes.ts'

const cell = (label: string, attempts: number) => ({ problemId: label, label, solved: false, score: 0, attempts, pending: 0 })
const row = (over: Partial<BoardRow>): BoardRow => ({ rank: 1, userId: 'u', name: 'u', school: '', score: 0, penalty: 0, lastMinute: 0, cells: [], ...over })

test('only what differs flashes; a new rank by itself does not', () => {
  const before = row({ cells: [cell('A', 1), cell('B', 0)] })
  assert.deepEqual(changedParts(before, row({ rank: 9, cells: [cell('A', 1), cell('B', 0)] })), [])
  assert.deepEqual(changedParts(before, row({ score: 1, cells: [cell('A', 1), cell('B', 2)] })), ['score', 'B'])
  assert.deepEqual(changedParts(before, row({ cells: [cell('A', 1), cell('B', 0), cell('C', 1)] })), ['C'])
})
