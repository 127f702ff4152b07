import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Counts } from './reporter.ts'

describe('the counts of a test run', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'reporter-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const runTests = (name: string, source: string) => {
    const file = join(folder, `${name}.test.ts`)
    const counts = join(folder, `${name}.json`)
    writeFileSync(file, `import { before, describe, it } from 'node:test'\n${source}`)
    const { NODE_TEST_CONTEXT: _, ...env } = process.env // this test runs under node:test itself
    const reporter = join(import.meta.dirname, 'reporter.ts')
    const { stdout } = spawnSync(process.execPath, ['--test', `--test-reporter=${reporter}`, file], {
      env: { ...env, TEST_COUNTS_FILE: counts },
      encoding: 'utf8',
    })
    const result: Counts = JSON.parse(readFileSync(counts, 'utf8'))
    return { ...result, stdout }
  }

  it('counts what passed, failed and was skipped, and prints only the failures', () => {
    const seen = runTests(
      'mixed',
      `describe('all', () => { it('is fine', () => 1); it('breaks', () => { throw new Error('why') }); it('waits', { skip: 'no engine' }, () => 1) })`,
    )
    assert.equal(seen.passed, 1)
    assert.equal(seen.failed, 1)
    assert.deepEqual(
      seen.skips.map(({ reason }) => reason),
      ['no engine'],
    )
    assert.match(seen.stdout, /FAILED .*all › breaks[\s\S]*Error: why[\s\S]*skipped .*all › waits \(no engine\)/)
    assert.doesNotMatch(seen.stdout, /is fine/)
  })

  it('calls a file without tests a failure', () => assert.equal(runTests('empty', '').failed, 1))
  it('calls a file that does not load a failure', () => assert.equal(runTests('broken', `import './nowhere.ts'`).failed, 1))
  it('calls a suite whose hook fails a failure', () =>
    assert.ok(runTests('hook', `describe('x', () => { before(() => { throw new Error('hook') }) })`).failed > 0))
  it('calls a test marked todo a failure', () => assert.equal(runTests('todo', `it('later', { todo: true }, () => { throw new Error('hidden') })`).failed, 1))
})
