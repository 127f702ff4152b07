import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ContestForm,
  contestChange,
  contestFormOf,
  contestFormProblems,
  contestSteps,
  emptyContestForm,
  movedTo,
  newContest,
  refusedField,
  stepOf,
  stepWith,
  wrongAt,
} from './contest-form.ts'

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
  assert.deepEqual(contestFormProblems({ ...form, title: '', endsAt: form.startsAt, freezeMinutes: '-1' }), ['titleMissing', 'endBeforeStart', 'freezeBad'])
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

test('of the rules, too, only what was changed is sent: some of them are closed once a contest has started', () => {
  assert.deepEqual(contestChange(form, { ...form, freezeMinutes: '10' }), { rules: { freezeMinutes: 10 } })
  const ioi = { ...form, format: 'ioi' as const, scoring: 'best-run' as const }
  assert.deepEqual(contestChange(ioi, { ...ioi, scoring: 'subtasks' }), { rules: { scoring: 'subtasks' } })
})

test('what a contest is comes back as it was sent', () => {
  const sent = {
    ...form,
    title: 'Cup',
    format: 'icpc' as const,
    freezeMinutes: '10',
    penaltyMinutes: '5',
    feedback: 'after-end' as const,
    detail: 'verdict' as const,
  }
  const contest = { ...newContest(sent), problems: [], durationMinutes: undefined } as never
  assert.deepEqual(contestFormOf(contest), sent)
})

test('each complaint belongs to a step and to a field', () => {
  const problems = contestFormProblems({ ...form, title: '', durationMinutes: '500', timing: 'personal', freezeMinutes: '500' })
  assert.deepEqual(problems, ['titleMissing', 'durationLong', 'freezeLong'])
  assert.deepEqual(problems.map(stepOf), ['what', 'when', 'rules'])
  assert.equal(wrongAt(problems, 'freezeMinutes'), 'freezeLong')
  assert.equal(wrongAt(problems, 'endsAt'), undefined)
  assert.deepEqual(contestFormProblems({ ...form, timing: 'untimed', feedback: 'after-end', freezeMinutes: 'x' }), ['feedbackNeedsEnd'])
  assert.deepEqual(contestFormProblems({ ...form, format: 'points', penaltyMinutes: 'x' }), [], 'what the format does not ask for may be anything')
  assert.ok((['title', 'endsAt', 'problems', 'premium'] as const).every((field) => contestSteps.includes(stepWith(field))))
})

test('what the server refuses is said beside its field', () => {
  assert.equal(refusedField({ code: 'TIMES_INVALID', details: { rule: 'END_IN_PAST' } }), 'endsAt')
  assert.equal(refusedField({ code: 'TIMES_INVALID', details: { rule: 'NO_SUCH_DATE', field: 'startsAt' } }), 'startsAt')
  assert.equal(refusedField({ code: 'CONTEST_HAS_STARTED', details: { field: 'rules.feedback' } }), 'feedback')
  assert.equal(refusedField({ code: 'PROBLEM_TWICE', details: {} }), 'problems')
  assert.equal(refusedField({ code: 'INTERNAL', details: {} }), undefined)
})

test('a problem is taken to any place, and past the ends nothing moves', () => {
  assert.deepEqual(movedTo(['a', 'b', 'c'], 2, 0), ['c', 'a', 'b'])
  assert.deepEqual(movedTo(['a', 'b', 'c'], 0, 1), ['b', 'a', 'c'])
  for (const [from, to] of [
    [0, -1],
    [2, 3],
    [5, 0],
    [1, 1],
  ] as const)
    assert.deepEqual(movedTo(['a', 'b', 'c'], from, to), ['a', 'b', 'c'])
})
