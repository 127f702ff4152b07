import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { exactNumber, listAt, parseExact, readObject, textAt, valueAt } from './payment-json.ts'

describe('JSON with exact numbers', () => {
  it('keeps every digit there and back, also those a float would lose', () => {
    const decimals = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.stringMatching(/^\d{1,20}$/)).map(([whole, part]) => `${whole}.${part}`)
    fc.assert(fc.property(decimals, (text) => assert.equal(textAt(parseExact(JSON.stringify({ amount: exactNumber(text) })), 'amount'), text)))
    assert.equal(textAt(parseExact('{"id": 12345678901234567890}'), 'id'), '12345678901234567890')
  })

  it('what is written as a number must be one', () => {
    for (const text of ['1,5', '"', '{}', '1 2', '']) assert.throws(() => exactNumber(text), text)
  })

  it('finds what is there and nothing that is inherited', () => {
    const value = parseExact('{"data":{"id":7,"empty":"","list":[{"a":"b"}],"__proto__":{"x":"y"}}}')
    assert.equal(textAt(value, 'data', 'id'), '7')
    assert.equal(textAt(value, 'data', 'empty'), undefined)
    assert.equal(textAt(listAt(value, 'data', 'list')[0], 'a'), 'b')
    assert.deepEqual(listAt(value, 'data', 'id'), [])
    for (const path of [['data', 'x'], ['constructor'], ['data', 'id', 'length'], ['nothing', 'at', 'all']]) assert.equal(valueAt(value, ...path), undefined)
  })

  it('any bytes are an object or undefined', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => ['object', 'undefined'].includes(typeof readObject(bytes))))
    assert.equal(readObject(Buffer.from('null')), undefined)
  })
})
