import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BoardRow } from '#contracts/leaderboard'
import { filterIn, findRows, isFiltering, schoolsOf, searchWith } from './find-rows.ts'

const row = (name: string, school: string): BoardRow => ({ rank: 1, userId: name, name, school, score: 0, penalty: 0, lastMinute: 0, cells: [] })
const rows = [row('Élodie Keza', 'GS Rémera'), row('Aline Uwase', 'Lycée de Kigali'), row('Claude Uwimana', 'GS Remera')]
const all = { text: '', school: '', onlyStarred: false }
const found = (filter: Partial<typeof all>, starred: readonly string[] = []) => findRows(rows, { ...all, ...filter }, new Set(starred)).map(({ name }) => name)

test('beginnings of words are found, whatever their case and accents, in order of the board', () => {
  assert.deepEqual(found({ text: 'uw' }), ['Aline Uwase', 'Claude Uwimana'])
  assert.deepEqual(found({ text: 'ELODIE rem' }), ['Élodie Keza'])
  assert.deepEqual(found({ text: 'ase' }), [])
  assert.deepEqual(found({ school: 'gs remera' }), ['Élodie Keza', 'Claude Uwimana'])
  assert.deepEqual(found({ school: 'keza' }), [], 'a name is no school')
  assert.deepEqual(found({ text: ' ,. ' }).length, 3)
})

test('starred rows alone, together with the rest of the filter', () => {
  assert.deepEqual(found({ onlyStarred: true }, ['Claude Uwimana', 'nobody']), ['Claude Uwimana'])
  assert.deepEqual(found({ onlyStarred: true, text: 'keza' }, ['Claude Uwimana']), [])
})

test('schools are listed once each', () => {
  assert.deepEqual(schoolsOf([...rows, row('x', ''), row('y', 'GS Remera')]), ['GS Remera', 'GS Rémera', 'Lycée de Kigali'])
})

test('property: the address says the filter, and gives it back; what else it says stays', () => {
  const filter = fc.record({ text: fc.string({ maxLength: 100 }), school: fc.string({ maxLength: 100 }), onlyStarred: fc.boolean() }, { noNullPrototype: true })
  fc.assert(
    fc.property(filter, (given) => {
      const search = searchWith('?tab=chart', given)
      assert.deepEqual(filterIn(search), given)
      assert.equal(new URLSearchParams(search).get('tab'), 'chart')
    }),
  )
  assert.equal(searchWith('find=x&school=y&starred=1', all), '')
  assert.equal(isFiltering(filterIn('')), false)
  assert.equal(isFiltering({ ...all, text: ' . ' }), false)
})
