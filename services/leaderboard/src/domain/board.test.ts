import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant } from '#kernel/time'
import { firstUsers, rowText, shownRow } from './board.ts'
import type { BoardRules, Fact, Judged } from './facts.ts'
import { cellsMoved, moveFirsts } from './firsts.ts'
import type { ScoredRow } from './format.ts'
import { scoreAll } from './score-row.ts'

const minute = 60_000
const rules: BoardRules = {
  format: 'icpc',
  scoring: 'subtasks',
  penaltyMinutes: 20,
  commonStart: instant(0),
  problems: ['A', 'B', 'C'].map((label) => ({ problemId: label, label, title: label, points: 10, maxAttempts: label === 'A' ? 2 : null })),
}
const pointsRules: BoardRules = { ...rules, format: 'points' }
const ioiRules: BoardRules = { ...rules, format: 'ioi', problems: rules.problems.map((problem) => ({ ...problem, points: 100 })) }

const joined = (userId: string, startedAt = 0, toldAt = 0): Fact => ({ kind: 'registered', userId, startedAt: instant(startedAt), toldAt: instant(toldAt) })
let count = 0
type Given = Partial<Pick<Judged, 'userId' | 'attempt' | 'score' | 'submissionId' | 'problemId' | 'points'>>
/** A judged run at minute `at`. */
const run = (at: number, verdict: Judged['verdict'], given: Given = {}): Fact => ({
  kind: 'judged',
  userId: 'ann',
  submissionId: `s${count++}`,
  problemId: 'A',
  submittedAt: instant(Math.round(at * minute)),
  attempt: 1,
  verdict,
  score: verdict === 'AC' ? 100 : 0,
  ...given,
})
const accepted = (at: number, given: Given = {}): Fact => {
  const { kind: _k, attempt: _a, verdict: _v, score: _s, ...rest } = run(at, 'AC', given) as Judged
  return { kind: 'accepted', ...rest }
}
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** As a ranked view would show it: kept as texts, sorted, counted, made into rows again. Names are the users' ids. */
const board = (facts: Fact[], cut?: number, of = rules) => {
  const rows = scoreAll(of, facts, cut === undefined ? undefined : instant(cut * minute))
  const texts = rows.map((row) => ({ id: row.userId, ...rowText({ row, name: row.userId, school: '' }) }))
  const around = { problems: of.problems, firsts: firstUsers(moveFirsts({}, rows).firsts) }
  return texts
    .sort((a, b) => byText(a.rank, b.rank) || byText(a.tie, b.tie))
    .map(({ id, rank, body }) => shownRow(around, { place: 1 + texts.filter((other) => other.rank < rank).length, id, body }))
}
const ann = (facts: Fact[], cut?: number, of = rules) => {
  const row = board([joined('ann'), ...facts], cut, of).find(({ userId }) => userId === 'ann')
  assert.ok(row)
  return row
}

