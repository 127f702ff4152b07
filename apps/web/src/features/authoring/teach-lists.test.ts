import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContestState, wantedContests } from './teach-lists.ts'

const contests = [
  { title: 'Friday Quiz', phase: 'running', archived: false },
  { title: 'Frozen Cup', phase: 'frozen', archived: false },
  { title: 'Next week', phase: 'scheduled', archived: false },
  { title: 'Last week', phase: 'ended', archived: false },
  { title: 'Long ago', phase: 'ended', archived: true },
] as const
const titles = (state: ContestState, query = '') => wantedContests(contests, state, query).map(({ title }) => title)

test('each state has its contests, and what is archived is only found there', () => {
  assert.deepEqual(titles('all'), ['Friday Quiz', 'Frozen Cup', 'Next week', 'Last week'])
  assert.deepEqual(titles('running'), ['Friday Quiz', 'Frozen Cup'])
  assert.deepEqual(titles('coming'), ['Next week'])
  assert.deepEqual(titles('past'), ['Last week'])
  assert.deepEqual(titles('archived'), ['Long ago'])
})

test('titles are searched without regard to case', () => {
  assert.deepEqual(titles('all', ' WEEK '), ['Next week', 'Last week'])
  assert.deepEqual(titles('running', 'week'), [])
})
