import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compareDecimals, compareWithin, type Decimal, formatDecimal, parseDecimal } from './decimal.ts'

const read = (text: string): Decimal => {
  const parsed = parseDecimal(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.problem}`)
  return parsed.value
}
const same = (a: string, b: string) => compareDecimals(read(a), read(b)) === 0

describe('a number as typed', () => {
  const spellings: readonly [string, string][] = [
    ['9.81', '9.81'],
    ['9,81', '9.81'],
    [' 9.81 ', '9.81'],
    ['+9.81', '9.81'],
    ['-9.81', '-9.81'],
    ['−9.81', '-9.81'],
    ['–9.81', '-9.81'],
    ['.5', '0.5'],
    [',5', '0.5'],
    ['5.', '5'],
    ['0,500', '0.5'],
    ['1.500', '1.5'],
    ['1234,567', '1234.567'],
    ['1,5', '1.5'],
    ['12,50', '12.5'],
    ['1,5000', '1.5'],
    ['1 500', '1500'],
    ['1\u2009500', '1500'],
    ['1\u00a0500,25', '1500.25'],
    ['1\u202f500\u202f000', '1500000'],
    ["1'500", '1500'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1,234,567.89', '1234567.89'],
    ['３．１４', '3.14'],
    ['３，１４', '3.14'],
    ['3e8', '300000000'],
    ['3E8', '300000000'],
    ['3e+8', '300000000'],
    ['3 e -2', '0.03'],
    ['3×10^8', '300000000'],
    ['3 × 10^8', '300000000'],
    ['3·10⁸', '300000000'],
    ['3x10^8', '300000000'],
    ['3*10^8', '300000000'],
    ['3*10**8', '300000000'],
    ['1,6×10⁻¹⁹', '1.6e-19'],
    ['1.6·10^-19', '1.6e-19'],
    ['1.6·10^(-19)', '1.6e-19'],
    ['1.6 · 10^−19', '1.6e-19'],
    ['10^8', '100000000'],
    ['-10⁸', '-100000000'],
    ['0', '0'],
    ['-0', '0'],
    ['3.141 592 65', '3.14159265'],
    ['007', '7'],
  ]
  for (const [typed, meant] of spellings) it(`${JSON.stringify(typed)} is ${meant}`, () => assert.ok(same(typed, meant), formatDecimal(read(typed))))
  for (const typed of [
    '',
    '   ',
    'abc',
    '1,500',
    '-1,500',
    '12,500',
    '1.2.3',
    '1,2,3',
    '1.2,3.4',
    '1 5',
    '12 34',
    '1 5000',
    '--1',
    '1-2',
    '1/2',
    '9.81 m',
    '1e',
    'e5',
    '1e999',
    '1e99999999999999999999',
    '10^',
    '×10^8',
    '+',
    '.',
    ',',
    '1..2',
    '0x10',
    'NaN',
    'Infinity',
    '٣',
    '1e5e5',
    '1'.repeat(101),
    '50%',
    "1'5",
    '1 500,3,4',
  ]) {
    it(`${JSON.stringify(typed.slice(0, 20))} is refused with a reason, not taken for wrong`, () => {
      const parsed = parseDecimal(typed)
      assert.ok(!parsed.ok && parsed.error.problem.length > 3)
    })
  }
  it('any text at all is read or refused, never thrown at', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => typeof parseDecimal(text).ok === 'boolean')))
  it('what is formatted is read back as the same number', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: -60, max: 60 }), (digits, exponent) => {
        const number = { digits, exponent }
        const text = formatDecimal(number)
        return text.length > 100 || compareDecimals(read(text), number) === 0
      }),
    ))
})

describe('tolerance', () => {
  const within = (given: string, wanted: string, tolerance: { absolute?: string; relative?: string }) =>
    compareWithin(read(given), read(wanted), {
      ...(tolerance.absolute === undefined ? {} : { absolute: read(tolerance.absolute) }),
      ...(tolerance.relative === undefined ? {} : { relative: read(tolerance.relative) }),
    })
  it('is inclusive, exactly: 1.05 is within 0.05 of 1, which doubles deny', () => {
    assert.ok(within('1.05', '1', { absolute: '0.05' }) && within('0.95', '1', { absolute: '0.05' }))
    assert.ok(!within('1.0500000000000000000001', '1', { absolute: '0.05' }))
  })
  it('relative is a share of the wanted number, whatever its sign', () => {
    assert.ok(within('-303', '-300', { relative: '0.01' }) && within('-297', '-300', { relative: '0.01' }))
    assert.ok(!within('-303.0001', '-300', { relative: '0.01' }) && !within('0.0001', '0', { relative: '0.5' }))
    assert.ok(within('3.00e8', '299792458', { relative: '0.001' }))
  })
  it('either of two tolerances suffices; without any only the same number is right, however it is written', () => {
    assert.ok(within('0.001', '0', { absolute: '0.01', relative: '0.01' }) && within('101', '100', { absolute: '0.01', relative: '0.01' }))
    assert.ok(within('1.50', '1.5', {}) && !within('1.51', '1.5', {}))
  })
  it('agrees with integer arithmetic', () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(1000), fc.integer({ min: -20, max: 20 }), (a, b, tolerance, exponent) => {
        const number = (n: number) => ({ digits: BigInt(n), exponent })
        return compareWithin(number(a), number(b), { absolute: number(tolerance) }) === Math.abs(a - b) <= tolerance
      }),
    ))
})
