import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineDiff, visible } from './line-diff.ts'

test('outputs that differ in blanks at line ends or the last line end are the same', () => {
  assert.equal(lineDiff('1\n2\n', '1 \r\n2').likeness, 'same')
  assert.equal(lineDiff('1 2\n', '1\n2\n').likeness, 'spacing')
  assert.equal(lineDiff('12\n', '1 2\n').likeness, 'different')
})

test('the first line that differs is named, and what differs in it is marked', () => {
  const diff = lineDiff('a\nsum 10\nb\n', 'a\nsum 12\nb\n')
  assert.equal(diff.firstLine, 2)
  assert.deepEqual(diff.rows[1], {
    line: 2,
    isSame: false,
    expected: [
      { text: 'sum 1', isDifferent: false },
      { text: '0', isDifferent: true },
    ],
    printed: [
      { text: 'sum 1', isDifferent: false },
      { text: '2', isDifferent: true },
    ],
  })
})

test('a line too few or too many is a line of one side', () => {
  const missing = lineDiff('1\n2\n', '1\n')
  assert.equal(missing.rows[1]?.printed, undefined)
  assert.deepEqual(missing.rows[1]?.expected, [{ text: '2', isDifferent: true }])
  assert.equal(lineDiff('1\n', '1\n2\n').rows[1]?.expected, undefined)
  assert.deepEqual(lineDiff('', '').rows, [])
})

test('a long output is shown from a little before its first difference', () => {
  const lines = Array.from({ length: 500 }, (_, at) => `${at}\n`)
  const diff = lineDiff(lines.join(''), lines.map((line, at) => (at === 300 ? 'x\n' : line)).join(''))
  assert.deepEqual([diff.firstLine, diff.rows[0]?.line, diff.rows.length, diff.isCut], [301, 298, 60, true])
})

test('pieces put together are the line itself', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1'), maxLength: 8 })
  fc.assert(
    fc.property(line, line, (expected, printed) => {
      const [row] = lineDiff(`${expected}\n`, `${printed}\n`).rows
      assert.equal(row?.expected?.map(({ text }) => text).join(''), expected)
      assert.equal(row?.printed?.map(({ text }) => text).join(''), printed)
      assert.equal(row?.isSame, expected === printed)
    }),
  )
})

test('white space can be seen', () => assert.equal(visible('a b\tc\r'), 'a·b→c␍'))
