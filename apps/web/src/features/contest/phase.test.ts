import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOverdue, mayJoin, maySubmit, nextMoment } from './phase.ts'

const start = '2026-01-01T10:00:00Z'
const end = '2026-01-01T12:00:00Z'

test('the countdown runs to the start, then to the end, with personal timing to my own end', () => {
  const base = { startsAt: start, endsAt: end, timing: 'window' as const }
  assert.deepEqual(nextMoment({ ...base, phase: 'scheduled', myPhase: 'scheduled' }), { at: start, what: 'startsIn' })
  assert.deepEqual(nextMoment({ ...base, phase: 'frozen', myPhase: 'frozen' }), { at: end, what: 'endsIn' })
  const mine = '2026-01-01T11:00:00Z'
  assert.deepEqual(nextMoment({ ...base, timing: 'personal', phase: 'running', myPhase: 'running', myEndsAt: mine }), { at: mine, what: 'myEndsIn' })
  assert.equal(nextMoment({ ...base, phase: 'ended', myPhase: 'ended' }), undefined)
})

test('an answer older than the moment it names is overdue', () => {
  const contest = { startsAt: start, endsAt: end, timing: 'window' as const, phase: 'scheduled' as const, myPhase: 'scheduled' as const }
  assert.equal(isOverdue(contest, Date.parse(start) - 1), false)
  assert.equal(isOverdue(contest, Date.parse(start)), true)
})

test('a personal clock cannot be started before the window opens', () => {
  assert.equal(mayJoin({ phase: 'scheduled', timing: 'personal', registered: false }), false)
  assert.equal(mayJoin({ phase: 'scheduled', timing: 'window', registered: false }), true)
  assert.equal(mayJoin({ phase: 'ended', timing: 'window', registered: false }), false)
  assert.equal(maySubmit({ myPhase: 'frozen', registered: true }), true)
  assert.equal(maySubmit({ myPhase: 'ended', registered: true }), false)
})
