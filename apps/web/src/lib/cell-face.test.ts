import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardCell } from '#contracts/leaderboard'
import { cellFace } from './cell-face.ts'

const cell = (over: Partial<BoardCell>): BoardCell => ({ problemId: 'p', label: 'A', solved: false, score: 0, attempts: 0, pending: 0, ...over })

test('ICPC cells say how many runs were rejected, and when it was solved', () => {
  assert.deepEqual(cellFace(cell({ solved: true, score: 1, attempts: 3, minute: 42 }), 'icpc', 1), { tone: 'good', text: '+2', minute: 42 })
  assert.deepEqual(cellFace(cell({ solved: true, score: 1, attempts: 1, minute: 7 }), 'icpc', 1), { tone: 'good', text: '+', minute: 7 })
  assert.deepEqual(cellFace(cell({ attempts: 2 }), 'icpc', 1), { tone: 'bad', text: '−2', minute: undefined })
  assert.deepEqual(cellFace(cell({ pending: 1 }), 'icpc', 1), { tone: 'wait', text: '', minute: undefined })
})

test('points cells show the points, full ones apart from partial ones', () => {
  assert.equal(cellFace(cell({ solved: true, score: 10, attempts: 1 }), 'points', 10)?.tone, 'good')
  assert.deepEqual(cellFace(cell({ score: 4, attempts: 2 }), 'points', 10), { tone: 'part', text: '4', minute: undefined })
  assert.equal(cellFace(cell({ attempts: 1 }), 'points', 10)?.tone, 'bad')
})

test('an untouched problem has no face', () => {
  assert.equal(cellFace(undefined, 'icpc', 1), undefined)
  assert.equal(cellFace(cell({}), 'points', 10), undefined)
})
