import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { TestVerdict } from '#contracts/common'
import type { TestGroup, TestPoints } from '#contracts/judging'
import { type GroupPlan, planGroups } from './group-plan.ts'
import { isPointless, isRuledOut, type Result, resultOf, totalOf } from './score-groups.ts'

const group = (name: string, rest: Partial<TestGroup> = {}): TestGroup => ({
  name,
  parent: null,
  sample: false,
  maxMilli: 10_000,
  combine: 'all',
  verdict: 'first-error',
  onReject: 'continue',
  dependsOn: [],
  ...rest,
})
type TestIn = { readonly index: number; readonly group?: string; readonly points?: TestPoints }
/** Tests 1, 2, … of the groups named. */
const testsIn = (...names: readonly string[]): TestIn[] => names.map((name, at) => ({ index: at + 1, group: name }))
function planOf(groups: readonly TestGroup[], tests: readonly TestIn[]): GroupPlan {
  const plan = planGroups(groups, tests)
  if ('reason' in plan) throw new Error(plan.reason)
  return plan
}
/** What a program does on each test, by index: a verdict, or points that a checker gives. */
type Doing = (index: number) => TestVerdict | number
function judge(plan: GroupPlan, doing: Doing, cutsShort = true) {
  const results = new Map<number, Result>()
  for (const test of plan.tests) {
    const said = doing(test.index)
    const isSkipped = isRuledOut(test, results) || (cutsShort && isPointless(test, results))
    const result =
      typeof said === 'number' ? resultOf(test, { milli: said }) : said === 'AC' ? resultOf(test, undefined) : { verdict: said, milli: test.reject }
    results.set(test.index, isSkipped ? { verdict: 'SKIPPED', milli: 0 } : result)
  }
  return { ...totalOf(plan, results), results, tests: plan.tests.map(({ index }) => results.get(index)?.verdict) }
}
const failing =
  (verdict: TestVerdict, ...indexes: readonly number[]): Doing =>
  (index) =>
    indexes.includes(index) ? verdict : 'AC'

describe('rules that put a group together', () => {
  const points = { accept: 4000, reject: 1000 }
  const tests = testsIn('a', 'a', 'a').map((test) => ({ ...test, points }))
  for (const [combine, milli] of [
    ['all', 0],
    ['sum', 9000],
    ['min', 1000],
    ['max', 4000],
    ['average', 3000],
  ] as const)
    it(`${combine}: one of three fails`, () => {
      const total = judge(planOf([group('a', { combine, maxMilli: 12_000 })], tests), failing('TLE', 2))
      assert.deepEqual([total.points.milli, total.points.maxMilli, total.verdict], [milli, 12_000, milli > 0 ? 'PARTIAL' : 'TLE'])
      assert.equal(total.score, Math.floor(milli / 120))
    })
  it('full marks of the group are the most, and what a test is worth where nothing is said', () => {
    const sum = planOf([group('a', { combine: 'sum', maxMilli: 10_000 })], tests)
    assert.deepEqual([judge(sum, () => 'AC').points.milli, judge(sum, () => 'AC').verdict], [10_000, 'AC'])
    assert.equal(judge(planOf([group('a', { combine: 'min' })], testsIn('a', 'a')), () => 'AC').points.milli, 10_000)
  })
  it('groups without a parent are summed; of a group that is the sum of its groups those are the subtasks', () => {
    const nested = [group('all', { combine: 'sum', maxMilli: 30_000 }), group('x', { parent: 'all' }), group('y', { parent: 'all', maxMilli: 20_000 })]
    const total = judge(planOf(nested, testsIn('x', 'y')), failing('WA', 1))
    assert.deepEqual(total.points, {
      milli: 20_000,
      maxMilli: 30_000,
      groups: [
        { name: 'x', milli: 0, maxMilli: 10_000 },
        { name: 'y', milli: 20_000, maxMilli: 20_000 },
      ],
    })
    assert.deepEqual([total.verdict, total.score], ['PARTIAL', 66])
  })
  it('a group worth nothing changes nothing, whatever happens in it', () => {
    const plan = planOf([group('sample', { sample: true, maxMilli: 0 }), group('a')], testsIn('sample', 'sample', 'a'))
    const total = judge(plan, failing('WA', 1))
    assert.deepEqual([total.verdict, total.score, total.tests], ['AC', 100, ['WA', 'AC', 'AC']])
    assert.deepEqual(total.points.groups, [{ name: 'a', milli: 10_000, maxMilli: 10_000 }])
  })
})

