import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sourceDiff, withoutTheSame } from './source-diff.ts'

const signs = { same: ' ', removed: '-', added: '+' } as const
const shown = (before: string, after: string) => sourceDiff(before, after).map(({ kind, text }) => signs[kind] + text)

test('lines taken out and put in are told from those that stayed', () => {
  assert.deepEqual(shown('a\nb\nc\n', 'a\nx\nc\nd\n'), [' a', '-b', '+x', ' c', '+d'])
  assert.deepEqual(shown('same\n', 'same'), [' same'])
  assert.deepEqual(shown('a\r\nb\r\n', 'a\nb\n'), [' a', ' b'], 'line ends of another system are no change')
})
test('the lines that stayed and went are the old program, those that stayed and came the new one', () => {
  const program = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((lines) => `${lines.join('\n')}\n`)
  fc.assert(
    fc.property(program, program, (before, after) => {
      const lines = sourceDiff(before, after)
      const but = (kind: string) => `${lines.flatMap((line) => (line.kind === kind ? [] : [line.text])).join('\n')}\n`
      assert.deepEqual([but('added'), but('removed')], [before, after])
    }),
  )
})
test('a program rewritten from end to end is answered at once', () => {
  const big = (word: string) => Array.from({ length: 5_000 }, (_, at) => `${word}${at}`).join('\n')
  assert.equal(sourceDiff(big('a'), big('b')).length, 10_000)
})
test('long runs of the same lines are counted, not shown', () => {
  const lines = Array.from({ length: 20 }, (_, at) => `${at}`)
  const before = lines.join('\n')
  const seen = withoutTheSame(sourceDiff(before, before.replace('\n10\n', '\nten\n')))
  assert.deepEqual(
    seen.map((line) => (line.kind === 'skipped' ? line.count : `${signs[line.kind]}${line.text}`)),
    [7, ' 7', ' 8', ' 9', '-10', '+ten', ' 11', ' 12', ' 13', 6],
  )
  assert.deepEqual(withoutTheSame(sourceDiff('a', 'a')), [{ kind: 'skipped', count: 1 }])
})