test('a solution costs its floored minute and 20 for each rejected run before it', () => {
  const row = ann([run(3, 'WA'), run(5, 'TLE'), run(7.99, 'AC')])
  assert.deepEqual([row.score, row.penalty, row.lastMinute], [1, 47, 7])
  assert.deepEqual(row.cells[0], { problemId: 'A', label: 'A', solved: true, score: 1, attempts: 3, pending: 0, minute: 7, first: true })
})
test('minutes are floored for each solution, not for the sum', () => {
  assert.equal(ann([run(1.9, 'AC'), run(1.9, 'AC', { problemId: 'B' })]).penalty, 2)
})
test('a compile error costs nothing and is no attempt', () => {
  const row = ann([run(1, 'CE'), run(2, 'AC')])
  assert.deepEqual([row.penalty, row.cells[0]?.attempts], [2, 1])
})
test('rejected runs of an unsolved problem, and runs after the acceptance, cost nothing', () => {
  const row = ann([run(1, 'WA'), run(2, 'AC', { problemId: 'B' }), run(9, 'WA', { problemId: 'B' })])
  assert.deepEqual([row.penalty, row.cells[0]?.attempts, row.cells[1]?.attempts], [2, 1, 1])
})
test('partial credit is a rejection in ICPC', () => {
  assert.equal(ann([run(1, 'PARTIAL', { score: 60 }), run(2, 'AC')]).penalty, 22)
})
test('a rejudge with a higher attempt replaces the verdict, whichever is told first', () => {
  const old = run(4, 'AC', { submissionId: 'x' })
  const newer = run(4, 'WA', { submissionId: 'x', attempt: 2 })
  for (const facts of [
    [old, newer],
    [newer, old],
  ])
    assert.equal(ann(facts).score, 0)
})
test('the clock is the participant’s own where the contest has none for all', () => {
  const own = { ...rules, commonStart: undefined }
  const [row] = board([joined('ann', 30 * minute), run(45.5, 'AC')], undefined, own)
  assert.equal(row?.cells[0]?.minute, 15)
})
test('equals share a rank and the next ranks stay empty; within a rank by name', () => {
  const facts = ['dan', 'cat', 'bob', 'ann'].flatMap((userId) => [joined(userId), run(5, userId === 'dan' ? 'WA' : 'AC', { userId })])
  assert.deepEqual(
    board(facts).map((row) => [row.rank, row.userId]),
    [
      [1, 'ann'],
      [1, 'bob'],
      [1, 'cat'],
      [4, 'dan'],
    ],
  )
})
test('equal penalties are told apart by the last acceptance', () => {
  const facts = [
    joined('ann'),
    joined('bob'),
    run(10, 'AC'),
    run(30, 'AC', { problemId: 'B' }),
    run(20, 'AC', { userId: 'bob' }),
    run(20, 'AC', { userId: 'bob', problemId: 'B' }),
  ]
  assert.deepEqual(
    board(facts).map((row) => [row.rank, row.userId, row.penalty, row.lastMinute]),
    [
      [1, 'bob', 40, 20],
      [2, 'ann', 40, 30],
    ],
  )
})
test('only the first of all to solve a problem is marked first; the same moment is decided by the submission’s id', () => {
  const facts = [joined('ann'), joined('bob'), run(5, 'AC', { submissionId: 'y' }), run(5, 'AC', { userId: 'bob', submissionId: 'x' })]
  assert.deepEqual(
    board(facts).map((row) => [row.userId, row.cells[0]?.first]),
    [
      ['ann', undefined],
      ['bob', true],
    ],
  )
})
test('points: the best share of the points, floored, over the attempts that count', () => {
  const odd = { ...pointsRules, problems: rules.problems.map((problem) => ({ ...problem, points: 7 })) }
  const row = ann([run(1, 'PARTIAL', { score: 50 }), run(2, 'PARTIAL', { score: 30 }), run(3, 'AC')], undefined, odd)
  assert.deepEqual([row.score, row.penalty, row.cells[0]?.attempts, row.cells[0]?.minute], [3, 0, 2, 1], 'the third attempt does not count: two are allowed')
})
test('points: time ranks nobody', () => {
  const facts = [joined('ann'), joined('bob'), run(50, 'AC'), run(5, 'AC', { userId: 'bob' })]
  assert.deepEqual(
    board(facts, undefined, pointsRules).map((row) => row.rank),
    [1, 1],
  )
})
test('points: nothing won shows no minute', () => {
  assert.equal(ann([run(1, 'WA')], undefined, pointsRules).cells[0]?.minute, undefined)
})
/** Marks of the subtasks `1`, `2`, `3`, worth 20, 30 and 50 points of the package. */
const subtasks = (...won: number[]): Judged['points'] => {
  const groups = [20_000, 30_000, 50_000].map((maxMilli, at) => ({ name: `${at + 1}`, milli: won[at] ?? 0, maxMilli }))
  return { milli: groups.reduce((sum, { milli }) => sum + milli, 0), maxMilli: 100_000, groups }
}
test('IOI: of each subtask the best over all runs, summed, whoever of the runs was best in all', () => {
  const row = ann(
    [
      run(1, 'PARTIAL', { problemId: 'B', score: 50, points: subtasks(20_000, 30_000, 0) }),
      run(9, 'PARTIAL', { problemId: 'B', score: 55, points: subtasks(0, 5_000, 50_000) }),
    ],
    undefined,
    ioiRules,
  )
  assert.deepEqual([row.score, row.penalty, row.cells[1]?.solved, row.cells[1]?.attempts, row.cells[1]?.minute], [100, 0, true, 2, 9])
})
test('IOI by the older rule: the best single run', () => {
  const runs = [
    run(1, 'PARTIAL', { problemId: 'B', score: 50, points: subtasks(20_000, 30_000, 0) }),
    run(9, 'PARTIAL', { problemId: 'B', score: 55, points: subtasks(0, 5_000, 50_000) }),
  ]
  assert.equal(ann(runs, undefined, { ...ioiRules, scoring: 'best-run' }).score, 55)
})
test('IOI: a rejudged run counts by its newest judgement alone, a compile error is no attempt, and time ranks nobody', () => {
  const facts = [
    joined('ann'),
    joined('bob'),
    run(1, 'CE', { problemId: 'B' }),
    run(2, 'AC', { problemId: 'B', submissionId: 'r', points: subtasks(20_000, 30_000, 50_000) }),
    run(2, 'PARTIAL', { problemId: 'B', submissionId: 'r', attempt: 2, points: subtasks(20_000, 0, 0) }),
    run(90, 'PARTIAL', { problemId: 'B', userId: 'bob', points: subtasks(20_000, 0, 0) }),
  ]
  assert.deepEqual(
    board(facts, undefined, ioiRules).map((row) => [row.rank, row.score, row.cells[1]?.attempts]),
    [
      [1, 20, 1],
      [1, 20, 1],
    ],
  )
})
test('IOI: subtasks of a version with other marks are not added to those of another', () => {
  const other: Judged['points'] = { milli: 60, maxMilli: 100, groups: [{ name: '1', milli: 60, maxMilli: 100 }] }
  const runs = [run(1, 'PARTIAL', { problemId: 'B', points: subtasks(20_000, 30_000, 0) }), run(2, 'PARTIAL', { problemId: 'B', points: other })]
  assert.equal(ann(runs, undefined, ioiRules).score, 60)
})
test('IOI: groups that do not make up the whole are not summed', () => {
  const half: Judged['points'] = { milli: 40, maxMilli: 100, groups: [{ name: '1', milli: 90, maxMilli: 90 }] }
  assert.equal(ann([run(1, 'PARTIAL', { problemId: 'B', points: half })], undefined, ioiRules).score, 40)
})
test('points: a share finer than a hundredth is not lost', () => {
  const fine: Judged['points'] = { milli: 666, maxMilli: 1000, groups: [] }
  const many = { ...pointsRules, problems: rules.problems.map((problem) => ({ ...problem, points: 1000 })) }
  assert.equal(ann([run(1, 'PARTIAL', { score: 66, points: fine })], undefined, many).score, 666)
})
test('a run not judged yet is pending', () => {
  assert.equal(ann([accepted(2)]).cells[0]?.pending, 1)
  assert.equal(ann([run(1, 'AC'), accepted(2)]).cells[0]?.pending, 0, 'after the acceptance nothing is awaited')
})

