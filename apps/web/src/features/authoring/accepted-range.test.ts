import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptedRange } from './accepted-range.ts'

const range = (answer: string, absolute = '', relative = '') => {
  const found = acceptedRange({ answer, absolute, relative })
  return found && `${found.from} to ${found.to}`
}

test('a tolerance is told by what it accepts', () => {
  assert.equal(range('9.81', '0.1'), '9.71 to 9.91')
  assert.equal(range('9.81', '0.05'), '9.76 to 9.86')
  assert.equal(range('200', '', '0.01'), '198 to 202')
  assert.equal(range('-5', '0.5'), '-5.5 to -4.5')
  assert.equal(range('0.1', '0.2'), '-0.1 to 0.3')
  assert.equal(range('1.6e-3', '1e-4'), '0.0015 to 0.0017')
  assert.equal(range('3e8', '', '0.1'), '270000000 to 330000000')
})

test('the wider of two tolerances counts', () => {
  assert.equal(range('100', '1', '0.05'), '95 to 105')
  assert.equal(range('100', '10', '0.05'), '90 to 110')
})

test('without one only the number itself is right', () => assert.equal(range('42.0'), '42 to 42'))

test('what cannot be read, or is too long to help, is not told', () => {
  for (const answer of ['', '.', 'abc', '1e', '1e-200']) assert.equal(range(answer, '0.1'), undefined, answer)
  assert.equal(range('1', '-1'), undefined)
  assert.equal(range('1', 'x'), undefined)
  assert.equal(range('1e300', '1e-300'), undefined)
})
