import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromLocalInput } from '../../lib/format.ts'
import { emptyForm, formFaults, newRejudging, toggled } from './rejudging-form.ts'

const because = { ...emptyForm, reason: ' a test was wrong ' }

test('what is left empty is left out, and means all', () => {
  assert.deepEqual(newRejudging({ contestId: 'c' }, because), { filter: { contestId: 'c' }, reason: 'a test was wrong', version: 'current' })
})

test('every criterion is sent, times as UTC', () => {
  const form = {
    ...because,
    problemId: 'p',
    userId: 'u',
    languages: ['python'],
    verdicts: ['WA', 'fault'] as const,
    from: '2026-11-23T08:00',
    to: '2026-11-23T09:00',
  }
  assert.deepEqual(newRejudging({ contestId: 'c' }, { ...form, version: 'same' }), {
    filter: {
      ...{ contestId: 'c', problemId: 'p', userId: 'u', languages: ['python'], verdicts: ['WA', 'fault'] },
      ...{ from: fromLocalInput(form.from), to: fromLocalInput(form.to) },
    },
    reason: 'a test was wrong',
    version: 'same',
  })
})

test('on the page of a problem nothing else can be named', () => {
  assert.deepEqual(newRejudging({ problemId: 'mine' }, { ...because, problemId: 'other' }).filter, { problemId: 'mine' })
})

test('a reason is asked for, and an end behind the start', () => {
  assert.deepEqual(formFaults(emptyForm), ['reasonMissing'])
  assert.deepEqual(formFaults(because), [])
  assert.deepEqual(formFaults({ ...because, from: '2026-11-23T09:00', to: '2026-11-23T09:00' }), ['spanBad'])
  assert.deepEqual(formFaults({ ...because, from: '2026-11-23T09:00' }), [])
})

test('a box is ticked and cleared', () => {
  assert.deepEqual(toggled(['a'], 'b'), ['a', 'b'])
  assert.deepEqual(toggled(['a', 'b'], 'a'), ['b'])
})
