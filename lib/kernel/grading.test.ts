import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gradeChoice, gradeNumeric, normaliseUnit } from './grading.ts'

describe('quiz answers', () => {
  it('a choice is right when exactly the right options are ticked', () => {
    const key = { correct: ['a', 'c'] }
    assert.deepEqual(
      [['a', 'c'], ['c', 'a'], ['a'], ['a', 'b', 'c'], [], ['a', 'x']].map((choices) => gradeChoice(key, choices).verdict),
      ['AC', 'AC', 'WA', 'WA', 'WA', 'WA'],
    )
  })
  const numeric = (value: string, unit: string | undefined, key: Parameters<typeof gradeNumeric>[0]) => {
    const graded = gradeNumeric(key, { value, ...(unit === undefined ? {} : { unit }) })
    return graded.ok ? graded.value.verdict : graded.error.unreadable
  }
  it('a number is right within the tolerance, the boundary included', () => {
    const key = { answer: '9.81', tolerance: { absolute: '0.01' } }
    assert.deepEqual(
      ['9.81', '9,82', '9.80', '9.821', '981e-2', 'abc'].map((value) => numeric(value, undefined, key)),
      ['AC', 'AC', 'AC', 'WA', 'AC', 'WA'],
    )
    assert.equal(numeric('3×10⁸', undefined, { answer: '299792458', tolerance: { relative: '0.001' } }), 'AC')
    assert.equal(numeric('1/3', undefined, { answer: 'x', tolerance: {} }), 'key')
  })
  it('the unit must be there and the same, however it is spelled', () => {
    const key = { answer: '5', tolerance: {}, unit: 'm/s^2' }
    assert.deepEqual(
      ['m/s^2', 'm/s²', ' m / s^2', 'm/s**2', 'm/s', 'M/s^2', undefined, ''].map((unit) => numeric('5', unit, key)),
      ['AC', 'AC', 'AC', 'AC', 'WA', 'WA', 'WA', 'WA'],
    )
    assert.equal(normaliseUnit('\u00b5m'), normaliseUnit('\u03bcm'))
    assert.equal(normaliseUnit('N·m'), normaliseUnit('N m'))
    assert.equal(normaliseUnit('kΩ'), normaliseUnit('k\u2126'))
    assert.equal(normaliseUnit('m·s⁻¹'), normaliseUnit('m s^-1'))
    assert.notEqual(normaliseUnit('mW'), normaliseUnit('MW'))
    assert.equal(numeric('5', 'm', { answer: '5', tolerance: {} }), 'AC', 'a unit nobody asked for is not punished')
  })
})
