import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Verdict } from '#contracts/common'
import type { Submission, TestResult } from '#contracts/submission'
import { crashOf, verdictWords } from './verdict-words.ts'

const failed = (verdict: TestResult['verdict'], more: Partial<TestResult> = {}): TestResult => ({ index: 2, sample: false, verdict, ...more })
const accepted: TestResult = { index: 1, sample: true, verdict: 'AC' }
const program = (more: Partial<Submission>) => verdictWords({ status: 'judged', kind: 'program', ...more } as Submission)

test('every verdict but AC has words, and what is not judged has none', () => {
  for (const verdict of Verdict.enum) assert.equal(program({ verdict })?.about, verdict === 'AC' ? undefined : verdict)
  assert.equal(program({ status: 'held', verdict: 'WA' }), undefined)
  assert.equal(program({ status: 'queued' }), undefined)
  assert.deepEqual(verdictWords({ status: 'judged', kind: 'choice', verdict: 'WA' }), { about: 'answerWA' })
})

test('the first failed test is named, and how many were passed', () => {
  const tests = [accepted, failed('WA'), { index: 3, sample: false, verdict: 'SKIPPED' as const }]
  assert.deepEqual(program({ verdict: 'WA', tests }), { about: 'WA', firstFailed: { index: 2, isSample: false }, passed: { count: 1, of: 3 } })
  assert.deepEqual(program({ verdict: 'CE', tests: [] }), { about: 'CE' })
})

test('a crash is told by its signal or exit code where the judge says it', () => {
  assert.deepEqual(crashOf('killed by SIGSEGV'), { kind: 'memory', code: 'SIGSEGV' })
  assert.deepEqual(crashOf('killed by signal 40'), { kind: 'signal', code: '40' })
  assert.deepEqual(crashOf('exit code 1'), { kind: 'exitCode', code: '1' })
  assert.deepEqual(crashOf('a forbidden system call'), { kind: 'forbidden', code: '' })
  assert.equal(crashOf(undefined), undefined)
  assert.equal(crashOf('line 1: “3”'), undefined)
  assert.deepEqual(program({ verdict: 'RE', tests: [failed('RE', { detail: 'killed by SIGFPE' })] })?.crash, { kind: 'arithmetic', code: 'SIGFPE' })
  assert.equal(program({ verdict: 'WA', tests: [failed('WA', { detail: 'exit code 1' })] })?.crash, undefined)
})
