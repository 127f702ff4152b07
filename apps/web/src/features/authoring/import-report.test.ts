import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOf } from './import-report.ts'

test('all complaints are told, each once', () => assert.deepEqual(complaintsOf({ problem: 'a', problems: ['a', 'b', 'a', ' ', 3] }), ['a', 'b']))
test('one sentence is a list of one, and nothing is nothing', () => {
  assert.deepEqual(complaintsOf({ problem: 'no problem.yaml' }), ['no problem.yaml'])
  assert.deepEqual(complaintsOf({ problem: 'x', problems: [] }), ['x'])
  assert.deepEqual(complaintsOf({}), [])
})
