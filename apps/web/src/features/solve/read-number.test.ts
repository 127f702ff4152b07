import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareDecimals, parseDecimal } from '#kernel/decimal'
import { powerText, readNumber } from './read-number.ts'

/** Read alike by the page and by the judge, or refused by both. */
function agree(text: string): void {
  const judge = parseDecimal(text)
  const page = readNumber(text)
  assert.equal(
    page.state === 'read',
    judge.ok,
    `${JSON.stringify(text)}: the page says ${page.state}, the judge ${judge.ok ? 'reads it' : judge.error.problem}`,
  )
  if (!judge.ok || page.state !== 'read') return
  const again = parseDecimal(`${page.mantissa}e${page.power}`)
  assert.ok(again.ok && compareDecimals(again.value, judge.value) === 0, `${JSON.stringify(text)} is read as ${page.mantissa} × ${powerText(page.power)}`)
}

test('the page reads a number as the judge will', () => {
  const typed = [
    '9.81',
    '9,81',
    '−3',
    '1.6e-19',
    '1,6×10^-19',
    '1,6 · 10⁻¹⁹',
    '10^8',
    '-10^(3)',
    '1 234,5',
    "1'234.5",
    '1,234,567',
    '1.234.567',
    '1.234,5',
    '.5',
  ]
  const odd = ['0,500', '1,500', '12.', '5.1.2,3', '1,23.4,5', 'abc', '3 m', '--1', '1e999', '１２', '1 23', '+ 4', '1,2,3', ',', '-', '']
  for (const text of [...typed, ...odd]) agree(text)
})

test('whatever is typed, the two never disagree', () => {
  const signs = fc.constantFrom(...[..."0123456789.,-+ eE×x*^()’'⁻²¹−"])
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 12 }), (chars) => agree(chars.join(''))),
    { numRuns: 3000 },
  )
})

test('a comma before three digits is asked about, with both readings', () => {
  assert.deepEqual(readNumber('1,500'), { state: 'either', readings: ['1500', '1.500'] })
  assert.deepEqual(readNumber('9,81'), { state: 'read', mantissa: '9.81', power: 0 })
  assert.deepEqual(readNumber(' '), { state: 'empty' })
  assert.equal(powerText(-19), '10⁻¹⁹')
})
