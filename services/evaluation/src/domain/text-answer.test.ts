import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { readTextAnswer } from './text-answer.ts'

const named = (name: string, index = 9) => ({ index, name })

it('without headlines the text is the one test’s, and nobody’s where there are several', () => {
  assert.equal(readTextAnswer('a\nb', 1).of({ index: 1 }), 'a\nb')
  assert.equal(readTextAnswer('a\nb', 2).of({ index: 1 }), undefined)
  assert.equal(readTextAnswer('===\n', 1).of({ index: 1 }), '===\n', 'a line of signs alone is no headline')
})
it('a test is found by its name, the last part of it, or its index', () => {
  const answer = readTextAnswer('for nobody\n=== secret/01\na\n=== 02\r\nb\n===   7  \nc', 3)
  assert.deepEqual(
    [answer.of(named('secret/01')), answer.of(named('secret/02')), answer.of({ index: 7 }), answer.of(named('03'))],
    ['a\n', 'b\n', 'c', undefined],
  )
})
it('an empty section is an empty output; of two the later counts', () => {
  const answer = readTextAnswer('=== a\n=== b\nx\n=== b', 2)
  assert.deepEqual([answer.of(named('a')), answer.of(named('b'))], ['', ''])
})
it('what was put below headlines comes out again, to the byte', () => {
  const line = fc.string({ unit: 'binary' }).filter((text) => !text.startsWith('==='))
  const contents = fc.array(fc.array(line.map((text) => text.replaceAll('\n', '')), { maxLength: 4 }).map((lines) => lines.map((each) => `${each}\n`).join('')), { minLength: 1, maxLength: 5 }) // biome-ignore format: one line
  fc.assert(
    fc.property(contents, (outputs) => {
      const answer = readTextAnswer(outputs.map((output, at) => `=== t${at}\n${output}`).join(''), outputs.length)
      assert.deepEqual(
        outputs.map((_, at) => answer.of(named(`secret/t${at}`))),
        outputs,
      )
    }),
  )
})