describe('what names a group', () => {
  const of = (verdict: TestGroup['verdict'], doing: Doing) =>
    judge(planOf([group('a', { combine: 'max', verdict, maxMilli: 1000 }), group('b', { dependsOn: ['a'] })], testsIn('a', 'a', 'a', 'b')), doing, false)
  const twoErrors: Doing = (index) => (index === 1 ? 'WA' : index === 2 ? 'RE' : 'AC')
  it('a group that is rejected unlocks nothing, though its points be full', () => {
    assert.equal(of('first-error', twoErrors).tests[3], 'SKIPPED')
    assert.equal(of('accept-if-any', twoErrors).tests[3], 'AC')
    assert.equal(of('always-accept', twoErrors).tests[3], 'AC')
  })
  it('the first error, or the worst, where there is no credit', () => {
    const plan = (verdict: TestGroup['verdict']) => planOf([group('a', { combine: 'min', verdict })], testsIn('a', 'a', 'a'))
    assert.deepEqual([judge(plan('first-error'), twoErrors, false).verdict, judge(plan('worst-error'), twoErrors, false).verdict], ['WA', 'RE'])
  })
})

describe('what is skipped', () => {
  it('the rest of a failed group of all or min, and nothing of a sum', () => {
    const skippedOf = (combine: TestGroup['combine']) => judge(planOf([group('a', { combine })], testsIn('a', 'a', 'a')), failing('WA', 2)).tests
    for (const combine of ['all', 'min'] as const) assert.deepEqual(skippedOf(combine), ['AC', 'WA', 'SKIPPED'])
    for (const combine of ['sum', 'max', 'average'] as const) assert.deepEqual(skippedOf(combine), ['AC', 'WA', 'AC'])
  })
  it('what comes after a rejection where the rule is to break: it counts for nothing', () => {
    const broken = judge(planOf([group('a', { combine: 'average', onReject: 'break', maxMilli: 1000 })], testsIn('a', 'a', 'a')), failing('WA', 2))
    assert.deepEqual([broken.tests, broken.points.milli], [['AC', 'WA', 'SKIPPED'], 500])
  })
  it('a group whose dependency has not full marks, and what depends on it in turn', () => {
    const groups = [group('a', { combine: 'sum', maxMilli: 2000 }), group('b', { dependsOn: ['a'] }), group('c', { dependsOn: ['b'] }), group('d')]
    const tests = testsIn('a', 'a', 'b', 'c', 'd').map((test) => ({ ...test, points: { accept: 1000, reject: 0 } }))
    const total = judge(planOf(groups, tests), failing('WA', 2))
    assert.deepEqual(total.tests, ['AC', 'WA', 'SKIPPED', 'SKIPPED', 'AC'])
    assert.deepEqual(
      total.points.groups.map(({ milli }) => milli),
      [1000, 0, 0, 10_000],
    )
  })
  it('not what another group asks for', () => {
    const groups = [
      group('task', { combine: 'all' }),
      group('easy', { parent: 'task' }),
      group('hard', { parent: 'task' }),
      group('bonus', { dependsOn: ['hard'] }),
    ]
    const total = judge(planOf(groups, testsIn('easy', 'hard', 'bonus')), failing('WA', 1))
    assert.deepEqual(total.tests, ['WA', 'AC', 'AC'])
  })
  it('many groups that each depend on all before take no time', () => {
    const names = Array.from({ length: 60 }, (_, at) => `g${at}`)
    const groups = names.map((name, at) => group(name, { dependsOn: names.slice(0, at) }))
    assert.equal(judge(planOf(groups, testsIn(...names)), () => 'AC').score, 100)
  })
})

describe('points that a checker gives', () => {
  const [test] = planOf([group('a', { combine: 'sum' })], [{ index: 1, group: 'a', points: { accept: 4000, reject: 0 } }]).tests
  assert.ok(test !== undefined)
  it('are cut to what the group is worth; less than the test is worth is partial', () => {
    assert.deepEqual(resultOf(test, { milli: 2500 }), { verdict: 'PARTIAL', milli: 2500 })
    assert.deepEqual(resultOf(test, { milli: 4000 }), { verdict: 'AC', milli: 4000 })
    assert.deepEqual(resultOf(test, { milli: 99_000 }), { verdict: 'AC', milli: 10_000 })
    assert.deepEqual(resultOf(test, { milli: -5 }), { verdict: 'PARTIAL', milli: 0 })
  })
  it('or a share of what the test is worth', () => {
    assert.deepEqual(resultOf(test, { shareMilli: 333 }), { verdict: 'PARTIAL', milli: 1332 })
    assert.deepEqual(resultOf(test, { shareMilli: 1000 }), { verdict: 'AC', milli: 4000 })
  })
  it('a whole is accepted only with full marks, and 99 of 100 is no 100', () => {
    const plan = planOf([group('a', { combine: 'min' })], testsIn('a', 'a'))
    const total = judge(plan, (index) => (index === 1 ? 9999 : 'AC'))
    assert.deepEqual([total.verdict, total.score, total.points.milli], ['PARTIAL', 99, 9999])
  })
})

