import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import type { Static } from 'typebox'
import { v7 } from 'uuid'
import { type ContestSnapshot, contestUpdated } from '#contracts/contest'
import type { leaderboardRoutes } from '#contracts/leaderboard'
import type { Notification } from '#contracts/notifications'
import { fail, ok } from '#kernel/result'
import { instant } from '#kernel/time'
import { seconds } from '#kernel/units'
import type { Peers } from '#kit/peers'
import type { Db } from '#ports/db'
import { eventually } from '#testkit/eventually'
import { tellResults } from '../src/usecases/tell-result.ts'
import { openArena } from './arena.ts'

/** The board as another service would answer of it: by contest, everybody in the order of `places`. */
type Board = {
  settled: boolean
  format: 'icpc' | 'points'
  places: readonly string[]
  idle?: readonly string[]
  isDown?: boolean
  meanwhile?: (() => Promise<void>) | undefined
}
const boards = new Map<string, Board>()
const asked: { contestId: string; userIds: readonly string[] }[] = []
type Answer = Static<(typeof leaderboardRoutes)['POST /internal/results/:contestId']['ok'][1]>
const peers: Peers = {
  async call(key, input) {
    assert.equal(key, 'POST /internal/results/:contestId')
    const { params, body } = input as { params: { contestId: string }; body: { userIds: string[] } }
    asked.push({ contestId: params.contestId, userIds: body.userIds })
    assert.ok(body.userIds.length >= 1 && body.userIds.length <= 500)
    const board = boards.get(params.contestId)
    if (board === undefined || board.isDown) return fail({ code: board ? ('UNAVAILABLE' as const) : ('BOARD_NOT_FOUND' as const) })
    const { meanwhile } = board
    board.meanwhile = undefined
    await meanwhile?.()
    const rows = body.userIds.flatMap((userId) => {
      const rank = board.places.indexOf(userId) + 1
      return rank === 0 ? [] : [{ userId, rank, score: 10 - rank, penalty: 0, solved: 1, attempted: board.idle?.includes(userId) ? 0 : 2 }]
    })
    const answer: Answer = { settled: board.settled, format: board.format, total: board.places.length, problemCount: 3, rows }
    return ok(answer as never)
  },
  stream: () => Promise.reject(new Error('nothing is streamed here')),
  close: () => Promise.resolve(),
}

const it = await openArena({ peers })
after(() => it.stop())

/** Minutes count from the end of the test's contests; each test has a later one, since a clock goes forwards. */
let end = 0
const day = 1440
beforeEach(() => {
  end = it.clock.now() + 10 * day * 60_000
})
const at = (minute: number) => new Date(end + minute * 60_000).toISOString()
const goTo = (minute: number) => it.clock.set(instant(end + minute * 60_000))
const deps = (db: Db = it.db) => ({ db, peers, fanout: it.host.fanout, clock: it.clock, ids: it.host.ids, log: it.host.log })
const lookAt = async (minute: number) => {
  goTo(minute)
  await Promise.all([tellResults(deps()), tellResults(deps())])
}
const contest = (more: Partial<ContestSnapshot> = {}, registered: readonly string[] = []) =>
  it.contest({ startsAt: at(-120), endsAt: at(0), ...more }, registered)
const inbox = async (userId: string) => {
  const answer = await it.call('GET /api/notifications', {}, { token: await it.token(userId) })
  return (answer.body.notifications as Notification[]).reverse()
}
const codes = async (userId: string) => (await inbox(userId)).map(({ code }) => code)
const mailed = async (contestId: string) =>
  (await it.db.query<{ user_id: string }>(`select user_id from mails where template = 'contest-result' and params ->> 'contestId' = $1`, [contestId])).rows.map(
    (row) => row.user_id,
  )
async function proven(count: number): Promise<string[]> {
  const userIds = Array.from({ length: count }, () => v7())
  await it.db.query(
    `insert into users (user_id, revision, name, role, disabled, sessions_valid_from, email, email_verified, language)
     select id, 1, 'Uwase', 'student', false, '2026-01-01', id || '@school.rw', true, 'rw' from unnest($1::uuid[]) as t (id)`,
    [userIds],
  )
  return userIds
}

