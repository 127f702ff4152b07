import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SolutionExpectation } from '#contracts/packages'
import { instant } from '#kernel/time'
import type { Content } from './problem.ts'
import { type AskedRow, askedSolutions, outcomeKept, type SolutionOutcome, verificationOf } from './verification.ts'

const content: Extract<Content, { kind: 'program' }> = {
  kind: 'program',
  limits: { cpuMs: 1000, memoryBytes: 1 << 28 },
  compare: {},
  languages: null,
  samples: [],
  tests: [],
}
const file = { name: 'main.py', digest: 'a'.repeat(64), bytes: 100 }
const accepted: SolutionExpectation = { verdicts: ['AC'], permitted: ['AC'], timing: 'fast' }
const asked = (expected: SolutionExpectation, more: Partial<Content & object> = {}): AskedRow => {
  const [row] = askedSolutions({ ...content, ...more } as typeof content, [{ path: 'folder/main.py', language: 'cpp', files: [file], expected }])
  if (row === undefined) throw new Error('one was given')
  return row
}
type Judged = Extract<SolutionOutcome, { type: 'judged' }>
const got = (verdict: Judged['verdict'], tests: readonly Judged['tests'][number]['verdict'][] = [], more: Partial<Judged> = {}): Judged => ({
  type: 'judged',
  verdict,
  score: verdict === 'AC' ? 100 : 0,
  cpuMs: 100,
  tests: tests.map((each) => ({ verdict: each, count: 1 })),
  ...more,
})
const found = (rows: readonly AskedRow[]) => verificationOf({ version: 3, askedAt: instant(0), rows })
const kinds = (expected: SolutionExpectation, outcome: SolutionOutcome) => {
  const { state, problems } = found([{ ...asked(expected), outcome }])
  return [state, ...problems.map(({ kind }) => kind)]
}

describe('what a solution got against what it should', () => {
  it('any of the verdicts that are allowed will do, and no other', () => {
    assert.deepEqual(kinds(accepted, got('AC', ['AC'])), ['verified'])
    assert.deepEqual(kinds(accepted, got('WA', ['AC', 'WA'])), ['failed', 'verdict'])
    for (const verdict of ['TLE', 'RE'] as const) assert.deepEqual(kinds({ verdicts: ['TLE', 'RE'] }, got(verdict, [verdict])), ['verified'])
    assert.deepEqual(kinds({ verdicts: ['TLE', 'RE'] }, got('AC', ['AC'])), ['failed', 'verdict'])
    assert.deepEqual(kinds({ verdicts: ['CE'] }, got('CE')), ['verified'])
  })
  it('no test may end otherwise than permitted; those left out say nothing', () => {
    const wrong: SolutionExpectation = { verdicts: ['WA'], permitted: ['AC', 'WA'], required: ['WA'] }
    assert.deepEqual(kinds(wrong, got('WA', ['AC', 'WA', 'SKIPPED'])), ['verified'])
    assert.deepEqual(kinds(wrong, got('WA', ['WA', 'TLE'])), ['failed', 'permitted'])
  })
  it('one test must end as required, and too much memory is a run that failed', () => {
    const slow: SolutionExpectation = { verdicts: ['WA', 'TLE'], permitted: ['AC', 'WA', 'TLE'], required: ['TLE'] }
    assert.deepEqual(kinds(slow, got('WA', ['WA', 'TLE'])), ['verified'])
    assert.deepEqual(kinds(slow, got('WA', ['WA', 'SKIPPED'])), ['failed', 'required'])
    assert.deepEqual(kinds({ verdicts: ['MLE'], permitted: ['AC', 'RE'], required: ['RE'] }, got('MLE', ['MLE'])), ['verified'])
  })
  it('points lie where they should, with both ends in', () => {
    const partial: SolutionExpectation = { verdicts: ['PARTIAL'], scoreMilli: [30_000, 40_000] }
    for (const [milli, state] of [
      [29_999, 'failed'],
      [30_000, 'verified'],
      [40_000, 'verified'],
      [40_001, 'failed'],
    ] as const)
      assert.equal(kinds(partial, got('PARTIAL', ['AC', 'WA'], { milli }))[0], state, String(milli))
    const [problem] = found([{ ...asked(partial), outcome: got('PARTIAL', [], { milli: 12_500 }) }]).problems
    assert.deepEqual([problem?.expected, problem?.got], ['30–40', '12.5'])
  })
  it('where there are no points of its own the share counts', () => {
    assert.deepEqual(kinds({ verdicts: ['AC'], scoreMilli: [100_000, 100_000] }, got('AC', ['AC'])), ['verified'])
  })
  it('what was not judged is never verified', () => {
    assert.deepEqual(kinds(accepted, { type: 'fault', reason: 'the checker crashed' }), ['failed', 'fault'])
    assert.deepEqual(kinds(accepted, { type: 'not-run', reason: 'no such language' }), ['none', 'not-run'])
    assert.equal(found([asked(accepted), { ...asked(accepted), outcome: got('WA') }]).state, 'running')
  })
  it('one that cannot be run here does not spoil what the others got', () => {
    const rows = [
      { ...asked(accepted), outcome: got('AC', ['AC']) },
      { ...asked(accepted), outcome: { type: 'not-run' as const, reason: 'Haskell' } },
    ]
    assert.deepEqual([found(rows).state, found(rows).problems.map(({ kind }) => kind)], ['verified', ['not-run']])
  })
})

