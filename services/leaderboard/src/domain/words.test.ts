import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wordsOf } from './words.ts'

test('case, accents and signs do not count', () => {
  assert.deepEqual(wordsOf("  Élodie N'Dour-KÉZA (G.S. Rémera, 2) "), ['elodie', 'n', 'dour', 'keza', 'g', 's', 'remera', '2'])
  assert.deepEqual(wordsOf(' \t'), [])
})

test('no word holds a sign that means something in a search, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
      for (const word of wordsOf(typed)) assert.match(word, /^[\p{L}\p{N}]+$/u)
    }),
  )
})
