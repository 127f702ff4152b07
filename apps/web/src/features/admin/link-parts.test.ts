import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linkParts } from './link-parts.ts'

test('addresses of the web can be followed, and nothing else', () => {
  assert.deepEqual(
    linkParts('See https://arena.example/reset-password#aB-_. Or\njavascript:alert(1)').filter(({ isLink }) => isLink),
    [{ text: 'https://arena.example/reset-password#aB-_', isLink: true }],
  )
})

test('no part of a text is lost or changed', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constant('http://'), fc.constant('.\n')), { maxLength: 6 }), (pieces) => {
      const text = pieces.join(' ')
      assert.equal(
        linkParts(text)
          .map((part) => part.text)
          .join(''),
        text,
      )
    }),
  )
})