test('the freeze counts runs from its very moment on, and a cell solved before shows none', () => {
  const facts = [
    run(1, 'WA'),
    accepted(60, { submissionId: 'p' }),
    run(60, 'AC', { submissionId: 'p' }),
    run(2, 'AC', { problemId: 'B' }),
    accepted(61, { problemId: 'B' }),
  ]
  const row = ann(facts, 60)
  assert.deepEqual([row.score, row.cells[0]?.pending, row.cells[0]?.attempts, row.cells[1]?.pending], [1, 1, 1, 0])
})
test('a run submitted before the freeze and judged during it counts', () => {
  assert.equal(ann([accepted(59, { submissionId: 'q' }), run(59, 'AC', { submissionId: 'q' })], 60).score, 1)
})
test('the pending count stays when a hidden run turns out to be a compile error, or an earlier hidden run was accepted', () => {
  const hidden = [accepted(61, { submissionId: 'h1' }), accepted(62, { submissionId: 'h2' })]
  const counts = [[], [run(61, 'CE', { submissionId: 'h1' })], [run(61, 'AC', { submissionId: 'h1' }), run(62, 'CE', { submissionId: 'h2' })]].map(
    (more) => ann([...hidden, ...more], 60).cells[0]?.pending,
  )
  assert.deepEqual(counts, [2, 2, 2])
})

