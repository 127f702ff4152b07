import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultsName } from './results-file.ts'

test('a file is named after its contest, in letters that any system takes', () => {
  assert.equal(resultsName('Friday Cup: 3rd round!', 'csv'), 'Friday-Cup-3rd-round-results.csv')
  assert.equal(resultsName('Épreuve de été', 'xlsx'), 'Epreuve-de-ete-results.xlsx')
  assert.equal(resultsName('../../etc/passwd', 'csv'), 'etc-passwd-results.csv')
  assert.equal(resultsName('数学', 'csv'), 'contest-results.csv')
  assert.ok(resultsName('x'.repeat(300), 'csv').length < 80)
})