describe('times', () => {
  const slow: SolutionExpectation = { verdicts: ['TLE'], timing: 'slow' }
  it('the slowest that must pass and the fastest that must not are told', () => {
    const rows = [
      { ...asked(accepted), outcome: got('AC', ['AC'], { cpuMs: 120 }) },
      { ...asked(accepted), outcome: got('AC', ['AC'], { cpuMs: 480 }) },
      { ...asked({ verdicts: ['AC'] }), outcome: got('AC', ['AC'], { cpuMs: 900 }) },
      { ...asked(slow), outcome: got('TLE', ['TLE'], { cpuMs: 1300 }) },
      { ...asked(slow), outcome: got('TLE', ['TLE'], { cpuMs: 1010 }) },
    ]
    const { slowestAcceptedMs, fastestTimeLimitMs, state, problems } = found(rows)
    assert.deepEqual([slowestAcceptedMs, fastestTimeLimitMs, state, problems], [480, 1010, 'verified', []])
  })
  it('more than half of the limit of its language is told, and fails nothing', () => {
    assert.deepEqual(kinds(accepted, got('AC', ['AC'], { cpuMs: 500 })), ['verified'])
    assert.deepEqual(kinds(accepted, got('AC', ['AC'], { cpuMs: 501 })), ['verified', 'margin'])
    const [python] = askedSolutions(content, [{ path: 'a/b.py', language: 'python', files: [file], expected: accepted }])
    assert.ok((python?.solution.limitMs ?? 0) > 1000)
  })
})

describe('what is asked of the judge', () => {
  it('the first failure ends the run only where nothing after it can matter', () => {
    const stops = (expected: SolutionExpectation, more: object = {}) => asked(expected, more).solution.stopAtFirstFailure
    assert.equal(stops(accepted), true)
    assert.equal(stops({ verdicts: ['WA'] }), true)
    assert.equal(stops({ verdicts: ['WA'], permitted: ['AC', 'WA'] }), false)
    assert.equal(stops({ verdicts: ['WA'], required: ['WA'] }), false)
    assert.equal(stops({ verdicts: ['PARTIAL'], scoreMilli: [1, 2] }), false)
    assert.equal(stops(accepted, { groups: [] }), false)
  })
  it('what can be no submission is not asked for', () => {
    const reasonFor = (solution: object) =>
      askedSolutions(content, [{ path: 'a/b', language: 'python', files: [file], expected: accepted, ...solution }])[0]?.outcome?.type
    assert.equal(reasonFor({}), undefined)
    assert.equal(reasonFor({ language: null }), 'not-run')
    assert.equal(reasonFor({ files: [file, file] }), 'not-run')
    assert.equal(reasonFor({ files: [{ ...file, bytes: 65_537 }] }), 'not-run')
  })
  it('an output-only solution is a text, whatever its name', () => {
    const [row] = askedSolutions({ ...content, mode: 'output-only' }, [{ path: 'a/b.txt', language: null, files: [file], expected: accepted }])
    assert.deepEqual([row?.solution.language, row?.outcome], ['text', undefined])
  })
  it('of an answer is kept how many tests ended how, not what they said', () => {
    const test = (index: number, verdict: 'AC' | 'WA') => ({ index, sample: false, verdict, detail: 'secret' })
    const kept = outcomeKept({
      type: 'judged',
      verdict: 'WA',
      score: 0,
      cpuMs: 5,
      wallMs: 9,
      memoryBytes: 1,
      tests: [test(1, 'AC'), test(2, 'AC'), test(3, 'WA')],
      compileLog: null,
      provenance: { problemVersion: 1, dataDigest: 'a'.repeat(64), toolchain: '', checker: '', sandbox: '' },
      stages: { fetchMs: 0, compileMs: 0, runMs: 0, checkMs: 0 },
    })
    assert.deepEqual(kept, {
      type: 'judged',
      verdict: 'WA',
      score: 0,
      cpuMs: 5,
      tests: [
        { verdict: 'AC', count: 2 },
        { verdict: 'WA', count: 1 },
      ],
    })
  })
})
