import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { instant } from '#kernel/time'
import type { JudgementRow, SubmissionRow } from './rows.ts'
import { type ContestView, viewInList, viewSubmission } from './view.ts'

const row: SubmissionRow = {
  id: 'i',
  userId: 'u',
  contestId: 'c',
  problemId: 'p',
  problemVersion: 1,
  kind: 'program',
  label: 'A',
  language: 'python',
  source: 'print(1)',
  answer: undefined,
  submittedAt: instant(1000),
  attempt: 1,
  status: 'judged',
  fault: undefined,
}
const test = fc.record({ cpuMs: fc.nat(5000), wallMs: fc.nat(5000), memoryBytes: fc.nat(10 ** 9), milli: fc.nat(10 ** 6), detail: fc.string() })
/** A judgement whose verdict and classes are given, and whose hidden numbers are anything. */
const judgement = (hidden: { cpuMs: number; wallMs: number; memoryBytes: number; detail: string }): JudgementRow => ({
  verdict: 'WA',
  score: 0,
  cpuMs: Math.max(10, hidden.cpuMs),
  memoryBytes: Math.max(1000, hidden.memoryBytes),
  compileLog: undefined,
  judgedAt: instant(1100),
  tests: [
    { index: 1, sample: true, verdict: 'AC', cpuMs: 10, memoryBytes: 1000 },
    { index: 2, sample: false, verdict: 'WA', ...hidden },
  ],
  stages: { fetchMs: 1, compileMs: 1, runMs: hidden.wallMs, checkMs: 1 },
})
const running: ContestView = { timing: 'window', feedback: 'now', detail: 'full', endsAt: instant(5000) }

describe('what a participant sees while a contest runs', () => {
  it('is the same to the byte in two worlds that differ in hidden tests only', () => {
    fc.assert(
      fc.property(test, test, (one, other) => {
        const view = (hidden: typeof one) =>
          JSON.stringify(viewSubmission({ row, judgement: judgement(hidden), contest: running, running: false }, 'participant', instant(2000)))
        assert.equal(view(one), view(other))
      }),
    )
  })
  it('is nothing but its receipt where feedback comes after the end', () => {
    const held: ContestView = { ...running, feedback: 'after-end' }
    const at = (status: SubmissionRow['status'], given: JudgementRow | undefined, isRunning: boolean) =>
      JSON.stringify(viewSubmission({ row: { ...row, status }, judgement: given, contest: held, running: isRunning }, 'participant', instant(2000)))
    const worlds = [
      at('queued', undefined, false),
      at('queued', undefined, true),
      at('fault', undefined, false),
      at('judged', judgement({ cpuMs: 1, wallMs: 1, memoryBytes: 1, detail: '' }), false),
    ]
    assert.equal(new Set(worlds).size, 1)
    assert.equal(JSON.parse(worlds[0] ?? '').status, 'held')
  })
  it('holds of the tests what the contest’s detail lets it', () => {
    const words = { ...judgement({ cpuMs: 1, wallMs: 1, memoryBytes: 1, detail: 'x' }) }
    const sampleFails = { ...words, tests: [{ index: 1, sample: true, verdict: 'WA' as const, cpuMs: 3, detail: 'expected 4' }, ...words.tests.slice(1)] }
    const seen = (detail: ContestView['detail'], now: number) =>
      viewSubmission({ row, judgement: sampleFails, contest: { ...running, detail }, running: false }, 'participant', instant(now)).tests
    assert.deepEqual(seen('verdict', 2000), [])
    assert.deepEqual(seen('tests', 2000), [
      { index: 1, sample: true, verdict: 'WA', cpuMs: 3 },
      { index: 2, sample: false, verdict: 'WA' },
    ])
    assert.equal(seen('full', 2000)?.[0]?.detail, 'expected 4')
    for (const detail of ['none', 'verdict', 'tests', 'full'] as const) assert.equal(seen(detail, 5000)?.[0]?.detail, 'expected 4', 'after the end')
  })
  it('of a fault is that there was one; why is for staff', () => {
    const fault = { whose: 'setter' as const, reason: 'the checker, at test 7: wanted 4711' }
    const seenBy = (audience: 'participant' | 'staff') =>
      viewSubmission({ row: { ...row, status: 'fault', fault }, judgement: undefined, contest: running, running: false }, audience, instant(2000))
    assert.deepEqual([seenBy('participant').fault, seenBy('staff').fault], [undefined, fault])
  })
  it('ends with the contest', () => {
    const whole = viewSubmission(
      { row, judgement: judgement({ cpuMs: 77, wallMs: 80, memoryBytes: 5, detail: 'd' }), contest: running, running: false },
      'participant',
      instant(5000),
    )
    assert.deepEqual([whole.cpuMs, whole.tests?.[1]?.cpuMs, whole.stages], [77, 77, undefined])
  })
})

describe('what the judge says of a hidden test', () => {
  const tests = [
    { index: 1, sample: true, verdict: 'WA' as const, detail: 'token 1 is 3, expected 4' },
    { index: 2, sample: false, verdict: 'WA' as const, cpuMs: 5, detail: 'token 1 is 3, expected 42' },
  ]
  const given = { row, judgement: { ...judgement({ cpuMs: 1, wallMs: 1, memoryBytes: 1, detail: '' }), tests }, running: false }
  const details = (contest: ContestView | undefined, audience: 'participant' | 'staff') =>
    viewSubmission({ ...given, contest }, audience, instant(9000)).tests?.map((each) => each.detail)

  it('is for staff alone, also in practice and after the end', () => {
    for (const contest of [undefined, running]) {
      assert.deepEqual(details(contest, 'participant'), ['token 1 is 3, expected 4', undefined])
      assert.deepEqual(details(contest, 'staff'), ['token 1 is 3, expected 4', 'token 1 is 3, expected 42'])
    }
  })
})

describe('lists', () => {
  it('carry no source, answer, tests or logs, for anybody', () => {
    const given = {
      row,
      judgement: { ...judgement({ cpuMs: 1, wallMs: 1, memoryBytes: 1, detail: 'x' }), compileLog: 'log' },
      contest: running,
      running: false,
    }
    for (const audience of ['participant', 'staff'] as const) {
      const seen = viewInList(given, audience, instant(9000))
      for (const heavy of ['source', 'answer', 'tests', 'compileLog', 'stages']) assert.equal(heavy in seen, false)
      assert.equal(seen.verdict, 'WA')
    }
  })
})
