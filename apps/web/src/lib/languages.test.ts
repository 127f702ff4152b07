import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseLanguage } from './languages.ts'

test('the account decides, then the choice kept here, then the browser, then English', () => {
  assert.equal(chooseLanguage({ account: 'en', kept: 'rw', browser: ['fr'] }), 'en')
  assert.equal(chooseLanguage({ kept: 'rw', browser: ['fr'] }), 'rw')
  assert.equal(chooseLanguage({ kept: undefined, browser: ['sw', 'fr-RW', 'rw'] }), 'fr')
  assert.equal(chooseLanguage({ kept: undefined, browser: ['RW'] }), 'rw')
  assert.equal(chooseLanguage({ kept: undefined, browser: ['sw', 'frr'] }), 'en')
  assert.equal(chooseLanguage({ kept: undefined, browser: [] }), 'en')
})

test('what others wrote into the storage chooses nothing', () => {
  assert.equal(chooseLanguage({ kept: 'constructor', browser: ['fr'] }), 'fr')
  assert.equal(chooseLanguage({ kept: '', browser: [] }), 'en')
})
