import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frameOf } from './frame.ts'

test('a frame says its length in one, three or nine bytes, as its size asks for', () => {
  const around = JSON.stringify({ type: 'error', code: '', message: '' }).length
  for (const [size, head] of [
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ] as const) {
    const { bytes } = frameOf({ type: 'error', code: '', message: 'm'.repeat(size - around) })
    assert.deepEqual([...bytes.subarray(0, head.length)], head)
    assert.equal(bytes.length, head.length + size)
  }
})

test('the length is counted in bytes, not in letters', () => {
  const { bytes } = frameOf({ type: 'error', code: '', message: 'Ikinyarwanda – é' })
  assert.equal(bytes[1], bytes.length - 2)
  assert.equal(JSON.parse(bytes.subarray(2).toString()).message, 'Ikinyarwanda – é')
})
