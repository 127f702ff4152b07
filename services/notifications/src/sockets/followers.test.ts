import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LeaderboardChanged, RowChange } from '#contracts/leaderboard'
import type { ServerMessage } from '#contracts/notifications'
import { seconds } from '#kernel/units'
import { fakeClock } from '#testkit/fake-clock'
import { openFollowers } from './followers.ts'
import type { Frame } from './frame.ts'

const contestId = '01900000-0000-7000-8000-00000000c001'
const idOf = (name: string) => `01900000-0000-7000-8000-${name.padStart(12, '0')}`
type Moved = Extract<ServerMessage, { type: 'moved' }>
const row = (name: string, rank: number, score: number, label = 'A'): RowChange => ({
  userId: idOf(name),
  name,
  school: '',
  score,
  penalty: 0,
  lastMinute: 0,
  rank,
  cells: [{ problemId: idOf(label), label, solved: score > 0, score, attempts: 1, pending: 0 }],
})
const payload = ({ bytes }: Frame): Moved => JSON.parse(bytes.subarray((bytes[1] ?? 0) < 126 ? 2 : 4).toString('utf8'))

function stage(top = 2) {
  const clock = fakeClock('2026-03-01T09:00:00.000Z')
  const followers = openFollowers({ clock })
  let revision = 100
  const follower = (name: string) => {
    const heard: Moved[] = []
    const self = { held: { userId: idOf(name) }, say: (frame: Frame) => void heard.push(payload(frame)), heard }
    followers.add(contestId, top, self)
    return self
  }
  return {
    clock,
    followers,
    follower,
    push(cells: RowChange[], more: Partial<LeaderboardChanged> = {}) {
      revision += 1
      followers.tell({ contestId, previous: revision - 1, revision, cells, refetch: false, ...more })
    },
    later: (n: number) => clock.advance(seconds(n)),
  }
}
const told = (heard: readonly Moved[]) =>
  heard.map(({ p, r, rows, refetch }) => `${p}-${r} ${refetch ? 'fetch' : rows.map(([id, score]) => `${id.replace(/^0+/, '')}${score}`).join()}`)

test('the first rows come at once, one’s own to oneself, the rest put together once a minute', () => {
  const it = stage()
  const [zoe, eve] = [it.follower('e'), it.follower('f')]
  it.push([row('a', 1, 3)])
  it.push([row('c', 9, 1), row('e', 5, 2)])
  it.push([row('c', 8, 2)])
  assert.deepEqual(told(zoe.heard), ['100-101 a3', '101-102 e2'])
  assert.deepEqual(told(eve.heard), ['100-101 a3'])
  it.later(60)
  assert.deepEqual(told(eve.heard), ['100-101 a3', '101-103 c2,e2'])
  assert.deepEqual(told(zoe.heard).at(-1), '101-103 c2,e2', 'to all the same')
  it.later(60)
  assert.equal(eve.heard.length, 2, 'nothing waits, nothing is said')
})

test('a row that falls from the first is told at once, and only then waits like the others', () => {
  const it = stage()
  const { heard } = it.follower('x')
  it.push([row('a', 2, 3)])
  it.push([row('a', 7, 1)])
  it.push([row('a', 8, 0)])
  assert.deepEqual(told(heard), ['100-101 a3', '101-102 a1'])
})

test('what was put together holds each cell as it was told last', () => {
  const it = stage()
  const { heard } = it.follower('x')
  it.push([row('c', 9, 0, 'A')])
  it.push([row('c', 9, 5, 'B')])
  it.push([row('c', 9, 6, 'A')])
  it.later(60)
  assert.deepEqual(heard[0]?.rows[0]?.[5], [
    ['A', 1, 6, 1, 0],
    ['B', 1, 5, 1, 0],
  ])
})

test('a gap, a word to fetch and very many rows say: fetch, at most every few seconds', () => {
  const it = stage()
  const { heard } = it.follower('x')
  it.push([row('c', 9, 1)])
  it.push([], { refetch: true })
  it.push([row('c', 9, 2)], { previous: 50 })
  assert.deepEqual(told(heard), ['100-102 fetch'])
  it.later(5)
  assert.deepEqual(told(heard), ['100-102 fetch', '102-103 fetch'])
  it.later(60)
  it.push(Array.from({ length: 101 }, (_, n) => row(`r${n}`, 10 + n, 1)))
  assert.equal(told(heard).at(-1), '103-104 fetch')
})

test('who comes by another number of rows changes audience; who goes hears nothing, and nothing is left behind', () => {
  const it = stage()
  const one = it.follower('x')
  it.followers.add(contestId, 9, one)
  it.push([row('c', 9, 1)])
  assert.equal(one.heard.length, 1)
  it.followers.remove(contestId, one)
  it.push([row('c', 1, 2)])
  it.later(120)
  assert.deepEqual([one.heard.length, it.followers.among(contestId)(one)], [1, false])
})

test('property: a minute after the last push each follower who knew the board at the beginning knows all of it', () => {
  const change = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    rank: fc.integer({ min: 1, max: 5 }),
    score: fc.nat(9),
    label: fc.constantFrom('A', 'B'),
  })
  const pushes = fc.array(fc.record({ cells: fc.array(change, { minLength: 1, maxLength: 3 }), wait: fc.constantFrom(0, 1, 30, 70) }), { maxLength: 20 })
  fc.assert(
    fc.property(pushes, (given) => {
      const it = stage()
      const followers = [it.follower('c'), it.follower('nobody')]
      const truth = new Map<string, number>()
      for (const { cells, wait } of given) {
        const rows = [...new Map(cells.map((each) => [each.name, row(each.name, each.rank, each.score, each.label)])).values()]
        for (const { userId, score, cells: changed } of rows) for (const { label } of changed) truth.set(`${userId.slice(-12)} ${label}`, score)
        it.push(rows)
        it.later(wait)
      }
      it.later(60)
      for (const { heard } of followers) {
        const known = new Map<string, number>()
        let at = 100
        for (const { p, r, rows } of heard) {
          assert.ok(p <= at && r >= at, 'no message leaves a gap or goes back')
          at = r
          for (const [id, , , , , cells] of rows) for (const [label, , score] of cells) known.set(`${id} ${label}`, Number(score))
        }
        assert.deepEqual([...known].sort(), [...truth].sort())
      }
    }),
  )
})
