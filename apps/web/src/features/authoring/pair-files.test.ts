import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pairFiles } from './pair-files.ts'

const files = (...names: string[]) => names.map((name) => ({ name, text: `of ${name}` }))

test('inputs and outputs meet by name, and 2 comes before 10', () => {
  const { tests, alone } = pairFiles(files('10.in', '10.ans', '2.ans', '2.in', 'secret/1.in', 'secret/1.out'))
  assert.deepEqual(
    tests.map(({ name, input, output }) => [name, input, output]),
    [
      ['1', 'of secret/1.in', 'of secret/1.out'],
      ['2', 'of 2.in', 'of 2.ans'],
      ['10', 'of 10.in', 'of 10.ans'],
    ],
  )
  assert.deepEqual(alone, [])
})

test('files called input and output meet too', () => {
  const { tests } = pairFiles(files('input01.txt', 'output01.txt', 'input_2.txt', 'output_2.txt'))
  assert.deepEqual(
    tests.map(({ name }) => name),
    ['01', '2'],
  )
})

test('what has no partner, is there twice or is no test at all is named', () => {
  const { tests, alone } = pairFiles(files('1.in', '2.in', '2.ans', '2.out', 'readme.md', '3.ans'))
  assert.deepEqual(
    tests.map(({ name }) => name),
    ['2'],
  )
  assert.deepEqual(alone, ['1.in', '2.out', '3.ans', 'readme.md'])
})