describe('the result of a contest', () => {
  test('is told to each participant once the board is settled: inbox and socket, and mail to who took part', async () => {
    const [ann = '', bob = '', idle = ''] = await proven(3)
    const { contestId, title } = await contest({}, [ann, bob, idle])
    const board: Board = { settled: false, format: 'icpc', places: [bob, ann, idle], idle: [idle] }
    boards.set(contestId, board)
    goTo(-5)
    const socket = await it.enter(ann)
    for (const minute of [-1, 0, 1]) await lookAt(minute)
    assert.deepEqual([await codes(ann), await mailed(contestId)], [[], []], 'not before the end, and not while something is judged')
    board.settled = true
    await lookAt(2)
    const [told] = await inbox(ann)
    assert.deepEqual(
      [told?.code, told?.message, told?.params],
      [
        'CONTEST_RESULT',
        '“Kigali Open”: place 2 of 3, 1 of 3 problems solved',
        { contestId, title, format: 'icpc', rank: 2, total: 3, score: 8, solved: 1, problemCount: 3 },
      ],
    )
    assert.equal((await socket.heard('notification')).code, 'CONTEST_RESULT')
    assert.deepEqual([await codes(bob), await codes(idle)], [['CONTEST_RESULT'], ['CONTEST_RESULT']])
    assert.deepEqual((await mailed(contestId)).sort(), [ann, bob].sort())
    for (const minute of [3, 10, 90]) await lookAt(minute)
    assert.equal((await codes(ann)).length, 1)
    assert.equal((await mailed(contestId)).length, 2)
  })
  test('is told by the service’s own job', async () => {
    const userId = v7()
    const { contestId } = await contest({ format: 'points' }, [userId])
    boards.set(contestId, { settled: true, format: 'points', places: [userId] })
    goTo(0)
    await eventually(async () => {
      it.clock.advance(seconds(5))
      assert.equal((await inbox(userId))[0]?.message, '“Kigali Open”: place 1 of 1, 9 points')
    })
  })
  test('is told an hour after the end with what the board has, and completed when it settles', async () => {
    const [ann, bob] = [v7(), v7()]
    const { contestId } = await contest({}, [ann, bob])
    const board: Board = { settled: false, format: 'icpc', places: [ann] }
    boards.set(contestId, board)
    await lookAt(59)
    assert.deepEqual(await codes(ann), [])
    await lookAt(61)
    assert.deepEqual([await codes(ann), await codes(bob)], [['CONTEST_RESULT'], []], 'the board does not know bob yet')
    board.places = [ann, bob]
    await lookAt(67)
    assert.deepEqual([await codes(ann), await codes(bob)], [['CONTEST_RESULT'], ['CONTEST_RESULT']])
  })
  test('waits for a board that does not answer', async () => {
    const userId = v7()
    const { contestId } = await contest({}, [userId])
    const board: Board = { settled: true, format: 'icpc', places: [userId], isDown: true }
    boards.set(contestId, board)
    for (const minute of [1, 2, 70]) await lookAt(minute)
    assert.deepEqual(await codes(userId), [])
    board.isDown = false
    await lookAt(76)
    assert.deepEqual(await codes(userId), ['CONTEST_RESULT'])
  })
  test('comes at the contest’s own end with personal timing, and with feedback after the end not before', async () => {
    const userId = v7()
    const { contestId } = await contest({ timing: 'personal', durationMinutes: 10, feedback: 'after-end' }, [userId])
    boards.set(contestId, { settled: true, format: 'icpc', places: [userId] })
    for (const minute of [-60, -1]) await lookAt(minute)
    assert.deepEqual(await codes(userId), [])
    await lookAt(1)
    assert.deepEqual(await codes(userId), ['CONTEST_RESULT'])
  })
  test('follows an end that is moved, and is not told twice when the contest goes on after it', async () => {
    const [ann, bob] = [v7(), v7()]
    const given = await contest({}, [ann])
    boards.set(given.contestId, { settled: true, format: 'icpc', places: [ann, bob] })
    await it.publish(contestUpdated, { ...given, revision: 2, endsAt: at(30) })
    await lookAt(1)
    assert.deepEqual(await codes(ann), [])
    await lookAt(31)
    assert.deepEqual(await codes(ann), ['CONTEST_RESULT'])
    await it.contest({ ...given, revision: 3, endsAt: at(90) }, [bob])
    await lookAt(32)
    await lookAt(91)
    assert.deepEqual([await codes(ann), await codes(bob)], [['CONTEST_RESULT'], ['CONTEST_RESULT']])
  })
  test('is none of a contest that was called off, has no end, or ended a week ago', async () => {
    const userId = v7()
    const ones = [await contest({}, [userId]), await contest({}, [userId]), await contest({ timing: 'untimed', startsAt: null, endsAt: null }, [userId])]
    await it.publish(contestUpdated, { ...ones[0], revision: 2, deleted: true } as ContestSnapshot)
    await it.publish(contestUpdated, { ...ones[1], revision: 2, archived: true } as ContestSnapshot)
    const old = await contest({ endsAt: at(-8 * day) }, [userId])
    for (const { contestId } of [...ones, old]) boards.set(contestId, { settled: true, format: 'icpc', places: [userId] })
    for (const minute of [1, 70]) await lookAt(minute)
    assert.deepEqual(await codes(userId), [])
    assert.deepEqual(
      asked.filter(({ contestId }) => [...ones, old].some((one) => one.contestId === contestId)),
      [],
    )
  })
})