describe('groups that make no sense are the setter’s fault', () => {
  for (const [what, groups, tests] of [
    ['a name twice', [group('a'), group('a')], testsIn('a')],
    ['a parent that comes later', [group('a', { parent: 'b' }), group('b')], testsIn('a')],
    ['an unknown dependency', [group('a', { dependsOn: ['b'] }), group('b')], testsIn('a')],
    ['a group that depends on the one around it', [group('a'), group('b', { parent: 'a', dependsOn: ['a'] })], testsIn('a', 'b')],
    [
      'a dependency of which a part is judged later',
      [group('a'), group('b', { dependsOn: ['a'] }), group('c', { parent: 'b', dependsOn: ['b'] })],
      testsIn('a'),
    ],
    ['full marks below 0', [group('a', { maxMilli: -1 })], testsIn('a')],
    ['a test in no group', [group('a')], [{ index: 1 }]],
    ['a test in an unknown group', [group('a')], testsIn('b')],
  ] as const)
    it(what, () => assert.ok('reason' in planGroups(groups, tests)))
})

// ---- properties ---------------------------------------------------------------------------------------------------------

const combines = ['all', 'sum', 'min', 'max', 'average'] as const
const verdicts = ['first-error', 'worst-error', 'always-accept', 'accept-if-any'] as const
const said = fc.oneof(fc.constantFrom('AC', 'AC', 'WA', 'TLE', 'RE'), fc.integer({ min: -2000, max: 12_000 })) as fc.Arbitrary<TestVerdict | number>
const aTree = fc
  .array(
    fc.record({
      parent: fc.nat(),
      maxMilli: fc.constantFrom(0, 1000, 7000),
      sample: fc.boolean(),
      combine: fc.constantFrom(...combines),
      verdict: fc.constantFrom(...verdicts),
      onReject: fc.constantFrom('break' as const, 'continue' as const),
      dependsOn: fc.array(fc.nat(), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drafts) => {
    const groups: TestGroup[] = []
    for (const [at, { parent, dependsOn, ...draft }] of drafts.entries()) {
      const above = parent % (at + 1)
      const next = { ...draft, name: `g${at}`, parent: above === at ? null : `g${above}`, dependsOn: at === 0 ? [] : dependsOn.map((on) => `g${on % at}`) }
      // a dependency that makes no sense is left out
      groups.push('reason' in planGroups([...groups, next], []) ? { ...next, dependsOn: [] } : next)
    }
    return groups
  })
const aJudging = aTree.chain((groups) =>
  fc
    .array(
      fc.record({
        group: fc.nat(groups.length - 1),
        does: said,
        points: fc.option(fc.record({ accept: fc.nat(5000), reject: fc.integer({ min: -500, max: 500 }) })),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((rows) => {
      const tests = rows.map(({ group, points }, at) => ({ index: at + 1, group: `g${group}`, ...(points === null ? {} : { points }) }))
      return { groups, tests, doing: (index: number) => rows[index - 1]?.does ?? 'AC' }
    }),
)
/** Whole plans only: a group drawn last may lie so that an earlier dependency makes no sense any more. */
const given = aJudging.filter(({ groups, tests }) => !('reason' in planGroups(groups, tests)))

describe('always', () => {
  it('cutting short changes no points and no subtask', () => {
    fc.assert(
      fc.property(given, ({ groups, tests, doing }) => {
        const plan = planOf(groups, tests)
        const [short, long] = [judge(plan, doing), judge(plan, doing, false)]
        assert.deepEqual([short.points, short.score], [long.points, long.score])
        assert.equal(short.verdict === 'AC', long.verdict === 'AC')
      }),
      { numRuns: 2000 },
    )
  })
  it('the order in which results came changes nothing', () => {
    fc.assert(
      fc.property(given, fc.infiniteStream(fc.nat()), ({ groups, tests, doing }, random) => {
        const plan = planOf(groups, tests)
        const { results, verdict, score, points } = judge(plan, doing)
        const shuffled = [...results].map((each) => [random.next().value, each] as const).sort((a, b) => a[0] - b[0])
        assert.deepEqual(totalOf(plan, new Map(shuffled.map(([, each]) => each))), { verdict, score, points })
      }),
    )
  })
  it('points keep within bounds, subtasks make up the whole, and 100 is full marks', () => {
    fc.assert(
      fc.property(given, ({ groups, tests, doing }) => {
        const { points, score, verdict } = judge(planOf(groups, tests), doing)
        assert.ok(points.milli <= points.maxMilli && score >= 0 && score <= 100)
        assert.equal(
          points.groups.reduce((sum, each) => sum + each.maxMilli, 0),
          points.maxMilli,
        )
        for (const each of points.groups) assert.ok(each.milli <= each.maxMilli && each.maxMilli > 0)
        assert.equal(score === 100, verdict === 'AC')
        if (points.maxMilli > 0) assert.equal(score === 100, points.milli === points.maxMilli)
      }),
    )
  })
  it('who passes everything in groups side by side has full marks, whatever their rules', () => {
    fc.assert(
      fc.property(given, ({ groups, tests }) => {
        const flat = groups
          .filter(({ name }) => tests.some(({ group }) => group === name))
          .map((each) => ({ ...each, parent: null, dependsOn: [], maxMilli: 1000 }))
        const total = judge(planOf(flat, testsIn(...tests.map(({ group }) => group))), () => 'AC')
        assert.deepEqual([total.verdict, total.score, total.tests.every((verdict) => verdict === 'AC')], ['AC', 100, true])
      }),
    )
  })
})
