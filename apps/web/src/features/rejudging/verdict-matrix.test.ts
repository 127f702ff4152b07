import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Judged } from './rejudging-form.ts'
import { verdictMatrix } from './verdict-matrix.ts'

const change = (before: Judged, after: Judged) => ({ before: { verdict: before, score: 0 }, after: { verdict: after, score: 100 } })

test('each change is counted once, and only verdicts that occur are shown, in their usual order', () => {
  const changes = [change('WA', 'AC'), change('WA', 'AC'), change('fault', 'AC'), change('WA', 'TLE'), change('PARTIAL', 'PARTIAL')]
  assert.deepEqual(verdictMatrix(changes), {
    columns: ['AC', 'PARTIAL', 'TLE'],
    rows: [
      { before: 'PARTIAL', counts: [0, 1, 0], total: 1 },
      { before: 'WA', counts: [2, 0, 1], total: 3 },
      { before: 'fault', counts: [1, 0, 0], total: 1 },
    ],
  })
})

test('nothing changed, nothing shown', () => assert.deepEqual(verdictMatrix([]), { columns: [], rows: [] }))
