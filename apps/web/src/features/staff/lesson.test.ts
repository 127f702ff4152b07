import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Monitor } from '#contracts/submission'
import { countByStatus, lessonRows, shownRows, usualPatience } from './lesson.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 8, minute)).toISOString()
const problem = (label: string) => ({
  problemId: label,
  label,
  title: label,
  kind: 'choice' as const,
  tried: 0,
  solved: 0,
  pending: 0,
  answers: [],
  verdicts: [],
})
const cell = (problemId: string, more: object = {}) => ({ problemId, solved: false, wrong: 0, pending: 0, faults: 0, lastAt: at(20), ...more })
const participant = (userId: string, ...cells: ReturnType<typeof cell>[]) => ({ userId, startedAt: at(0), endsAt: at(45), cells })
const monitor: Monitor = {
  contestId: 'c',
  total: 5,
  problems: [problem('A'), problem('B')],
  participants: [
    participant('done', cell('A', { solved: true, wrong: 4 }), cell('B', { solved: true })),
    participant('stuck', cell('B', { wrong: 3 })),
    participant('slow', cell('A', { lastAt: at(4) })),
    participant('working', cell('A', { wrong: 2, pending: 1 })),
    participant('away'),
  ],
  waiting: { count: 1 },
  serverNow: at(22),
}
const presence = new Map(['done', 'stuck', 'slow', 'working'].map((id) => [id, { here: true, seenAt: at(22) }]))
const names = new Map(monitor.participants.map(({ userId }) => [userId, { name: `Name ${userId}`, school: 'GS Huye' }]))
const facts = { monitor, presence, names, patience: usualPatience, nowMs: Date.parse(at(22)), isOver: false }
const statuses = (more: Partial<typeof facts> = {}) => Object.fromEntries(lessonRows({ ...facts, ...more }).map((row) => [row.userId, row.status]))

test('who is done, stuck, quiet, at work or not there', () =>
  assert.deepEqual(statuses(), { done: 'done', stuck: 'stuck', slow: 'slow', working: 'working', away: 'absent' }))

test('how patient one is decides who counts as stuck', () => {
  assert.equal(statuses({ patience: { tries: 2, minutes: 15 } }).working, 'stuck')
  assert.equal(statuses({ patience: { tries: 3, minutes: 30 } }).slow, 'working')
})

test('nobody is called absent while it is not known who is there', () => {
  const rows = lessonRows({ ...facts, presence: undefined as never })
  assert.deepEqual(rows.find(({ userId }) => userId === 'away')?.status, 'slow')
  assert.equal(rows[0]?.here, undefined)
})

test('after the end, or one’s own time, nobody is absent or slow', () => {
  assert.deepEqual(statuses({ isOver: true }), { done: 'done', stuck: 'stuck', slow: 'working', working: 'working', away: 'working' })
  assert.equal(statuses({ nowMs: Date.parse(at(46)) }).away, 'working')
})

test('a row says where, when and how much', () => {
  const row = lessonRows(facts).find(({ userId }) => userId === 'stuck')
  assert.deepEqual([row?.stuckAt, row?.solved, row?.lastAt, row?.cells.map((each) => each?.wrong)], [['B'], 0, at(20), [undefined, 3]])
  assert.equal(lessonRows(facts).find(({ userId }) => userId === 'working')?.pending, 1)
})

test('who needs help comes first, and lists are searched by name and school', () => {
  const rows = lessonRows(facts)
  assert.deepEqual(
    shownRows(rows, 'all', '').map(({ userId }) => userId),
    ['stuck', 'away', 'slow', 'working', 'done'],
  )
  assert.deepEqual(
    shownRows(rows, 'stuck', 'HUYE').map(({ userId }) => userId),
    ['stuck'],
  )
  assert.deepEqual(shownRows(rows, 'all', 'nobody'), [])
  assert.deepEqual(countByStatus(rows), { absent: 1, stuck: 1, slow: 1, working: 1, done: 1 })
})
