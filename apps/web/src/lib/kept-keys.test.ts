import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeptKeys } from './kept-keys.ts'
import { memoryStorage } from './storage.ts'

function opened() {
  let [at, made] = [0, 0]
  const storage = memoryStorage()
  const open = () => createKeptKeys(storage, { now: () => at, newKey: () => `key-${++made}` })
  return { open, storage, later: (ms: number) => (at += ms) }
}

test('a second press and a reload take the same key; another purchase takes another', () => {
  const { open } = opened()
  const key = open().begin('buy.ada.plan', { currency: 'RWF' })
  assert.equal(open().begin('buy.ada.plan', { currency: 'RWF' }), key)
  assert.notEqual(open().begin('buy.bea.plan', { currency: 'RWF' }), key)
  assert.notEqual(open().begin('buy.ada.plan', { currency: 'USD' }), key)
})

test('after an answer, after an hour, or where the note is broken, it is a new one', () => {
  const { open, storage, later } = opened()
  const keys = open()
  const first = keys.begin('buy.ada.plan', 1)
  keys.settle('buy.ada.plan')
  const second = keys.begin('buy.ada.plan', 1)
  later(60 * 60_000)
  const third = keys.begin('buy.ada.plan', 1)
  storage.set('arena.key.buy.ada.plan', '{')
  const fourth = keys.begin('buy.ada.plan', 1)
  keys.begin('refund.x', 1)
  keys.settleAll('buy.ada.')
  const fifth = keys.begin('buy.ada.plan', 1)
  assert.equal(new Set([first, second, third, fourth, fifth]).size, 5)
  assert.ok(storage.get('arena.key.refund.x'))
})
