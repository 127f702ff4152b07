import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Submission } from '#contracts/submission'
import { attemptsLeft, problemState, problemStates } from './submission-state.ts'

const submission = (over: Partial<Submission>): Submission => ({
  id: 's',
  problemId: 'p',
  userId: 'u',
  kind: 'numeric',
  attempt: 1,
  submittedAt: '',
  status: 'judged',
  verdict: 'WA',
  score: 0,
  ...over,
})

test('solved once is solved, whatever came after', () => {
  const list = [submission({ verdict: 'WA' }), submission({ verdict: 'AC', score: 100 }), submission({ status: 'queued' })]
  assert.equal(problemState(list).status, 'solved')
  assert.equal(problemState([...list].reverse()).status, 'solved')
})

test('what the judge could not judge uses up no attempt', () => {
  const state = problemState([submission({ status: 'fault' }), submission({}), submission({ status: 'queued' })])
  assert.deepEqual([state.attempts, attemptsLeft(3, state), attemptsLeft(1, state), attemptsLeft(undefined, state)], [2, 1, 0, undefined])
})

test('held, partial and untouched are told apart', () => {
  assert.equal(problemState([submission({ status: 'held', verdict: undefined as never })]).status, 'held')
  assert.deepEqual(problemState([submission({ verdict: 'PARTIAL', score: 40 })]), { status: 'partial', attempts: 1, bestScore: 40 })
  assert.deepEqual(problemState([]), { status: 'untouched', attempts: 0 })
})

test('each problem has its own state', () => {
  const states = problemStates([submission({}), submission({ problemId: 'q', verdict: 'AC', score: 100 })])
  assert.deepEqual([states.get('p')?.status, states.get('q')?.status], ['tried', 'solved'])
})
