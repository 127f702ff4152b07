import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardRow } from '#contracts/leaderboard'
import { csvText, harmless, type Separator } from './csv.ts'
import { resultsTable, type TableRow } from './results-table.ts'

const problems = ['A', 'B'].map((label) => ({ problemId: label, label, title: label, points: 100 }))
const cell = (label: string, more: object = {}) => ({ problemId: label, label, solved: false, score: 0, attempts: 0, pending: 0, ...more })
const row: BoardRow = {
  rank: 1,
  userId: 'u1',
  name: 'Uwase Aline',
  school: 'GS Huye',
  score: 1,
  penalty: 32,
  lastMinute: 12,
  cells: [cell('A', { solved: true, score: 1, attempts: 2, minute: 12 }), cell('B')],
}
const table = (format: 'icpc' | 'points', total = 1) => [...resultsTable({ head: { format, problems }, total, rows: [row], language: 'en' })]
const csv = (rows: readonly TableRow[], separator: Separator = 'comma') => [...csvText(rows, separator)].join('')

test('a participant is a row, a problem three columns, and what was not tried is empty', () => {
  assert.deepEqual(table('icpc'), [
    ['Rank', 'Name', 'School', 'Solved', 'Penalty', 'A points', 'A attempts', 'A minute', 'B points', 'B attempts', 'B minute', 'Account id'],
    [1, 'Uwase Aline', 'GS Huye', 1, 32, 1, 2, 12, undefined, undefined, undefined, 'u1'],
  ])
  assert.deepEqual(table('points')[0]?.slice(0, 5), ['Rank', 'Name', 'School', 'Points', 'A points'], 'points know no penalty')
})

test('a file that does not hold everybody says so in its last row', () => {
  assert.match(String(table('points', 3).at(-1)?.[1]), /first 1 of 3/)
  assert.equal(table('points', 1).length, 2)
})

test('whatever a participant is called, no spreadsheet takes it for a formula', () => {
  const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u200b=1', '＝1', '|calc', "=cmd|' /C calc'!A0", '\u0000=1']
  for (const name of hostile) assert.ok(harmless(name).startsWith("'"), JSON.stringify(name))
  for (const name of ['Aline', 'Jean-Paul', "N'Diaye", 'GS = Huye', '3.14', '']) assert.equal(harmless(name), name)
  assert.equal(csv([['=HYPERLINK("http://x","y")', -3]]), `\uFEFF"'=HYPERLINK(""http://x"",""y"")",-3\r\n`)
})

test('what would end a field or a row is quoted, in each separator', () => {
  assert.equal(csv([['a,b', 'c;d', 'e"f', 'g\nh', ' i', 'j\tk', undefined, 0]]), '\uFEFF"a,b",c;d,"e""f","g\nh"," i",j\tk,,0\r\n')
  assert.equal(csv([['a,b', 'c;d']], 'semicolon'), '\uFEFFa,b;"c;d"\r\n')
  assert.equal(csv([['a\tb', 'c;d']], 'tab'), '\uFEFF"a\tb"\tc;d\r\n')
})

test('a long table comes in pieces that add up to it', () => {
  const rows = Array.from({ length: 5000 }, (_, n): TableRow => [n, `Participant ${n}`])
  const pieces = [...csvText(rows, 'comma')]
  assert.ok(pieces.length > 1)
  assert.equal(pieces.join('').split('\r\n').length, 5001)
})