test('a replica that is slower than its lease tells nobody again', async () => {
  const [userId = ''] = await proven(1)
  const { contestId } = await contest({}, [userId])
  const meanwhile = async () => {
    goTo(5)
    await tellResults(deps())
    assert.deepEqual(await codes(userId), ['CONTEST_RESULT'], 'the other one has told it')
  }
  boards.set(contestId, { settled: true, format: 'icpc', places: [userId], meanwhile })
  goTo(1)
  await tellResults(deps())
  assert.deepEqual([await codes(userId), await mailed(contestId)], [['CONTEST_RESULT'], [userId]])
})

describe('the results of a large contest', () => {
  test('are told in batches of 500, once each, while replicas die between mark and message and look at the same moment', async () => {
    const participants = await proven(1_200)
    const { contestId } = await contest()
    await it.db.query('insert into registrations (contest_id, user_id) select $1, id from unnest($2::uuid[]) as t (id)', [contestId, participants])
    boards.set(contestId, { settled: true, format: 'icpc', places: participants })
    const pools = [await it.openDb(3), await it.openDb(3), await it.openDb(3)]
    const [dying = it.db, second = it.db, third = it.db] = pools
    goTo(1)
    await assert.rejects(tellResults(deps(dyingAtMail(dying, 2))))
    const sent = (await mailed(contestId)).length
    assert.equal(sent, 500, 'one batch was whole, the second not there at all')
    goTo(4) // after the lease of the one that died
    await Promise.all([tellResults(deps(second)), tellResults(deps(third))])
    const receivers = await mailed(contestId)
    assert.deepEqual([receivers.length, new Set(receivers).size], [1_200, 1_200])
    const { rows } = await it.db.query(`select user_id from messages where code = 'CONTEST_RESULT' and params ->> 'contestId' = $1`, [contestId])
    assert.deepEqual([rows.length, new Set(rows.map((row) => row.user_id)).size], [1_200, 1_200])
    for (const pool of pools) await pool.close()
  })
})

/** The connection is gone, as it would be for a process that was killed, at the `nth` statement that queues mails. */
function dyingAtMail(db: Db, nth: number): Db {
  let seen = 0
  return {
    ...db,
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          ...tx,
          async query<R extends object>(sql: string, params?: readonly unknown[]) {
            if (sql.includes('insert into mails') && ++seen === nth) await tx.query('select pg_terminate_backend(pg_backend_pid())')
            return tx.query<R>(sql, params)
          },
        }),
      ),
  }
}
