import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { TestVerdict } from '#contracts/common'
import { runOutcomes } from '#ports/sandbox'
import { classify } from './classify.ts'
import { endsRun, foldVerdict, hasWasted, isNearMiss } from './verdict.ts'

describe('what a run means', () => {
  it('every outcome of the sandbox port has a meaning, and only a clean exit is looked at further', () => {
    for (const outcome of runOutcomes)
      assert.ok(!(typeof classify({ outcome, exitCode: 0 }) === 'object' && 'judgeFault' in (classify({ outcome, exitCode: 0 }) as object)), outcome)
    assert.deepEqual(
      runOutcomes.filter((outcome) => classify({ outcome, exitCode: 0 }) === 'checkable'),
      ['exited'],
    )
  })
  it('an outcome nobody listed is a judge fault, never a verdict', () => {
    for (const outcome of ['Dangerous Syscall', '', 'constructor', 'toString']) assert.ok('judgeFault' in (classify({ outcome }) as object))
    assert.ok('judgeFault' in (classify({ outcome: 'exited' }) as object))
  })
  it('names exit codes and signals', () => {
    assert.deepEqual(classify({ outcome: 'exited', exitCode: 1 }), { verdict: 'RE', detail: 'exit code 1' })
    assert.deepEqual(classify({ outcome: 'signalled', signal: 11 }), { verdict: 'RE', detail: 'killed by SIGSEGV' })
  })
})

describe('the verdict of a submission', () => {
  const tests = (...verdicts: TestVerdict[]) => verdicts.map((verdict, index) => ({ index: index + 1, verdict }))
  it('is the first failing test’s, in the problem’s order', () => {
    assert.deepEqual(foldVerdict(tests('AC', 'TLE', 'WA')), { verdict: 'TLE', score: 0 })
    assert.deepEqual(foldVerdict(tests('AC', 'AC')), { verdict: 'AC', score: 100 })
    assert.deepEqual(foldVerdict(tests('WA', 'SKIPPED')), { verdict: 'WA', score: 0 })
  })
  it('is never AC without every test accepted', () =>
    assert.ok([[], tests('AC', 'SKIPPED'), tests('SKIPPED')].every((some) => foldVerdict(some).verdict !== 'AC')))
  it('does not depend on the order in which tests were judged', () =>
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom<TestVerdict[]>('AC', 'WA', 'TLE', 'RE', 'MLE', 'OLE'), { minLength: 1 })
          .chain((verdicts) => fc.tuple(fc.constant(tests(...verdicts)), fc.shuffledSubarray(tests(...verdicts), { minLength: verdicts.length }))),
        ([inOrder, shuffled]) => {
          assert.deepEqual(foldVerdict(shuffled), foldVerdict(inOrder))
        },
      ),
    ))
  it('stopping at the first failure changes nothing about it', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom<TestVerdict[]>('AC', 'WA', 'TLE'), { minLength: 1 }), (verdicts) => {
        const first = verdicts.findIndex((verdict) => endsRun(verdict, true))
        const cut = verdicts.map((verdict, index) => (first >= 0 && index > first ? 'SKIPPED' : verdict))
        assert.deepEqual(foldVerdict(tests(...cut)), foldVerdict(tests(...verdicts)))
      }),
    ))
  it('three tests out of time are enough to know', () => {
    assert.equal(hasWasted(tests('TLE', 'WA', 'TLE', 'RE')), false)
    assert.equal(hasWasted(tests('TLE', 'AC', 'TLE', 'TLE')), true)
  })
  it('a time limit missed by little is tried again, by so much that it was killed is not', () => {
    const near = (outcome: string, cpu: number, wall = cpu, starved = 0) => isNearMiss({ outcome, cpu, wall, starved }, 1000)
    assert.deepEqual([near('exited', 1001), near('exited', 1000), near('cpuExceeded', 1131)], [true, false, false])
    assert.deepEqual([near('wallExceeded', 1000, 4000), near('wallExceeded', 50, 4000)], [true, false], 'at work, and asleep')
    assert.deepEqual([near('wallExceeded', 50, 4000, 950), near('wallExceeded', 50, 4000, 949)], [true, false], 'others had its core for long')
    assert.equal(near('cpuExceeded', 1131, 4000, 4000), false)
    assert.deepEqual(classify({ outcome: 'exited', exitCode: 0, cpu: 1001 }, { cpu: 1000 }), { verdict: 'TLE', detail: 'too much CPU time' })
    assert.equal(classify({ outcome: 'exited', exitCode: 0, cpu: 1000 }, { cpu: 1000 }), 'checkable')
  })
})
