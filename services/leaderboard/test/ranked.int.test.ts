import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ContestSnapshot, contestPublished, registrationChanged } from '#contracts/contest'
import type { BoardRow } from '#contracts/leaderboard'
import { submissionJudged } from '#contracts/submission'
import { userRegistered } from '#contracts/user'
import { ms } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { openEnds, startRedis, type TestRedis, withoutRedis } from '#testkit/redis'
import { type ServiceHarness, startService } from '#testkit/service-harness'
import { rebuildBoards } from '../src/operations.ts'
import { leaderboardService } from '../src/service.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
const contestId = '01900000-0000-7000-8000-00000000c001'
const problemId = '01900000-0000-7000-8000-00000000b001'
const people = { ann: '01900000-0000-7000-8000-0000000000a1', bob: '01900000-0000-7000-8000-0000000000b1' }
type Person = keyof typeof people
const snapshot: ContestSnapshot = {
  contestId,
  revision: 1,
  title: 'Kigali Open',
  subject: 'computer-science',
  format: 'icpc',
  timing: 'window',
  startsAt,
  endsAt: at(120),
  durationMinutes: null,
  freezeAt: at(8),
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: '01900000-0000-7000-8000-00000000a001',
  archived: false,
  deleted: false,
  problems: [{ problemId, version: 1, label: 'A', title: 'Problem A', kind: 'program', points: 100, maxAttempts: null }],
}

/** A contest of two, frozen for two minutes. */
async function arena(overrides: Parameters<typeof startService>[1] = {}) {
  const clock = fakeClock(at(10))
  const harness = await startService(leaderboardService, { clock, ...overrides })
  for (const [name, userId] of Object.entries(people)) {
    const user = { userId, revision: 1, name, school: '', role: 'student', language: 'en', disabled: false, sessionsValidFrom: startsAt } as const
    await harness.publish(userRegistered, user)
  }
  await harness.publish(contestPublished, snapshot)
  for (const userId of Object.values(people)) await harness.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt: null })
  const judge = (who: Person, minutes: number, verdict: 'AC' | 'WA', attempt = 1) =>
    harness.publish(submissionJudged, {
      submissionId: `01900000-0000-7000-8000-0000000005${String(minutes).padStart(2, '0')}`,
      attempt,
      userId: people[who],
      contestId,
      problemId,
      label: 'A',
      kind: 'program',
      score: verdict === 'AC' ? 100 : 0,
      submittedAt: at(minutes),
      judgedAt: at(minutes),
      held: false,
      verdict,
    })
  const read = async (query: Record<string, unknown> = {}, token?: string) => {
    clock.advance(ms(1_100))
    const answer = await harness.call('GET /api/leaderboard/:contestId', { params: { contestId }, query }, token === undefined ? {} : { token })
    assert.equal(answer.status, 200, answer.text)
    return answer.body as { rows: BoardRow[]; total: number; stale?: boolean; revision: number }
  }
  return { ...harness, clock, judge, read }
}
const shown = ({ rows }: { rows: BoardRow[] }) => rows.map((row) => `${row.rank} ${row.name} ${row.score}${row.cells[0]?.first ? ' first' : ''}`)

/** Pushes of the board so far, once none is left unsent. */
async function pushes(arena: Pick<ServiceHarness, 'db' | 'bus'> & { clock: ReturnType<typeof fakeClock> }) {
  await eventually(async () => {
    arena.clock.advance(ms(600))
    assert.equal((await arena.db.query('select 1 from contests where pushed_revision < public_revision')).rows.length, 0)
  })
  return arena.bus.broadcasts.map(({ payload }) => payload as { refetch: boolean; cells: { name: string; cells: { first?: boolean }[] }[] })
}

it('an earlier solution that is judged late takes the first place away, and both cells are pushed', async () => {
  const one = await arena()
  try {
    await one.judge('bob', 6, 'AC')
    await pushes(one)
    assert.deepEqual(shown(await one.read()), ['1 bob 1 first', '2 ann 0'])
    await one.judge('ann', 5, 'AC')
    const [last] = (await pushes(one)).slice(-1)
    assert.deepEqual(
      last?.cells.map(({ name, cells }) => [name, cells.map((cell) => cell.first ?? false)]),
      [
        ['ann', [true]],
        ['bob', [false]],
      ],
    )
    assert.deepEqual(shown(await one.read()), ['1 ann 1 first', '2 bob 1'])
    await one.judge('ann', 5, 'WA', 2)
    assert.deepEqual(shown(await one.read()), ['1 bob 1 first', '2 ann 0'], 'a rejudge gives it back')
    assert.deepEqual((await rebuildBoards(one.db)).differences, [])
    assert.deepEqual(shown(await one.read()), ['1 bob 1 first', '2 ann 0'])
  } finally {
    await one.stop()
  }
})

