import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from './fragment-token.ts'

test('only what looks like a token is taken for one', () => {
  const token = 'aB3_-'.repeat(9).slice(0, 43)
  assert.deepEqual([tokenOf(`#${token}`), tokenOf(`#token=${token}`)], [token, token])
  for (const hash of ['', '#', `#${token}x`, `#${token.slice(1)}`, `#${token.slice(1)}/`, token]) assert.equal(tokenOf(hash), undefined, hash)
})
