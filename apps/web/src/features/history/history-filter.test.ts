import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterOf, isNarrowed, queryOf, searchOf } from './history-filter.ts'

const id = '01a206fe-cd5d-74d6-b1d0-8d3d7f2e47ed'
const read = (text: string) => filterOf(new URLSearchParams(text))
const midnight = (day: string) => `${day}T00:00:00Z`

test('an address says its filters, and saying them gives the same address', () => {
  const text = `contest=${id}&problem=${id}&verdict=WA&language=python&kind=program&from=2026-02-27&until=2026-02-28`
  assert.equal(new URLSearchParams(searchOf(read(text))).toString(), text)
  assert.equal(isNarrowed(read(text)), true)
})
test('what an address says wrongly is left out', () => {
  assert.deepEqual(read('contest=all&problem=1&verdict=GOOD&language=%3Cb%3E&kind=essay&from=yesterday&until=2026-13-40&other=1'), {})
  assert.equal(isNarrowed(read('verdict=')), false)
})
test('the server is asked for whole days, the last one included, and for practice as such', () => {
  assert.deepEqual(queryOf(read('contest=practice&from=2026-02-27&until=2026-02-28'), midnight), {
    practice: true,
    from: '2026-02-27T00:00:00Z',
    until: '2026-03-01T00:00:00Z',
  })
  assert.deepEqual(queryOf(read(`contest=${id}&problem=${id}&verdict=AC`), midnight), { contestId: id, problemId: id, verdict: 'AC' })
})
