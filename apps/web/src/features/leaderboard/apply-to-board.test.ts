import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Board, BoardRow } from '#contracts/leaderboard'
import { applyToBoard, emptyBoard, ranked } from './apply-to-board.ts'

const row = (userId: string, score: number, penalty = 0, lastMinute = 0): BoardRow => ({
  rank: 0,
  userId,
  name: userId,
  school: '',
  score,
  penalty,
  lastMinute,
  cells: [{ problemId: 'p', label: 'A', solved: score > 0, score, attempts: 1, pending: 0 }],
})
const board = (rows: BoardRow[], over: Partial<Board> = {}): Board => ({
  contestId: 'c',
  revision: 5,
  format: 'icpc',
  frozen: false,
  problems: [],
  total: rows.length,
  rows: ranked(rows),
  serverNow: '',
  ...over,
})
const snapshot = (of: Board) => applyToBoard(emptyBoard, { type: 'snapshot', board: of })
/** Ranks are told where they are not 0. */
const change = (revision: number, cells: BoardRow[], over = {}) => ({
  type: 'changed' as const,
  revision,
  previous: revision - 1,
  cells: cells.map(({ rank, ...rest }) => (rank === 0 ? rest : { rank, ...rest })),
  refetch: false,
  ...over,
})
const ranks = (rows: readonly BoardRow[]) => rows.map(({ userId, rank }) => `${rank}${userId}`)

test('equals share a rank and the next rank stays empty', () => {
  assert.deepEqual(ranks(ranked([row('c', 1, 30, 30), row('b', 2, 50, 20), row('a', 2, 50, 20), row('d', 1, 20, 40)])), ['1a', '1b', '3d', '4c'])
})

test('less penalty, then the earlier last acceptance, comes first', () => {
  assert.deepEqual(ranks(ranked([row('late', 2, 50, 40), row('early', 2, 50, 30), row('cheap', 2, 40, 99)])), ['1cheap', '2early', '3late'])
})

test('a pushed row moves up without asking the server', () => {
  const after = applyToBoard(
    snapshot(board([row('a', 2, 10), row('b', 1, 10)])),
    change(6, [{ ...row('b', 3, 40), cells: [{ problemId: 'q', label: 'B', solved: true, score: 1, attempts: 2, pending: 0 }] }]),
  )
  assert.deepEqual(ranks(after.board?.rows ?? []), ['1b', '2a'])
  assert.deepEqual(
    after.board?.rows[0]?.cells.map((cell) => cell.label),
    ['A', 'B'],
  )
  assert.equal(after.board?.revision, 6)
  assert.equal(after.refetch, 'no')
})

test('a newcomer joins a whole board', () => {
  const after = applyToBoard(snapshot(board([row('a', 2)])), change(6, [row('n', 1)]))
  assert.deepEqual([ranks(after.board?.rows ?? []), after.board?.total], [['1a', '2n'], 2])
})

test('an old push changes nothing; a gap asks for the board again', () => {
  const state = snapshot(board([row('a', 2)]))
  assert.equal(applyToBoard(state, change(5, [row('a', 9)])), state)
  const gap = applyToBoard(state, change(8, [row('a', 9)]))
  assert.deepEqual([gap.refetch, gap.board?.rows[0]?.score], ['now', 2])
  assert.equal(applyToBoard(state, change(6, [], { refetch: true })).refetch, 'now')
})

test('a push that began before the snapshot and ends after it is taken', () => {
  const after = applyToBoard(snapshot(board([row('a', 2), row('b', 3)])), change(7, [row('a', 4)], { previous: 3 }))
  assert.deepEqual([ranks(after.board?.rows ?? []), after.board?.revision, after.refetch], [['1a', '2b'], 7, 'no'])
})

test('a snapshot overtaken by pushes does not turn the board back', () => {
  const ahead = applyToBoard(snapshot(board([row('a', 2)])), change(6, [row('a', 3)]))
  assert.equal(applyToBoard(ahead, { type: 'snapshot', board: board([row('a', 2)]) }), ahead)
})

test('of a board held in part, cells move at once and ranks wait for the server', () => {
  const after = applyToBoard(snapshot(board([row('a', 3), row('b', 2)], { total: 500 })), change(6, [row('b', 4), row('stranger', 9)]))
  assert.deepEqual(ranks(after.board?.rows ?? []), ['1a', '2b'])
  assert.deepEqual([after.board?.rows[1]?.score, after.refetch, after.board?.total], [4, 'soon', 500])
})

test('of a board held in part, a row whose rank is told moves among those held', () => {
  const after = applyToBoard(snapshot(board([row('a', 3), row('b', 2)], { total: 500 })), change(6, [{ ...row('b', 4), rank: 1 }]))
  assert.deepEqual(
    after.board?.rows.map(({ userId }) => userId),
    ['b', 'a'],
  )
  assert.deepEqual([after.board?.rows[0]?.rank, after.refetch], [1, 'soon'])
})

const withIds = (over: Partial<Board> = {}) => {
  const rows = ['a', 'b'].map((name, n) => ({ ...row(name, 2 - n), userId: `01900000-0000-7000-8000-${name.padStart(12, '0')}` }))
  return board(rows, { problems: [{ problemId: 'p', label: 'A', title: '', points: 1 }], ...over })
}
const moved = (p: number, r: number, rows: unknown[] = [], over = {}) => ({ type: 'moved' as const, p, r, rows: rows as never, ...over })

