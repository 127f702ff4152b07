import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as kernel from '#kernel/money'
import { currenciesOf, decimalText, formatMoney, isCurrency, parseMoney } from './money.ts'

test("the browser's digits of a currency are those the server counts in", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }), fc.constantFrom('RWF', 'USD', 'EUR'), (amount, currency) => {
      assert.equal(decimalText({ amount, currency }), kernel.decimalText({ amount, currency }))
    }),
  )
})

test('what is shown can be typed, and is the same money', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), fc.constantFrom('RWF', 'USD', 'EUR'), (amount, currency) => {
      assert.equal(parseMoney(decimalText({ amount, currency }), currency), amount)
    }),
  )
})

test('money is not guessed', () => {
  assert.deepEqual([parseMoney('15', 'USD'), parseMoney(' 15.5 ', 'USD'), parseMoney('1500', 'RWF')], [1500, 1550, 1500])
  for (const text of ['', '1,500', '1 500', '-1', '1.', '.5', '1e3', '15.005', '0x10']) assert.equal(parseMoney(text, 'USD'), undefined, text)
  assert.equal(parseMoney('1500.5', 'RWF'), undefined)
})

test('each currency is shown with its own digits', () => {
  assert.match(formatMoney({ amount: 1500, currency: 'RWF' }, 'en'), /1,500$/)
  assert.match(formatMoney({ amount: 1505, currency: 'USD' }, 'en'), /15\.05$/)
  assert.match(formatMoney({ amount: -5, currency: 'EUR' }, 'en'), /^-€0\.05$/)
  assert.match(formatMoney({ amount: 1505, currency: 'EUR' }, 'fr'), /^15,05\s€$/)
})

test('the franc comes first, and a currency is one of three', () => {
  assert.deepEqual(
    currenciesOf([
      { currency: 'EUR', amount: 1 },
      { currency: 'RWF', amount: 1 },
    ]),
    ['RWF', 'EUR'],
  )
  assert.deepEqual([isCurrency('USD'), isCurrency('usd'), isCurrency(undefined)], [true, false, false])
})
