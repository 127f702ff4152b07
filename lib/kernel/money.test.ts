import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decimalText, minorUnits } from './money.ts'

describe('money', () => {
  it('is written with the digits of its currency', () => {
    assert.equal(decimalText({ amount: 1500, currency: 'RWF' }), '1500')
    assert.equal(decimalText({ amount: 1500, currency: 'USD' }), '15.00')
    assert.equal(decimalText({ amount: 5, currency: 'EUR' }), '0.05')
    assert.equal(decimalText({ amount: -5, currency: 'EUR' }), '-0.05')
    assert.equal(decimalText({ amount: 0, currency: 'USD' }), '0.00')
  })

  it('is read back as it was written, whatever the amount', () => {
    const currency = fc.constantFrom('RWF' as const, 'USD' as const, 'EUR' as const)
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), currency, (amount, code) => {
        assert.equal(minorUnits(decimalText({ amount, currency: code }), code), amount)
      }),
    )
  })

  it('is never rounded on the way in', () => {
    assert.equal(minorUnits('15.005', 'USD'), undefined)
    assert.equal(minorUnits('1500.5', 'RWF'), undefined)
    assert.equal(minorUnits('1500.00', 'RWF'), 1500)
    assert.equal(minorUnits('19.990', 'EUR'), 1999)
  })

  it('is no number in another dress', () => {
    for (const text of ['', '1e3', '0x10', '1,500', ' 15', '15.', '.5', 'NaN', 'Infinity', '--5', '99999999999999999']) {
      assert.equal(minorUnits(text, 'USD'), undefined, text)
    }
  })
})
