import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { v7 } from 'uuid'
import type { ContestSnapshot } from '#contracts/contest'
import type { RowChange } from '#contracts/leaderboard'
import { type Instant, instant } from '#kernel/time'
import { migrationsIn } from '#kit/migrations'
import type { Clock } from '#ports/clock'
import type { Db } from '#ports/db'
import { openServiceDb } from '#testkit/service-harness'
import type { Boards } from '../src/boards.ts'
import { firstUsers, shownCell } from '../src/domain/board.ts'
import { changesSince } from '../src/domain/changes.ts'
import { type Fact, rulesOf } from '../src/domain/facts.ts'
import { moveFirsts } from '../src/domain/firsts.ts'
import type { ScoredRow } from '../src/domain/format.ts'
import { scoreAll } from '../src/domain/score-row.ts'
import * as store from '../src/store.ts'
import { keepContest, turnPhase } from '../src/usecases/keep-contest.ts'
import { keepFacts } from '../src/usecases/keep-facts.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minutes: number) => instant(Date.parse(startsAt) + minutes * 60_000)
const iso = (minutes: number) => new Date(at(minutes)).toISOString()
const frozenFrom = 60
const users = ['a1', 'b1', 'c1', 'd1'].map((end) => `01900000-0000-7000-8000-0000000000${end}`)
const problems = ['A', 'B'].map((label, n) => ({
  problemId: `01900000-0000-7000-8000-00000000b00${n}`,
  version: 1,
  label,
  title: `Problem ${label}`,
  kind: 'program' as const,
  points: 100,
  maxAttempts: null,
}))
const contest = (contestId: string): ContestSnapshot => ({
  contestId,
  revision: 1,
  title: 'Kigali Open',
  subject: 'computer-science',
  format: 'icpc',
  timing: 'window',
  startsAt,
  endsAt: iso(120),
  durationMinutes: null,
  freezeAt: iso(frozenFrom),
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: v7(),
  archived: false,
  deleted: false,
  problems,
})

/** What a contest of a few brought forth, as it came: in groups, in any order, with repetitions. */
const story = fc
  .array(
    fc.record({
      user: fc.nat(users.length - 1),
      problem: fc.nat(problems.length - 1),
      minute: fc.integer({ min: 0, max: 100 }),
      verdicts: fc.array(fc.constantFrom('AC' as const, 'WA' as const, 'CE' as const), { maxLength: 2 }),
    }),
    { minLength: 3, maxLength: 14 },
  )
  .chain((runs) => {
    const facts = [...users.map((userId): Fact => ({ kind: 'registered', userId, startedAt: at(0), toldAt: at(0) })), ...runs.flatMap(factsOf)]
    const arrivals = fc.array(fc.nat(facts.length - 1), { maxLength: 6 }).chain((repeated) => {
      const all = [...facts, ...repeated.map((index) => facts[index] as Fact)]
      return fc.shuffledSubarray(all, { minLength: all.length })
    })
    return fc.record({
      facts: fc.constant(facts),
      arrivals,
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
      minute: fc.constantFrom(10, 70, 130),
    })
  })

function factsOf(run: { user: number; problem: number; minute: number; verdicts: readonly ('AC' | 'WA' | 'CE')[] }, n: number): Fact[] {
  const { problemId } = problems[run.problem] as (typeof problems)[number]
  const submissionId = `01900000-0000-7000-8000-0000000005${String(n).padStart(2, '0')}`
  const said = { userId: users[run.user] as string, submissionId, problemId, submittedAt: at(run.minute) }
  const judged = run.verdicts.map((verdict, index): Fact => ({ ...said, kind: 'judged', attempt: index + 1, verdict, score: verdict === 'AC' ? 100 : 0 }))
  return [{ ...said, kind: 'accepted' }, ...judged]
}

