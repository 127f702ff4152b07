import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languages } from '#contracts/languages'
import { piecesOf } from './highlight.ts'

test('a program keeps each of its characters, whatever its language', async () => {
  for (const { id } of languages) {
    const source = '// a\n"b" + 1\r\n\tif (x) {\n\n  é\u{1f600}</script>\n'
    assert.equal((await piecesOf(source, id)).map(({ text }) => text).join(''), source, id)
  }
})
test('what a reader knows has a look', async () => {
  const looks = new Map((await piecesOf('def f():\n  return "x" # why\n', 'python')).map(({ text, look }) => [text, look]))
  assert.deepEqual(
    [looks.get('def'), looks.get('f'), looks.get('"x"'), looks.get('# why'), looks.get('():')],
    ['keyword', 'name', 'string', 'comment', undefined],
  )
})
test('a language nobody knows is plain text', async () => assert.deepEqual(await piecesOf('x', 'constructor'), [{ text: 'x' }]))
