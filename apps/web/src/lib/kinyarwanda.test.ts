import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDateTime, formatDay, formatNumber, formatSpan } from './format.ts'
import { pluralInKinyarwanda } from './kinyarwanda.ts'
import { formatMoney } from './money.ts'

test('each month and each day has its name, as Node’s own data has it', () => {
  const ofNode = new Intl.DateTimeFormat('rw', { month: 'long' })
  for (let month = 0; month < 12; month += 1) {
    const at = new Date(2026, month, 1, 12)
    assert.equal(formatDay(at.toISOString(), 'rw'), `1 ${ofNode.format(at)} 2026`)
  }
  const days = Array.from({ length: 7 }, (_, day) => formatDateTime(new Date(2026, 1, 1 + day, 12).toISOString(), 'rw').replace(/ \d.*/, ''))
  assert.deepEqual(days, ['ku Cyumweru', 'ku wa Mbere', 'ku wa Kabiri', 'ku wa Gatatu', 'ku wa Kane', 'ku wa Gatanu', 'ku wa Gatandatu'])
})

test('the day and its number stand together, with the year and without', () => {
  assert.match(formatDateTime(new Date(2099, 10, 20, 12).toISOString(), 'rw'), /^ku wa Gatanu 20 Ugushyingo 2099/)
  assert.match(formatDateTime(new Date(new Date().getFullYear(), 0, 2, 12).toISOString(), 'rw'), /^ku \S+( \S+)? 2 Mutarama/)
})

test('a span over midnight names both days in Kinyarwanda', () => {
  const text = formatSpan(new Date(2026, 8, 4, 23, 30).toISOString(), new Date(2026, 8, 5, 1, 0).toISOString(), 'rw')
  assert.match(text, /^ku wa Gatanu 4 Nzeri.*23:30.*ku wa Gatandatu 5 Nzeri.*01:00/)
  assert.doesNotMatch(text, /Fri|Sat|Sep/)
})

test('numbers and money have the signs of each language', () => {
  assert.deepEqual([formatNumber(12345.5, 'en'), formatNumber(12345.5, 'rw'), formatNumber(12345.5, 'fr')], ['12,345.5', '12.345,5', '12\u202f345,5'])
  assert.equal(formatMoney({ amount: 1500, currency: 'RWF' }, 'rw'), '1.500\u00a0RWF')
  assert.equal(formatMoney({ amount: 123_450, currency: 'USD' }, 'rw'), '1.234,50\u00a0USD')
  assert.equal(formatMoney({ amount: 900_719_925_474_099, currency: 'USD' }, 'rw'), '9.007.199.254.740,99\u00a0USD')
})

test('one thing is one, all else is several', () => {
  assert.deepEqual([0, 1, 2, 1.5, 1_000_000].map(pluralInKinyarwanda.select), ['other', 'one', 'other', 'other', 'other'])
})
