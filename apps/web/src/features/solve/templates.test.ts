import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languages } from '#contracts/languages'
import { templateOf } from './templates.ts'

const say = { readHere: 'Read here.', writeHere: 'Write here.' }

test('every language of the judge has a beginning with the two comments, and what is none has none', () => {
  for (const { id } of languages) {
    if (id === 'text') continue
    const template = templateOf(id, say)
    assert.ok(template.includes('Read here.') && template.includes('Write here.') && template.endsWith('\n'), id)
  }
  assert.equal(templateOf('text', say), '')
  assert.equal(templateOf('toString', say), '')
})
