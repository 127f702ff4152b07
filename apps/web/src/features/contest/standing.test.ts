import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardRow } from '#contracts/leaderboard'
import { standingOf } from './standing.ts'

const row = (userId: string, rank: number): BoardRow => ({ userId, rank, name: userId, school: '', score: 2, penalty: 30, lastMinute: 9, cells: [] })

test('one’s own row is found among its neighbours; who is on no row has no rank', () => {
  const board = { rows: [row('a', 3), row('me', 4)], total: 9, frozen: true }
  const mine = standingOf(board, 'me')
  assert.deepEqual([mine.row?.rank, mine.total, mine.isFrozen], [4, 9, true])
  assert.equal(standingOf(board, 'nobody').row, undefined)
})
