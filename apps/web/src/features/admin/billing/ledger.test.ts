import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unbalanced } from './ledger.ts'

test('books that do not add up are told by their currency', () => {
  assert.deepEqual(unbalanced([]), [])
  assert.deepEqual(
    unbalanced([
      { currency: 'RWF', balance: 1500 },
      { currency: 'RWF', balance: -1500 },
      { currency: 'USD', balance: 0 },
    ]),
    [],
  )
  assert.deepEqual(
    unbalanced([
      { currency: 'RWF', balance: 1500 },
      { currency: 'USD', balance: -1500 },
      { currency: 'EUR', balance: 0 },
    ]),
    ['RWF', 'USD'],
  )
})