describe('facts that are kept in groups', () => {
  let db: Db
  let close: () => Promise<void>
  before(async () => {
    const opened = await openServiceDb('leaderboard', migrationsIn(new URL('../src/migrations/', import.meta.url)))
    db = opened.db
    close = opened.close
  })
  after(() => close())

  /** A board of its own, and whoever watches it. */
  async function openBoard(minute: number) {
    const contestId = v7()
    const touches: boolean[] = []
    const boards = { touch: (_id: string, isPublic: boolean) => void touches.push(isPublic) } as unknown as Boards
    const deps = { clock: { now: () => at(minute) } as Clock, boards }
    await db.transaction((tx) => keepContest(deps, tx, contest(contestId)))
    const kept = () =>
      db.transaction(async (tx) => {
        const head = await store.lockContest(tx, contestId)
        return { head, rows: await store.listRows(tx, contestId, users) }
      })
    return { contestId, touches, kept, keep: (facts: readonly Fact[]) => db.transaction((tx) => keepFacts(deps, tx, contestId, facts)) }
  }
  type Kept = Awaited<ReturnType<Awaited<ReturnType<typeof openBoard>>['kept']>>
  const byUser = <T extends { userId: string }>(rows: readonly T[]) => rows.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))
  const publicly = ({ head, rows }: Kept) => JSON.stringify([byUser(rows).map(({ publicRow }) => publicRow), head.firsts.public])

  /** A client that lives on pushes alone: what it shows of each cell. */
  function openWatcher(contestId: string) {
    const cells = new Map<string, RowChange['cells'][number]>()
    let revision = 1 // the contest's own frame, fetched
    const catchUp = async () => {
      const unpushed = await store.loadUnpushed(db, contestId, 100)
      if (unpushed === undefined) return
      const { contest: head, rows } = unpushed
      await store.claimPush(db, contestId, { previous: head.pushedRevision, revision: head.publicRevision })
      assert.equal(head.pushedRevision, revision, 'the chain has no gap')
      revision = head.publicRevision
      const changes = changesSince(head.pushedRevision, { problems, firsts: firstUsers(head.firsts.public) }, rows)
      for (const { userId, cells: changed } of changes) for (const cell of changed) cells.set(`${userId} ${cell.label}`, cell)
    }
    return { catchUp, cells }
  }

  it('give the board that their log says, whatever the groups, and move its revisions by one for what is seen to change', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ facts, arrivals, sizes, minute }) => {
        const board = await openBoard(minute)
        await store.claimPush(db, board.contestId, { previous: 0, revision: 1 })
        const watcher = openWatcher(board.contestId)
        let known = await board.kept()
        for (let from = 0, n = 0; from < arrivals.length; n++) {
          const size = sizes[n % sizes.length] ?? 1
          board.touches.length = 0
          await board.keep(arrivals.slice(from, from + size))
          from += size
          const now = await board.kept()
          const isSeen = publicly(now) !== publicly(known)
          const isMoved = isSeen || JSON.stringify(byUser(now.rows)) !== JSON.stringify(byUser(known.rows))
          assert.deepEqual([now.head.publicRevision, now.head.version], [known.head.publicRevision + (isSeen ? 1 : 0), known.head.version + (isMoved ? 1 : 0)])
          assert.deepEqual(board.touches, isMoved ? [isSeen] : [], 'one touch for a group')
          known = now
          if (n % 2 === 0) await watcher.catchUp()
        }
        await watcher.catchUp()
        const rules = rulesOf(contest(board.contestId))
        const expected = (cut: Instant | undefined) => byUser(scoreAll(rules, facts, cut))
        const shown = expected(minute < 120 ? at(frozenFrom) : undefined)
        const plain = (rows: readonly ScoredRow[]) => JSON.parse(JSON.stringify(rows))
        assert.deepEqual(
          byUser(known.rows).map(({ publicRow }) => publicRow),
          plain(shown),
        )
        assert.deepEqual(
          byUser(known.rows).map(({ fullRow }) => fullRow),
          plain(expected(undefined)),
        )
        const { firsts } = moveFirsts({}, shown)
        assert.deepEqual(known.head.firsts.public, firsts)
        const around = { problems, firsts: firstUsers(firsts) }
        const cells = shown.flatMap(({ userId, cells: own }) =>
          own.map((cell, index) => [`${userId} ${problems[index]?.label}`, shownCell(around, userId, index, cell)] as const),
        )
        assert.deepEqual(watcher.cells, new Map(cells), 'what pushes say is what the board shows')
      }),
      { numRuns: 25 },
    )
  })

  it('may be of one participant many times over, with the latest word on each submission counted', async () => {
    const board = await openBoard(10)
    const judged = factsOf({ user: 0, problem: 0, minute: 5, verdicts: ['WA', 'AC'] }, 1)
    await board.keep([...judged, ...judged, { kind: 'registered', userId: users[0] as string, startedAt: at(0), toldAt: at(0) }])
    const { head, rows } = await board.kept()
    assert.deepEqual(
      rows.map(({ publicRow: { score, penalty }, publicRevision }) => [score, penalty, publicRevision]),
      [[1, 5, 2]],
    )
    assert.deepEqual([head.version, head.publicRevision, Object.values(head.firsts.public).length], [2, 2, 1])
  })

  it('may be of more participants than are computed at a time, and so may the thaw be', async () => {
    const board = await openBoard(70)
    const crowd = Array.from({ length: 1_100 }, (_, n) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`)
    const hidden = (userId: string, n: number): Fact[] => {
      const said = { userId, submissionId: v7(), problemId: problems[0]?.problemId as string, submittedAt: at(65 + (n % 10)) }
      return [
        { ...said, kind: 'accepted' },
        { ...said, kind: 'judged', attempt: 1, verdict: 'AC', score: 100 },
      ]
    }
    const joined = (userId: string): Fact => ({ kind: 'registered', userId, startedAt: at(0), toldAt: at(0) })
    await board.keep(crowd.flatMap((userId, n) => [joined(userId), ...hidden(userId, n)]))
    const scores = async () => {
      const { rows } = await db.query<{ shown: number; behind: number; people: number }>(
        `select sum((public_row ->> 'score')::int)::int as shown, sum((full_row ->> 'score')::int)::int as behind, count(*)::int as people
         from board_rows where contest_id = $1`,
        [board.contestId],
      )
      return rows[0]
    }
    assert.deepEqual(await scores(), { shown: 0, behind: crowd.length, people: crowd.length })
    const before = await board.kept()
    await db.transaction((tx) =>
      turnPhase({ clock: { now: () => at(121) } as Clock, boards: { touch: () => undefined } as unknown as Boards }, tx, board.contestId),
    )
    assert.deepEqual(await scores(), { shown: crowd.length, behind: crowd.length, people: crowd.length })
    const { head } = await board.kept()
    assert.deepEqual([head.phase, head.version, head.publicRevision], ['thawed', before.head.version + 1, before.head.publicRevision + 1])
    assert.deepEqual(head.firsts.public, head.firsts.full)
  })

  it('of two contests that the same newcomers join at once are kept side by side', async () => {
    const boards = await Promise.all([openBoard(10), openBoard(10)])
    const joining = users.map((userId): Fact => ({ kind: 'registered', userId, startedAt: at(0), toldAt: at(0) }))
    await Promise.all([1, 2, 3].flatMap((n) => boards.map((board, index) => board.keep((n + index) % 2 === 0 ? joining : joining.toReversed()))))
    for (const board of boards) assert.equal((await board.kept()).rows.length, users.length)
  })
})