test('a row told in few bytes is the row; its cells and name are filled in from what is known', () => {
  const after = applyToBoard(snapshot(withIds()), moved(5, 6, [['00000000000b', 4, 30, 9, 1, [['A', 2, 1, 3, 0, 9]], []]]))
  assert.deepEqual(after.board?.rows[0], {
    ...withIds().rows[1],
    rank: 1,
    score: 4,
    penalty: 30,
    lastMinute: 9,
    cells: [{ problemId: 'p', label: 'A', solved: true, score: 1, attempts: 3, pending: 0, minute: 9, first: true }],
  })
  assert.deepEqual([after.board?.revision, after.refetch], [6, 'no'])
})

test('rows told late, under a revision that is known already, are taken; older ones are not; a gap, an unknown row and a word to fetch fetch', () => {
  const state = snapshot(withIds())
  const late = [['00000000000b', 4, 0, 0, 1, [], []]]
  assert.equal(applyToBoard(state, moved(3, 5, late)).board?.rows[0]?.score, 4)
  assert.equal(applyToBoard(state, moved(3, 4, late)), state)
  assert.equal(applyToBoard(state, moved(6, 7, late)).refetch, 'now')
  assert.equal(applyToBoard(state, moved(5, 6, [['0000000000ff', 4, 0, 0, 1, [], []]])).refetch, 'now')
  assert.equal(applyToBoard(state, moved(5, 6, [], { refetch: true })).refetch, 'now')
  const part = snapshot(withIds({ total: 500 }))
  assert.equal(applyToBoard(part, moved(5, 6, [['0000000000ff', 4, 0, 0, 300, [], []]])).refetch, 'soon')
  const joined = applyToBoard(state, moved(5, 6, [['0000000000ff', 0, 0, 0, 3, [], ['01900000-0000-7000-8000-0000000000ff', 'New', 'GS']]]))
  assert.deepEqual([joined.board?.rows.at(-1)?.name, joined.board?.total], ['New', 3])
})

test('property: applying pushes in order equals fetching, whenever the snapshot was taken and however pushes were put together', () => {
  const moves = fc.array(fc.record({ user: fc.constantFrom('a', 'b', 'c', 'd'), problem: fc.constantFrom('p', 'q'), score: fc.nat(3), penalty: fc.nat(3) }), {
    minLength: 1,
    maxLength: 15,
  })
  const label = { p: 'A', q: 'B' } as const
  fc.assert(
    fc.property(moves, fc.nat(15), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 15, maxLength: 15 }), (made, seenAt, sizes) => {
      // the server: after each move a revision, with all rows as of then
      const rows = new Map<string, BoardRow>(['a', 'b', 'c'].map((id) => [id, { ...row(id, 0), cells: [cellAt('p', 0), cellAt('q', 0)] }]))
      function cellAt(problemId: 'p' | 'q', score: number) {
        return { problemId, label: label[problemId], solved: score > 1, score, attempts: score, pending: 0 }
      }
      const fetched = () => board([...rows.values()], { revision })
      let revision = 0
      const worlds = [fetched()]
      for (const { user, problem, score, penalty } of made) {
        const before = rows.get(user) ?? { ...row(user, 0), cells: [cellAt('p', 0), cellAt('q', 0)] }
        const cells = before.cells.map((cell) => (cell.problemId === problem ? cellAt(problem, score) : cell))
        rows.set(user, { ...before, cells, score: cells.reduce((sum, cell) => sum + cell.score, 0), penalty })
        revision += 1
        worlds.push(fetched())
      }
      // pushes of several revisions each: of the rows that changed, the cells that did
      const pushes: ReturnType<typeof change>[] = []
      for (let from = 0, n = 0; from < made.length; n++) {
        const to = Math.min(made.length, from + (sizes[n] ?? 1))
        const users = new Set<string>(made.slice(from, to).map(({ user }) => user))
        const problems = (id: string) => new Set(made.slice(from, to).flatMap(({ user, problem }) => (user === id ? [problem as string] : [])))
        const known = new Set(worlds[from]?.rows.map(({ userId }) => userId))
        const changed = (worlds[to]?.rows ?? []).filter(({ userId }) => users.has(userId))
        pushes.push(
          change(
            to,
            changed.map((each) => ({ ...each, cells: each.cells.filter(({ problemId }) => !known.has(each.userId) || problems(each.userId).has(problemId)) })),
            { previous: from },
          ),
        )
        from = to
      }
      const start = worlds[Math.min(seenAt, made.length)] as Board
      const end = pushes.reduce(applyToBoard, snapshot(start))
      assert.equal(end.refetch, 'no')
      assert.deepEqual({ ...end.board, serverNow: '' }, worlds.at(-1))
    }),
  )
})

test('whatever the order rows arrive in, the ranks are the same', () => {
  const rows = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), score: fc.nat(3), penalty: fc.nat(3) }), {
    selector: ({ id }) => id,
    maxLength: 12,
  })
  fc.assert(
    fc.property(rows, fc.nat(), (given, turn) => {
      const made = given.map(({ id, score, penalty }) => row(id, score, penalty))
      const turned = [...made.slice(turn % (made.length || 1)), ...made.slice(0, turn % (made.length || 1))]
      assert.deepEqual(ranked(turned), ranked(made))
    }),
  )
})