it('a board of thousands is read in pages, also when all of them changed at once', async () => {
  const one = await arena()
  try {
    await one.db.query(
      `insert into board_rows (contest_id, user_id, public_row, full_row, version)
       select contest_id, new_id, public_row || jsonb_build_object('userId', new_id, 'score', n % 50), full_row, 1
       from board_rows, (select n, ('01900000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid as new_id from generate_series(1, 4500) n) as more
       where user_id = $1`,
      [people.ann],
    )
    assert.equal((await rebuildBoards(one.db)).differences.length, 9_000, 'rows without a registration are nobody’s')
    assert.equal((await one.read()).total, 2)
    await one.db.query(
      `insert into board_rows (contest_id, user_id, public_row, full_row, version)
       select contest_id, new_id, public_row || jsonb_build_object('userId', new_id, 'score', n % 50), full_row, (select max(version) + 1 from contests)
       from board_rows, (select n, ('01900000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid as new_id from generate_series(1, 4500) n) as more
       where user_id = $1`,
      [people.ann],
    )
    await one.db.query('update contests set version = version + 1')
    const { total, rows } = await one.read({ top: 91 })
    assert.deepEqual([total, rows[0]?.rank, rows[0]?.score, rows[90]?.rank, rows[90]?.score], [4_502, 1, 49, 91, 48])
    const { token } = await one.tokenFor({ userId: '01900000-0000-7000-9000-000000000001', issuedAt: new Date(one.clock.now()) })
    const around = await one.read({ top: 0, around: 1 }, token)
    assert.deepEqual(
      around.rows.map(({ rank, score }) => [rank, score]),
      [
        [4_231, 2],
        [4_321, 1],
        [4_321, 1],
      ],
    )
  } finally {
    await one.stop()
  }
})

describe('with Redis', { skip: withoutRedis }, () => {
  let server: TestRedis
  before(async () => {
    server = await startRedis()
  })
  after(() => server.stop())

  it('what a wiped, killed or new Redis holds is built from the database, and boards are read all the while', async () => {
    const ends = await openEnds(server)
    const one = await arena(ends)
    try {
      await one.judge('bob', 6, 'AC')
      const expected = ['1 bob 1 first', '2 ann 0']
      assert.deepEqual(shown(await one.read()), expected)
      assert.equal(Number(await server.command('ZCARD', `arena:board:{${contestId}/public}:order`)), 2)
      await server.command('FLUSHALL')
      assert.deepEqual(shown(await one.read({ top: 50 })), expected)
      await server.kill()
      await one.judge('ann', 5, 'AC')
      const after = ['1 ann 1 first', '2 bob 1']
      await eventually(async () => assert.deepEqual(shown(await one.read({ top: 51 })), after))
      await server.start()
      await eventually(async () => {
        assert.deepEqual(shown(await one.read({ top: 52 })), after)
        assert.equal(Number(await server.command('ZCARD', `arena:board:{${contestId}/public}:order`)), 2)
      }, 20_000)
    } finally {
      await one.stop()
      await ends.close()
    }
  })

  it('nothing hidden is in the public board’s keys; the full board is made when staff ask for it', async () => {
    await server.command('FLUSHALL')
    const ends = await openEnds(server)
    const one = await arena(ends)
    const held = async () => ({
      rows: await server.command('HGETALL', `arena:board:{${contestId}/public}:rows`),
      head: await server.command('HGET', `arena:board:{${contestId}/public}:head`, 'head'),
    })
    try {
      await one.judge('bob', 6, 'AC')
      const before = await one.read()
      const kept = JSON.stringify(await held())
      await one.judge('ann', 9, 'AC')
      assert.deepEqual(shown(await one.read()), shown(before))
      assert.equal(JSON.stringify(await held()), kept)
      assert.equal(Number(await server.command('EXISTS', `arena:board:{${contestId}/full}:head`)), 0)
      const { token } = await one.tokenFor({ role: 'admin', issuedAt: new Date(one.clock.now()) })
      assert.deepEqual(shown(await one.read({ unfrozen: true }, token)), ['1 bob 1 first', '2 ann 1'])
    } finally {
      await one.stop()
      await ends.close()
    }
  })
})
