import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOf, plainLook, type TextSize, wordsOf } from './look.ts'

test('every look comes back from its words, and the plain one has none', () => {
  assert.equal(wordsOf(plainLook), '')
  for (const contrast of [true, false])
    for (const readable of [true, false])
      for (const still of [true, false])
        for (const size of ['normal', 'large', 'larger'] satisfies TextSize[]) {
          const look = { contrast, readable, size, still }
          assert.deepEqual(lookOf(wordsOf(look)), look)
        }
})
test('words nobody knows mean nothing', () => {
  assert.deepEqual(lookOf(undefined), plainLook)
  assert.deepEqual(lookOf('contrasty <b> large'), { ...plainLook, size: 'large' })
})
