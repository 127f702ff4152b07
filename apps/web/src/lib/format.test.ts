import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatCpu, formatMemory, formatSpan, fromLocalInput, toLocalInput } from './format.ts'

test('a local time goes to UTC and back unchanged', () => {
  const iso = fromLocalInput('2026-11-22T18:30')
  assert.ok(iso?.endsWith('Z'))
  assert.equal(toLocalInput(iso), '2026-11-22T18:30')
  assert.equal(fromLocalInput(''), undefined)
  assert.equal(fromLocalInput('soon'), undefined)
})

test('small and large amounts read well', () => {
  assert.deepEqual([formatMemory(3000, 'en'), formatMemory(3.5 * 1024 ** 2, 'en'), formatMemory(200 * 1024 ** 2, 'en')], ['3 KiB', '3.5 MiB', '200 MiB'])
  assert.deepEqual([formatCpu(12, 'en'), formatCpu(1500, 'en'), formatCpu(1500, 'fr'), formatCpu(1500, 'rw')], ['12 ms', '1.50 s', '1,50 s', '1,50 s'])
})

test('a span on one day names the day once, and hours run to 24', () => {
  const text = formatSpan(new Date(2026, 10, 22, 17, 35).toISOString(), new Date(2026, 10, 22, 20, 35).toISOString(), 'en')
  assert.equal(text.match(/Nov/g)?.length, 1)
  assert.match(text, /17:35.*20:35/)
})
