import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant, toIso } from '#kernel/time'
import { addMonths } from './calendar.ts'

const at = (iso: string) => instant(Date.parse(iso))

test('a month later is the same day, or the last one of a shorter month', () => {
  const later = (iso: string, months: number) => toIso(addMonths(at(iso), months))
  assert.equal(later('2026-03-15T23:59:59.999Z', 1), '2026-04-15T23:59:59.999Z')
  assert.equal(later('2026-01-31T08:00:00.000Z', 1), '2026-02-28T08:00:00.000Z')
  assert.equal(later('2028-01-31T08:00:00.000Z', 1), '2028-02-29T08:00:00.000Z')
  assert.equal(later('2026-01-31T08:00:00.000Z', 2), '2026-03-31T08:00:00.000Z')
  assert.equal(later('2026-12-01T00:00:00.000Z', 1), '2027-01-01T00:00:00.000Z')
  assert.equal(later('2028-02-29T00:00:00.000Z', 12), '2029-02-28T00:00:00.000Z')
})

test('months go forward, never by more than 31 days each', () => {
  const times = fc.date({ min: new Date('2020-01-01'), max: new Date('2080-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 36 }), (date, months) => {
      const from = instant(date.getTime())
      const to = addMonths(from, months)
      return to >= from + months * 28 * 86_400_000 && to <= from + months * 31 * 86_400_000
    }),
  )
})
