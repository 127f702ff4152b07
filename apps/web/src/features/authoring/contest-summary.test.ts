import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContestForm, emptyContestForm } from './contest-form.ts'
import { summaryOf } from './contest-summary.ts'

const picked = (points: string) => ({ problemId: points, title: '', kind: 'choice' as const, label: '', points, maxAttempts: '' })
const form: ContestForm = { ...emptyContestForm(Date.parse('2026-01-01T10:00:00Z')), problems: [picked(''), picked('50')] }
const says = (more: Partial<ContestForm> = {}) => summaryOf({ ...form, ...more }).map(({ say }) => say)
const found = (say: string, more: Partial<ContestForm> = {}) => summaryOf({ ...form, ...more }).find((each) => each.say === say)

test('a contest is told by its clock, its problems and its rules', () => {
  assert.deepEqual(says(), ['window', 'problems', 'resultsNow', 'free'])
  assert.deepEqual(found('window'), { say: 'window', start: '2026-01-02T10:00:00.000Z', end: '2026-01-02T12:00:00.000Z', minutes: 120 })
  assert.deepEqual(found('problems'), { say: 'problems', count: 2, points: 150 }, 'what is left empty is worth a hundred')
})

test('only what holds is told', () => {
  assert.deepEqual(says({ format: 'icpc', freezeMinutes: '15', penaltyMinutes: '10', premium: true }), [
    'window',
    'problemsIcpc',
    'resultsNow',
    'penalty',
    'freeze',
    'premium',
  ])
  assert.deepEqual(says({ feedback: 'after-end', freezeMinutes: '15' }), ['window', 'problems', 'resultsLater', 'free'])
  assert.deepEqual(says({ timing: 'untimed', freezeMinutes: '15', problems: [] }), ['untimed', 'noProblems', 'resultsNow', 'free'])
  assert.deepEqual(found('personal', { timing: 'personal', durationMinutes: '45' }), {
    ...{ say: 'personal', start: '2026-01-02T10:00:00.000Z', end: '2026-01-02T12:00:00.000Z', count: 45 },
  })
  assert.equal(says({ startsAt: '' })[0], 'timeless')
})