test('totals of any size are in order as numbers are', () => {
  const total = fc.maxSafeNat()
  const totals = fc.record({ score: total, penalty: total, lastMinute: total })
  const rankOf = (given: Pick<ScoredRow, 'score' | 'penalty' | 'lastMinute'>) =>
    rowText({ row: { userId: 'ann', cells: [], ...given }, name: '', school: '' }).rank
  fc.assert(
    fc.property(totals, totals, fc.subarray(['score', 'penalty', 'lastMinute'] as const), (a, b, equal) => {
      for (const key of equal) b = { ...b, [key]: a[key] }
      assert.equal(rankOf(a).length, rankOf(b).length)
      assert.equal(Math.sign(byText(rankOf(a), rankOf(b))), Math.sign(b.score - a.score || a.penalty - b.penalty || a.lastMinute - b.lastMinute))
    }),
  )
})

// ---- properties -----------------------------------------------------------------------------------------------------

const users = ['ann', 'bob', 'cat']
const verdicts = ['AC', 'WA', 'CE', 'PARTIAL', 'TLE'] as const
const cutMinute = 60
const marks = (won: readonly number[]): Judged['points'] => {
  const groups = won.map((milli, at) => ({ name: `${at}`, milli, maxMilli: 5 }))
  return { milli: won.reduce((sum, milli) => sum + milli, 0), maxMilli: 15, groups }
}
type World = { readonly facts: Fact[]; readonly other: Fact[] }
/** Facts of a contest, and the same facts with other hidden verdicts (`other`). */
const world: fc.Arbitrary<World> = fc
  .array(
    fc.record({
      userId: fc.constantFrom(...users),
      problemId: fc.constantFrom('A', 'B', 'C', 'gone'),
      at: fc.integer({ min: 0, max: 120 * minute }),
      verdicts: fc.array(
        fc.record({
          verdict: fc.constantFrom(...verdicts),
          share: fc.integer({ min: 0, max: 100 }),
          won: fc.option(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 }), { nil: undefined }),
          other: fc.constantFrom(...verdicts),
          otherShare: fc.integer({ min: 0, max: 100 }),
          otherIsJudged: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 25 },
  )
  .map((runs) => {
    const common: Fact[] = users.flatMap((userId) => [joined(userId, 0, 5), joined(userId, 30 * minute, 9)])
    const facts: Fact[] = [...common]
    const other: Fact[] = [...common]
    runs.forEach(({ userId, problemId, at, verdicts: judgements }, n) => {
      const base = { userId, problemId, submissionId: `run${n}`, submittedAt: instant(at) }
      facts.push({ kind: 'accepted', ...base })
      other.push({ kind: 'accepted', ...base })
      judgements.forEach((one, index) => {
        const judged = { kind: 'judged', ...base, attempt: index + 1 } as const
        const told: Fact = { ...judged, verdict: one.verdict, score: one.verdict === 'AC' ? 100 : one.share, ...(one.won && { points: marks(one.won) }) }
        facts.push(told)
        if (at < cutMinute * minute) other.push(told)
        else if (one.otherIsJudged) other.push({ ...judged, verdict: one.other, score: one.other === 'AC' ? 100 : one.otherShare })
      })
    })
    return { facts, other }
  })
const anyRules = fc.constantFrom(rules, pointsRules, { ...rules, commonStart: undefined }, ioiRules, { ...ioiRules, scoring: 'best-run' as const })

test('neither the order in which facts arrive nor their repetition matters', () => {
  const shuffled = world.chain(({ facts }) =>
    fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
      fc.option(fc.constant(cutMinute), { nil: undefined }),
    ),
  )
  fc.assert(fc.property(shuffled, anyRules, ([facts, again, cut], of) => assert.deepEqual(board(again, cut, of), board(facts, cut, of))))
})
test('IOI: more runs never take points away, and the sum of best subtasks is at least the best single run', () => {
  fc.assert(
    fc.property(world, ({ facts }) => {
      const scoreIn = (of: BoardRules, some: Fact[]) => board(some, undefined, of).find(({ userId }) => userId === 'ann')?.score ?? 0
      const firstJudgings = facts.filter((fact) => fact.kind !== 'judged' || fact.attempt === 1)
      const unbounded = { ...ioiRules, problems: ioiRules.problems.map((problem) => ({ ...problem, maxAttempts: null })) }
      const some = firstJudgings.filter((fact) => fact.kind === 'registered' || fact.submittedAt < cutMinute * minute)
      assert.ok(scoreIn(unbounded, firstJudgings) >= scoreIn(unbounded, some))
      const grouped = facts.filter((fact) => fact.kind !== 'judged' || fact.points !== undefined)
      assert.ok(scoreIn(unbounded, grouped) >= scoreIn({ ...unbounded, scoring: 'best-run' }, grouped))
    }),
  )
})
test('two worlds that differ only in hidden verdicts show the same board', () => {
  fc.assert(
    fc.property(world, anyRules, ({ facts, other }, of) =>
      assert.equal(JSON.stringify(board(other, cutMinute, of)), JSON.stringify(board(facts, cutMinute, of))),
    ),
  )
})
test('the freeze hides and never alters: apart from pending counts the frozen board is the board of the facts before it', () => {
  const without = (rows: ReturnType<typeof board>) => rows.map((row) => ({ ...row, cells: row.cells.map(({ pending: _, ...cell }) => cell) }))
  fc.assert(
    fc.property(world, anyRules, ({ facts }, of) => {
      const before = facts.filter((fact) => fact.kind === 'registered' || fact.submittedAt < cutMinute * minute)
      assert.deepEqual(without(board(facts, cutMinute, of)), without(board(before, undefined, of)))
    }),
  )
})
test('ranks follow the totals: better is before, equal is equal, and a rank is one more than the number of better rows', () => {
  fc.assert(
    fc.property(world, anyRules, ({ facts }, of) => {
      const rows = board(facts, undefined, of)
      const isBetter = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
        a.score > b.score || (a.score === b.score && (a.penalty < b.penalty || (a.penalty === b.penalty && a.lastMinute < b.lastMinute)))
      for (const row of rows) assert.equal(row.rank, 1 + rows.filter((one) => isBetter(one, row)).length)
    }),
  )
})
test('firsts moved row by row are those of the whole board, once what was lost has been looked for', () => {
  fc.assert(
    fc.property(fc.array(world, { minLength: 2, maxLength: 4 }), anyRules, (worlds, of) => {
      const rows = new Map<string, ScoredRow>()
      let firsts = moveFirsts({}, []).firsts
      for (const { facts } of worlds) {
        for (const row of scoreAll(of, facts, undefined)) {
          rows.set(row.userId, row)
          const before = firsts
          const moved = moveFirsts(before, [row])
          const whole = moveFirsts({}, [...rows.values()]).firsts
          const kept = Object.entries(moved.firsts).filter(([problemId]) => !moved.lost.includes(problemId))
          firsts = { ...Object.fromEntries(kept), ...Object.fromEntries(Object.entries(whole).filter(([problemId]) => moved.lost.includes(problemId))) }
          assert.deepEqual(firsts, whole)
          const changed = Object.keys({ ...before, ...whole }).filter((problemId) => before[problemId]?.userId !== whole[problemId]?.userId)
          assert.deepEqual(new Set(cellsMoved(before, whole).map((cell) => cell.problemId)), new Set(changed))
        }
      }
    }),
  )
})
