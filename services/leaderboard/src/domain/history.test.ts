import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Instant, instant } from '#kernel/time'
import type { BoardRules, Fact, Judged } from './facts.ts'
import { stepsOf } from './history.ts'
import { scoreRow } from './score-row.ts'

const minutes = (n: number): Instant => instant(n * 60_000)
const rulesOf = (format: BoardRules['format']): BoardRules =>
  ({
    format,
    scoring: 'best-run',
    penaltyMinutes: 20,
    commonStart: minutes(0),
    problems: ['A', 'B', 'C'].map((label) => ({ problemId: label, label, title: label, points: 100, maxAttempts: null })),
  }) as BoardRules
const registered: Fact = { kind: 'registered', userId: 'u', startedAt: minutes(0), toldAt: minutes(0) }
const judged = (n: number, given: { problem: string; minute: number; score: number }): Judged =>
  ({
    kind: 'judged',
    userId: 'u',
    submissionId: String(n).padStart(4, '0'),
    problemId: given.problem,
    submittedAt: minutes(given.minute),
    attempt: 1,
    verdict: given.score === 100 ? 'AC' : given.score > 0 ? 'PARTIAL' : 'WA',
    score: given.score,
  }) as Judged
const runs = fc.array(fc.record({ problem: fc.constantFrom('A', 'B', 'C'), minute: fc.nat(300), score: fc.constantFrom(0, 0, 40, 70, 100) }), { maxLength: 30 })
const format = fc.constantFrom('icpc' as const, 'points' as const, 'ioi' as const)

test('property: the last step is the row as it stands, minutes grow, and no step repeats the one before', () => {
  fc.assert(
    fc.property(format, runs, (of, given) => {
      const rules = rulesOf(of)
      const facts = [registered, ...given.map((run, n) => judged(n, run))]
      const steps = stepsOf(rules, 'u', facts, undefined)
      const row = scoreRow(rules, 'u', facts, undefined)
      const last = steps.at(-1) ?? { score: 0, penalty: 0 }
      assert.deepEqual([last.score, last.penalty], [row?.score, row?.penalty])
      for (const [n, step] of steps.entries()) {
        const before = steps[n - 1]
        if (before === undefined) continue
        assert.ok(step.minute > before.minute)
        assert.notDeepEqual([step.score, step.penalty], [before.score, before.penalty])
      }
    }),
  )
})

test('property: judgements behind the cut change no step, and neither does the order of facts', () => {
  fc.assert(
    fc.property(format, runs, runs, fc.nat(300), (of, given, otherwise, cutAt) => {
      const rules = rulesOf(of)
      const cut = minutes(cutAt)
      const seen = given.filter(({ minute }) => minute < cutAt).map((run, n) => judged(n, run))
      const hidden = (world: typeof given) => world.filter(({ minute }) => minute >= cutAt).map((run, n) => judged(1_000 + n, run))
      const one = stepsOf(rules, 'u', [registered, ...seen, ...hidden(given)], cut)
      assert.deepEqual(stepsOf(rules, 'u', [...hidden(otherwise), ...seen.toReversed(), registered], cut), one)
      assert.deepEqual(stepsOf(rules, 'u', [registered, ...seen], cut), one)
    }),
  )
})

test('a line of very many steps is thinned, with its last one kept', () => {
  const rules = { ...rulesOf('points'), problems: [{ problemId: 'A', label: 'A', title: 'A', points: 100_000, maxAttempts: null }] } as BoardRules
  const facts = [registered, ...Array.from({ length: 500 }, (_, n) => judged(n, { problem: 'A', minute: n, score: Math.min(99, 1 + Math.floor(n / 6)) }))]
  const steps = stepsOf(rules, 'u', facts, undefined)
  assert.ok(steps.length <= 200)
  assert.equal(steps.at(-1)?.score, scoreRow(rules, 'u', facts, undefined)?.score)
})
