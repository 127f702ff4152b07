import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContestForm, contestChange, contestFormProblems, emptyContestForm, moved, newContest } from './contest-form.ts'

const form: ContestForm = { ...emptyContestForm(Date.parse('2026-01-01T10:05:00Z')), title: ' Cup ' }

test('local times are sent as UTC, tomorrow at a round quarter at first', () => {
  const body = newContest(form)
  assert.deepEqual([body.title, body.startsAt, body.endsAt], ['Cup', '2026-01-02T10:15:00.000Z', '2026-01-02T12:15:00.000Z'])
  assert.deepEqual(contestFormProblems(form), [])
})

test('an untimed contest carries no times, a personal one its minutes', () => {
  const untimed = newContest({ ...form, timing: 'untimed' })
  assert.ok(!('startsAt' in untimed) && !('durationMinutes' in untimed))
  assert.equal(newContest({ ...form, timing: 'personal', durationMinutes: '45' }).durationMinutes, 45)
})

test('what does not fit is said before the server must', () => {
  assert.deepEqual(contestFormProblems({ ...form, title: '', endsAt: form.startsAt, freezeMinutes: '-1' }), ['titleMissing', 'endBeforeStart', 'numberBad'])
  assert.deepEqual(contestFormProblems(form, Date.parse('2026-02-01T00:00:00Z')), ['endInPast'])
  const picked = { problemId: 'p', title: '', kind: 'choice' as const, label: 'a', points: '', maxAttempts: '' }
  assert.deepEqual(contestFormProblems({ ...form, problems: [picked, { ...picked, problemId: 'q', label: 'A' }] }), ['labelTwice'])
  assert.deepEqual(contestFormProblems({ ...form, timing: 'untimed', startsAt: '', endsAt: '' }), [])
})

test('a running contest is sent only what was changed', () => {
  assert.deepEqual(contestChange(form, form), {})
  assert.deepEqual(contestChange(form, { ...form, description: 'Bring water' }), { description: 'Bring water' })
})

test('a contest is free until it is made premium', () => {
  assert.equal(newContest(form).premium, false)
  assert.deepEqual(contestChange(form, { ...form, premium: true }), { premium: true })
})

test('moving past an end changes nothing', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 2, -1), ['a', 'c', 'b'])
  assert.deepEqual(moved(['a', 'b'], 0, -1), ['a', 'b'])
})
